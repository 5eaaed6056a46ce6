package policy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

// What AWS would not store is an error with its place; the rest prints in one
// form. Source: IAM User Guide, grammar of the JSON policy language, and the
// errors of the Access Analyzer policy checks.
func TestGrammar(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/grammar.txtar", func(in []byte) string {
		d, err := Parse(in)
		if err != nil {
			return err.Error()
		}
		b, err := d.MarshalJSON()
		if err != nil {
			return err.Error()
		}
		return string(b)
	})
}

// Texts that an archive of text cannot hold.
func TestGrammarOfBytes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "1:1: the text ends where a value should stand; it was cut off",
		"\ufeff{\"Statement\":[]}":  "1:1: begins with a byte order mark; save the text as UTF-8 without one",
		"{\"Statement\":[]}\x00":    "1:17: text after the end of the document; remove it",
		"{\r\n\"Id\": \"\xff\"}":    "2:8: byte 0xff is not UTF-8; save the text as UTF-8",
		"{\"Id\": \"é\", \"é\": 1}": "1:13: é: unknown element; the elements of a policy are Version, Id and Statement",
	} {
		_, err := Parse([]byte(in))
		var e *SyntaxError
		if !errors.As(err, &e) || err.Error() != want {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

type example struct {
	ID          string
	FunctionARN string `json:"function_arn"`
	Policy      json.RawMessage
	Malformed   bool
}

// text is the policy's own text, also where it stands as a string.
func (e example) text() []byte {
	var s string
	if json.Unmarshal(e.Policy, &s) == nil {
		return []byte(s)
	}
	return e.Policy
}

func examples(t testing.TB) []example {
	t.Helper()
	data, err := os.ReadFile("testdata/examples.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data))
	for lines.Scan() {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		t.Fatal("no examples")
	}
	return all
}

func TestExamplesParseUnlessMalformed(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		d, err := Parse(e.text())
		if (err != nil) != e.Malformed {
			t.Errorf("%s: %v, malformed %t", e.ID, err, e.Malformed)
		}
		if err != nil {
			continue
		}
		if again, err := Parse([]byte(d.String())); err != nil || again.String() != d.String() {
			t.Errorf("%s: printed and read again: %v", e.ID, err)
		}
		if strings.Contains(d.String(), `\u0026`) {
			t.Errorf("%s: printed with the escapes of HTML", e.ID)
		}
	}
}
