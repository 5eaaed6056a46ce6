package syntax

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		kind Kind
		text string
	}{
		{"null", Null, ""},
		{"true", Bool, "true"},
		{" \t\r\nfalse ", Bool, "false"},
		{"0", Number, "0"},
		{"-0", Number, "-0"},
		{"12345678901234567890", Number, "12345678901234567890"},
		{"-1.50", Number, "-1.50"},
		{"1e5", Number, "1e5"},
		{"1E+05", Number, "1E+05"},
		{"10.0e-1", Number, "10.0e-1"},
		{`""`, String, ""},
		{`"a b"`, String, "a b"},
		{`"é€😀"`, String, "é€😀"},
		{`"\"\\\/\b\f\n\r\t"`, String, "\"\\/\b\f\n\r\t"},
		{`"a\u00e9\u20AC"`, String, "aé€"},
		{`"\ud83d\ude00"`, String, "😀"},
		{`"\u0000\ufffd"`, String, "\x00\ufffd"},
		{`"�"`, String, "\ufffd"},
		{"\"\x7f\"", String, "\x7f"},
		{"[]", Array, ""},
		{"{}", Object, ""},
	} {
		n, err := Parse(c.in)
		if err != nil || n.Kind != c.kind || n.Text != c.text {
			t.Errorf("%s: %v %q, %v", c.in, n.Kind, n.Text, err)
		}
	}
}

