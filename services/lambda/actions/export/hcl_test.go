package export

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"
)

// HCL reads every text as what it was, templates and all. It puts texts into
// Unicode's normal form, so none of these has another one.
func TestQuotedTextIsRead(t *testing.T) {
	letter := rapid.SampledFrom([]rune("ab \"'\\$%{}~#\n\r\t\x00\x07\b\f\x1b\x7f\u0085\u009b\u2028\u202e\ufeff\ufffdж\U0001f600"))
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(letter).Draw(t, "text"))
		e, problems := hclsyntax.ParseExpression([]byte(quote(s)), "", hcl.InitialPos)
		if problems.HasErrors() {
			t.Fatalf("%s: %v", quote(s), problems)
		}
		v, problems := e.Value(nil)
		if problems.HasErrors() || v.AsString() != s {
			t.Fatalf("%s is read as %q, want %q: %v", quote(s), v.AsString(), s, problems)
		}
	})
}
