package resource_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/internal/resource"
)

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, arn string
		want         bool
	}{
		{"arn:aws:lambda:*:*:function:invoice-*", "arn:aws:lambda:us-east-1:123412341234:function:invoice-send", true},
		{"arn:aws:lambda:*:*:function:invoice-*", "arn:aws:lambda:us-east-1:123412341234:function:invoice-", true},
		{"arn:aws:lambda:*:*:function:invoice-*", "arn:aws:lambda:us-east-1:123412341234:function:invoices", false},
		{"arn:aws:lambda:*:*:function:a?", "arn:aws:lambda:us-east-1:123412341234:function:ab", true},
		{"arn:aws:lambda:*:*:function:a?", "arn:aws:lambda:us-east-1:123412341234:function:a", false},
		{"arn:aws:lambda:*:*:function:A", "arn:aws:lambda:us-east-1:123412341234:function:a", false},
		// a star stays inside its segment; the sixth keeps its colons
		{"arn:aws:lambda:*:function:a:x", "arn:aws:lambda:us-east-1:123412341234:function:a", false},
		{"arn:aws:*:*:function:a", "arn:aws:lambda:us-east-1:123412341234:function:a", false},
		{"arn:aws:lambda:*:*:*a", "arn:aws:lambda:us-east-1:123412341234:function:a", true},
		{"arn:aws:iam::*:role/edge-*", "arn:aws:iam::123412341234:role/edge-exec", true},
		{"arn:aws:iam::*:role/edge-*", "arn:aws:iam::123412341234:role/path/edge-exec", false},
		{"arn:aws*:iam::*:role/*", "arn:aws-us-gov:iam::123412341234:role/path/x", true},
		{"arn:aws:iam::*:role/*", "not an arn", false},
		{"arn:aws:iam::*:role/*", "", false},
	} {
		p, err := resource.ParsePattern(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Match(c.arn); got != c.want {
			t.Errorf("%s on %s: %t", c.pattern, c.arn, got)
		}
	}
	for _, bad := range []string{"", "*", "invoice-*", "arn:aws:lambda:*:*:", "arn:aws:lambda:us-east-1:123412341234", "xrn:a:b:c:d:e"} {
		if _, err := resource.ParsePattern(bad); err == nil {
			t.Errorf("%q is taken for a pattern", bad)
		}
	}
	if (resource.Pattern{}).Match("arn:a:b:c:d:e") {
		t.Error("the zero pattern matches")
	}
}

// TestPatternAsRegexp holds matching to a regular expression of the same meaning.
func TestPatternAsRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tail := rapid.StringMatching(`[ab*?:]{1,8}`).Draw(t, "pattern")
		text := rapid.StringMatching(`[ab:]{0,8}`).Draw(t, "text")
		p, err := resource.ParsePattern("arn:aws:x:*:a*:" + tail)
		if err != nil {
			t.Fatal(err)
		}
		quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(tail))
		want := regexp.MustCompile(`^arn:aws:x:[^:]*:a[^:]*:` + quoted + `$`).MatchString("arn:aws:x:r:ab:" + text)
		if got := p.Match("arn:aws:x:r:ab:" + text); got != want {
			t.Fatalf("%q on %q: %t", tail, text, got)
		}
	})
}