func TestParseTree(t *testing.T) {
	t.Parallel()
	n, err := Parse("{\"a\": [1, \"x\"],\n \"a\" : {\"\":null}}")
	if err != nil {
		t.Fatal(err)
	}
	first, second := n.Members[0], n.Members[1]
	if len(n.Members) != 2 || first.Name != "a" || second.Name != "a" || first.Offset != 1 || second.Offset != 17 {
		t.Errorf("members %+v", n.Members)
	}
	if v := first.Value; v.Offset != 6 || len(v.Members) != 2 || v.Members[0].Offset != 7 || v.Members[1].Value.Text != "x" || v.Members[1].Value.Offset != 10 {
		t.Errorf("list %+v", v)
	}
	if v := second.Value; v.Offset != 23 || len(v.Members) != 1 || v.Members[0].Name != "" || v.Members[0].Value.Kind != Null {
		t.Errorf("object %+v", v)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		in     string
		offset int
		reason string
	}{
		{"", 0, "the text ends where a value should stand; it was cut off"},
		{"  ", 2, "the text ends where a value should stand; it was cut off"},
		{"nul", 0, "'n' stands where a value should"},
		{"True", 0, "'T' stands where a value should"},
		{"\ufeff{}", 0, "begins with a byte order mark; save the text as UTF-8 without one"},
		{"{} {}", 3, "text after the end of the document; remove it"},
		{"{", 1, "the text ends where a name in quotation marks should stand; it was cut off"},
		{`{"a"`, 4, "the text ends where a colon should stand; it was cut off"},
		{`{"a" 1}`, 5, "'1' stands where a colon should"},
		{`{"a":1 "b":2}`, 7, "'\"' stands where a comma or the closing brace should"},
		{`{"a":1,}`, 7, "'}' stands where a name in quotation marks should"},
		{`{a:1}`, 1, "'a' stands where a name in quotation marks should"},
		{`{"a":}`, 5, "'}' stands where a value should"},
		{`{"a\x":1}`, 4, "'x' stands where one of \" \\ / b f n r t u after a backslash should"},
		{"[1 2]", 3, "'2' stands where a comma or the closing bracket should"},
		{"[1,]", 3, "']' stands where a value should"},
		{"[1", 2, "the text ends where a comma or the closing bracket should stand; it was cut off"},
		{"/* c */ {}", 0, "'/' stands where a value should"},
		{"012", 0, "a number may not begin with 0; put it in quotation marks"},
		{"-012", 1, "a number may not begin with 0; put it in quotation marks"},
		{"+1", 0, "'+' stands where a value should"},
		{"-", 1, "the text ends where a digit should stand; it was cut off"},
		{"1.", 2, "the text ends where a digit should stand; it was cut off"},
		{"[1.]", 3, "']' stands where a digit should"},
		{".5", 0, "'.' stands where a value should"},
		{"1e", 2, "the text ends where a digit should stand; it was cut off"},
		{"1e+ ", 3, "' ' stands where a digit should"},
		{"1x", 1, "text after the end of the document; remove it"},
		{`"a`, 2, "the text ends where a closing quotation mark should stand; it was cut off"},
		{`"é`, 3, "the text ends where a closing quotation mark should stand; it was cut off"},
		{`"a\`, 3, "the text ends where one of \" \\ / b f n r t u after a backslash should stand; it was cut off"},
		{"\"a\nb\"", 2, "a control character inside a string; write it as an escape such as \\n"},
		{"\"a\x1fb\"", 2, "a control character inside a string; write it as an escape such as \\n"},
		{"\"\xff\"", 1, "byte 0xff is not UTF-8; save the text as UTF-8"},
		{"\"\xed\xa0\x80\"", 1, "byte 0xed is not UTF-8; save the text as UTF-8"},
		{"\xff", 0, "byte 0xff is not UTF-8; save the text as UTF-8"},
		{`"\u12"`, 5, "'\"' stands where four hexadecimal digits after \\u should"},
		{`"\u12g4"`, 5, "'g' stands where four hexadecimal digits after \\u should"},
		{`"\u12` + "`" + `4"`, 5, "'`' stands where four hexadecimal digits after \\u should"},
		{`"\ud83d"`, 1, "half a surrogate pair; write both halves or the character itself"},
		{`"a\ud83d\n"`, 2, "half a surrogate pair; write both halves or the character itself"},
		{`"\ud83d\u0041"`, 1, "half a surrogate pair; write both halves or the character itself"},
		{`"\ude00\ud83d"`, 1, "half a surrogate pair; write both halves or the character itself"},
		{deep(33), 32, "nested more than 32 deep; no policy is"},
		{strings.Repeat(`{"a":`, 33), 160, "nested more than 32 deep; no policy is"},
		{strings.Repeat(" ", MaxSize+1), MaxSize, "longer than 131072 bytes; a policy has at most a few thousand"},
	} {
		_, err := Parse(c.in)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.40q: no error", c.in)
			continue
		}
		if e.Offset != c.offset || e.Reason != c.reason {
			t.Errorf("%.40q: %v, want byte %d: %s", c.in, err, c.offset, c.reason)
		}
	}
	for _, in := range []string{deep(32), strings.Repeat(" ", MaxSize-1) + "1"} {
		if _, err := Parse(in); err != nil {
			t.Errorf("%.40q: %v", in, err)
		}
	}
	if got := (&Error{3, "odd"}).Error(); got != "byte 3: odd" {
		t.Errorf("an error is written %q", got)
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	const text = "ab\né€x\n\xff\xffy"
	for _, c := range []struct{ offset, line, column int }{
		{0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {5, 2, 2}, {8, 2, 3}, {10, 3, 1}, {12, 3, 3}, {13, 3, 4}, {99, 3, 4},
	} {
		if line, column := Position(text, c.offset); line != c.line || column != c.column {
			t.Errorf("byte %d is %d:%d, want %d:%d", c.offset, line, column, c.line, c.column)
		}
	}
}

func TestKindNames(t *testing.T) {
	t.Parallel()
	want := []string{"null", "a boolean", "a number", "a string", "a list", "an object"}
	for k := Null; k <= Object; k++ {
		if k.String() != want[k] {
			t.Errorf("%d is %q", k, k)
		}
	}
}

// Whatever Parse takes is JSON to the standard library too, and alike.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,true,null,"\u00e9"]}`, `"\ud83d\ude00"`, `-0.1e+5`, "[", `{"a":1,"a":2}`, "\ufeff1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Parse(string(data))
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(data) {
				t.Fatalf("%v", err)
			}
			if utf8.Valid(data) && json.Valid(data) && len(data) <= MaxSize && !mayDiffer(e.Reason) {
				t.Fatalf("refused valid JSON: %v", err)
			}
			return
		}
		if !json.Valid(data) {
			t.Fatalf("took what is not JSON: %q", data)
		}
		var s string
		if n.Kind == String && (json.Unmarshal(data, &s) != nil || s != n.Text) {
			t.Fatalf("%q is %q, want %q", data, n.Text, s)
		}
	})
}

// mayDiffer tells the refusals that are stricter than JSON on purpose.
func mayDiffer(reason string) bool {
	return strings.HasPrefix(reason, "half a surrogate") || strings.HasPrefix(reason, "nested more")
}
