package glob

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// naive is the meaning of a pattern, written down without a thought for speed.
func naive(p Pattern, s []rune) bool {
	if len(p) == 0 {
		return len(s) == 0
	}
	takes := func() bool {
		if len(s) == 0 {
			return false
		}
		c := s[0]
		if p[0].Kind != Literal {
			return !(p[0].Within && c == ':')
		}
		if p[0].AnyCase && c >= 'A' && c <= 'Z' {
			return p[0].Rune == c || p[0].Rune == c+32
		}
		return p[0].Rune == c
	}
	if p[0].Kind == Star {
		return naive(p[1:], s) || takes() && naive(p, s[1:])
	}
	return takes() && naive(p[1:], s[1:])
}

func symbols() *rapid.Generator[Symbol] {
	return rapid.Custom(func(t *rapid.T) Symbol {
		kind := rapid.SampledFrom([]Kind{Literal, Literal, One, Star}).Draw(t, "kind")
		if kind == Literal {
			r := rapid.SampledFrom([]rune("ab:é")).Draw(t, "rune")
			return Symbol{Rune: r, AnyCase: rapid.Bool().Draw(t, "anyCase")}
		}
		return Symbol{Kind: kind, Within: rapid.Bool().Draw(t, "within")}
	})
}

func TestMatchIsTheNaiveMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Pattern(rapid.SliceOfN(symbols(), 0, 8).Draw(t, "pattern"))
		s := rapid.StringOfN(rapid.SampledFrom([]rune("abAB:é")), 0, 8, -1).Draw(t, "text")
		if got, want := p.Match(s), naive(p, []rune(s)); got != want {
			t.Fatalf("%v on %q: %t, want %t", p, s, got, want)
		}
	})
}

func TestMatchOfLongPatterns(t *testing.T) {
	t.Parallel()
	// Around the size up to which no memory is asked for.
	for _, n := range []int{62, 63, 64, 65, 200} {
		p := wild(strings.Repeat("*a", n) + "*")
		if !p.Match(strings.Repeat("ba", n)) {
			t.Errorf("%d times *a do not match as many", n)
		}
		if p.Match(strings.Repeat("ba", n-1) + "b") {
			t.Errorf("%d times *a match one fewer", n)
		}
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	p := wild("arn:aws:lambda:*:111122223333:function:ord*rs*")
	allocated := testing.AllocsPerRun(100, func() { p.Match("arn:aws:lambda:us-east-1:111122223333:function:orders") })
	if allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
}

func TestExact(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": true, "é:b": true, "a?": false, "*": false} {
		got, ok := wild(text).Exact()
		if ok != want || ok && got != text || !ok && got != "" {
			t.Errorf("%q: %q, %t", text, got, ok)
		}
	}
}

func TestQuoteMatchesItselfAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if !Quote(a).Match(a) || Quote(a).Match(b) != (a == b) {
			t.Fatalf("%q against %q", a, b)
		}
		if exact, ok := Quote(a).Exact(); !ok || exact != a {
			t.Fatalf("%q is exactly %q", a, exact)
		}
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"abz", "abz"}, {"AZ", "az"}, {"aAzZ", "aazz"}, {"@[`{", "@[`{"},
		{"\u212a", "\u212a"}, {"\u0130", "\u0130"}, {"É", "É"}, {"aws:PrincipalOrgID", "aws:principalorgid"},
	} {
		if got := FoldText(c.in); got != c.want {
			t.Errorf("%q folds to %q, want %q", c.in, got, c.want)
		}
	}
}

func TestIgnoreCase(t *testing.T) {
	t.Parallel()
	p := wild("Lambda:Invoke*k")
	before := append(Pattern(nil), p...)
	q := p.IgnoreCase()
	for text, want := range map[string]bool{
		"lambda:invokek": true, "LAMBDA:INVOKE*K": true, "lambda:InvokeX": false, "lambda:Invoke\u212a": false, "lambda:Invokek\u0131": false,
	} {
		if got := q.Match(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
	for i := range p {
		if p[i] != before[i] {
			t.Fatalf("IgnoreCase changed its receiver at %d", i)
		}
	}
}

// wild compiles a text with wildcards and without variables.
func wild(text string) Pattern { return Wildcards(text) }

func TestWildcardsIsParseAndExpand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("a*?${}é"))).Draw(t, "text")
		want, ok := Parse(text, Mode{Wild: true}).Expand(nil)
		if got := Wildcards(text); !ok || !slices.Equal(got, want) {
			t.Fatalf("%q is %v, want %v", text, got, want)
		}
	})
}
