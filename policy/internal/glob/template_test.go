package glob

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lookup knows one key, whose text is made of wildcards.
func lookup(key string) (string, bool) {
	if key == "aws:username" {
		return "*?a", true
	}
	return "", false
}

// Source: IAM User Guide, policy variables.
func TestExpand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want string // the only text that matches; "-" when none does
	}{
		{"", ""},
		{"plain", "plain"},
		{"${aws:username}", "*?a"},
		{"${AWS:UserName}", "*?a"},
		{"${ aws:username }", "*?a"},
		{"a/${aws:username}/b", "a/*?a/b"},
		{"${aws:username}${aws:username}", "*?a*?a"},
		{"${aws:username, 'x'}", "*?a"},
		{"${aws:userid}", "-"},
		{"a${aws:userid}", "-"},
		{"${aws:userid, 'x'}", "x"},
		{"${aws:userid,'x'}", "x"},
		{"${aws:userid , 'x' }", "x"},
		{"${aws:userid, ''}", ""},
		{"${aws:userid, 'a}b'}c", "a}bc"},
		{"${aws:userid, 'a,b'}", "a,b"},
		{"${aws:userid, '*'}", "*"},
		{"${*}${?}${$}", "*?$"},
		{"${$}{aws:username}", "${aws:username}"},
		{"${aws:username", "${aws:username"},
		{"${}", "${}"},
		{"${ }", "${ }"},
		{"${, 'x'}", "${, 'x'}"},
		{"${aws:userid, x}", "${aws:userid, x}"},
		{"${aws:userid, 'x}", "${aws:userid, 'x}"},
		{"${aws:userid, 'x'", "${aws:userid, 'x'"},
		{"${aws:userid, 'x' y}", "${aws:userid, 'x' y}"},
		{"${aws:userid, y 'x'}", "${aws:userid, y 'x'}"},
		{"${it's}", "${it's}"},
		{"${a${aws:username}}", "${a*?a}"},
		{"$aws:username$", "$aws:username$"},
		{"{aws:username}", "{aws:username}"},
	} {
		p, ok := Parse(c.text, Mode{Variables: true}).Expand(lookup)
		got, exact := p.Exact()
		if !ok {
			got, exact = "-", true
		}
		if got != c.want || !exact {
			t.Errorf("%q expands to %q, want %q", c.text, got, c.want)
		}
	}
}

func TestParseModes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode        Mode
		itself, any bool // ${x, '*'}*? matches itself; matches "*ab"
	}{
		{Mode{}, true, false},
		{Mode{Wild: true}, true, false},
		{Mode{Variables: true}, false, false},
		{Mode{Wild: true, Variables: true}, false, true},
	} {
		const text = "${x, '*'}*?"
		p, ok := Parse(text, c.mode).Expand(lookup)
		if !ok || p.Match(text) != c.itself || p.Match("*ab") != c.any || !p.Match("**?") && c.mode.Variables {
			t.Errorf("%+v: itself %t, any %t", c.mode, p.Match(text), p.Match("*ab"))
		}
		if c.mode.Variables && p.Match("bab") {
			t.Errorf("%+v: the default is a wildcard", c.mode)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	got := Parse("${b}*${A, 'x'}${*}${b}", Mode{Wild: true, Variables: true}).Keys()
	if want := []string{"b", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Parse("${b}", Mode{}).Keys(); len(got) != 0 {
		t.Errorf("without variables: %q", got)
	}
}

// What a variable brings stands for itself.
func TestExpandedTextIsLiteral(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value")
		other := rapid.String().Draw(t, "other")
		tpl := Parse("<${k}>", Mode{Wild: true, Variables: true})
		p, ok := tpl.Expand(func(string) (string, bool) { return value, true })
		if !ok || !p.Match("<"+value+">") || p.Match("<"+other+">") != (other == value) {
			t.Fatalf("%q against %q", value, other)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"${a, 'b'}", "${*}", "${", "${a,'", "a*?", "${a, '}", "\xff${a}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain, ok := Parse(s, Mode{}).Expand(nil)
		if exact, only := plain.Exact(); !ok || !only || exact != strings.ToValidUTF8(s, "\ufffd") && !strings.Contains(exact, "\ufffd") {
			t.Fatalf("%q without modes is %q", s, exact)
		}
		p, ok := Parse(s, Mode{Wild: true, Variables: true}).Expand(func(key string) (string, bool) { return key, true })
		if !ok {
			t.Fatalf("%q: a variable that has a value has none", s)
		}
		p.Match(s)
		if q, ok := p.ARN(); ok {
			q.Match(s)
		}
	})
}
