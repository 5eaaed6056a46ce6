package prove

import (
	"encoding/base64"
	"math/big"
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/internal/glob"
)

// maxColons is how many colons a variable in an ARN is tried with: the last
// segment of an ARN takes any number.
const maxColons = 5

// filler says how a walk reads the variables of a text: as the text that a key
// always has, as nothing, or as a run of any characters; an account as 12.
type filler struct {
	constant func(key string) (text string, present, known bool)
}

// read returns what a text can become, as patterns does; a text without variables
// is one pattern.
func (f filler) read(text string, m glob.Mode, split bool) []glob.Pattern {
	switch {
	case m.Variables && strings.Contains(text, "${"):
		return f.patterns(glob.Parse(text, m), split)
	case m.Wild:
		return []glob.Pattern{glob.Wildcards(text)}
	}
	return []glob.Pattern{glob.Quote(text)}
}

// patterns returns what a text can become when its variables are put in, as
// patterns that together match all that it can match. split is set for ARNs,
// where a colon in a variable moves the segments behind it.
func (f filler) patterns(t glob.Template, split bool) []glob.Pattern {
	all := []glob.Pattern{make(glob.Pattern, 0, len(t))}
	for _, part := range t {
		if !part.Variable {
			for i := range all {
				all[i] = append(all[i], part.Symbol)
			}
			continue
		}
		ways := f.ways(part, split)
		if len(ways)*len(all) > 64 { // many variables: let one run cover the rest
			ways = ways[:1]
		}
		var next []glob.Pattern
		for _, before := range all {
			for _, way := range ways {
				next = append(next, slices.Concat(before, way))
			}
		}
		all = next
	}
	return all
}

// ways returns what one variable can bring; none when it has neither a text nor
// a default.
func (f filler) ways(v glob.Part, split bool) []glob.Pattern {
	var ways []glob.Pattern
	text, present, known := f.constant(v.Key)
	if known && present {
		return []glob.Pattern{glob.Quote(text)}
	}
	switch {
	case known:
	case v.Key == "aws:principalaccount" || v.Key == "aws:sourceaccount":
		ways = append(ways, anyDigits("", 12))
	default:
		run := glob.Pattern{{Kind: glob.Star}}
		ways = append(ways, run)
		for n := 1; split && n <= maxColons; n++ {
			run = append(run[:len(run):len(run)], glob.Symbol{Kind: glob.Literal, Rune: ':'}, glob.Symbol{Kind: glob.Star})
			ways = append(ways, run)
		}
	}
	if v.HasDefault {
		ways = append(ways, glob.Quote(v.Default))
	}
	return ways
}

// textTest reports whether a comparison tests texts, so that patterns say all
// about it.
func textTest(c policy.Comparison) bool {
	switch c {
	case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.StringLike, policy.ArnLike, policy.Bool, policy.BinaryEquals:
		return true
	}
	return false
}

// textMode says how the evaluator reads the values of a text test.
func textMode(o policy.Operator, variables, wide bool) glob.Mode {
	return glob.Mode{
		Wild:      o.Comparison == policy.StringLike || o.Comparison == policy.ArnLike,
		Variables: variables && (o.Comparison != policy.Bool || wide) && o.Comparison != policy.BinaryEquals,
	}
}

// plain reports whether a text is read as it stands.
func plain(text string, m glob.Mode) bool {
	return !(m.Wild && strings.ContainsAny(text, "*?")) && !(m.Variables && strings.Contains(text, "${"))
}

// compile returns the patterns of one value of a text test.
func (f filler) compile(o policy.Operator, value string, variables, wide bool) []glob.Pattern {
	if o.Comparison == policy.BinaryEquals {
		return binaryTexts(value)
	}
	mode := textMode(o, variables, wide)
	if plain(value, mode) && o.Comparison <= policy.StringLike && o.Comparison != policy.StringEqualsIgnoreCase {
		return []glob.Pattern{glob.Quote(value)}
	}
	var out []glob.Pattern
	if o.Comparison == policy.Bool && mode.Variables && strings.Contains(value, "${") { // all that it can become and be compared with
		out = append(out, glob.Quote("true").IgnoreCase(), glob.Quote("false").IgnoreCase())
	}
	for _, p := range f.read(value, mode, o.Comparison == policy.ArnLike) {
		switch o.Comparison {
		case policy.StringEqualsIgnoreCase, policy.Bool:
			p = p.IgnoreCase()
		case policy.ArnLike:
			if bound, ok := p.ARN(); ok {
				p = bound
			} else if !wide || len(p) != 1 || p[0].Kind != glob.Star {
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// binaryTexts returns the plain spelling of a base64 text, and the given one.
func binaryTexts(value string) []glob.Pattern {
	data, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return nil
	}
	return []glob.Pattern{glob.Quote(base64.StdEncoding.EncodeToString(data)), glob.Quote(value)}
}

// automata turns patterns into as few automata as tell the same apart for
// alternatives: one for all plain texts, one for each other pattern.
func (b *budget) automata(patterns []glob.Pattern) []automaton {
	var texts []string
	var out []automaton
	for _, p := range patterns {
		if text, ok := p.Exact(); ok && !strings.ContainsRune(text, '\uFFFD') && !anyCase(p) {
			texts = append(texts, text)
			continue
		}
		b.spend(len(p))
		out = append(out, newMatcher(p, b))
	}
	if texts != nil {
		out = append(out, newTrie(texts))
	}
	return out
}

func anyCase(p glob.Pattern) bool {
	for _, s := range p {
		if s.AnyCase {
			return true
		}
	}
	return false
}

// digitPatterns returns the texts of exactly 12 digits that a numeric test
// against bound accepts, as patterns: accounts are compared as numbers then.
func digitPatterns(c policy.Comparison, bound *big.Rat) []glob.Pattern {
	floor := new(big.Int).Div(bound.Num(), bound.Denom()) // Euclidean: rounds down
	whole := bound.IsInt()
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(12), nil)
	one := big.NewInt(1)
	below := func(n *big.Int) []glob.Pattern { return digitsBelow(n, limit) }
	switch c {
	case policy.NumericEquals:
		if !whole || floor.Sign() < 0 || floor.Cmp(limit) >= 0 {
			return nil
		}
		return []glob.Pattern{glob.Quote(pad12(floor))}
	case policy.NumericLessThan:
		if !whole {
			floor.Add(floor, one)
		}
		return below(floor)
	case policy.NumericLessThanEquals:
		return below(floor.Add(floor, one))
	case policy.NumericGreaterThan:
		return digitsFrom(floor.Add(floor, one), limit)
	case policy.NumericGreaterThanEquals:
		if !whole {
			floor.Add(floor, one)
		}
		return digitsFrom(floor, limit)
	}
	return nil
}

func pad12(n *big.Int) string {
	text := n.String()
	return strings.Repeat("0", 12-len(text)) + text
}

// digitsBelow returns 12-digit texts of the numbers under n.
func digitsBelow(n, limit *big.Int) []glob.Pattern {
	if n.Sign() <= 0 {
		return nil
	}
	if n.Cmp(limit) >= 0 {
		return []glob.Pattern{anyDigits("", 12)}
	}
	var out []glob.Pattern
	text := pad12(n)
	for i := range text {
		for d := byte('0'); d < text[i]; d++ {
			out = append(out, anyDigits(text[:i]+string(d), 11-i))
		}
	}
	return out
}

// digitsFrom returns 12-digit texts of the numbers from n on.
func digitsFrom(n, limit *big.Int) []glob.Pattern {
	if n.Sign() <= 0 {
		return []glob.Pattern{anyDigits("", 12)}
	}
	if n.Cmp(limit) >= 0 {
		return nil
	}
	text := pad12(n)
	out := []glob.Pattern{glob.Quote(text)}
	for i := range text {
		for d := text[i] + 1; d <= '9'; d++ {
			out = append(out, anyDigits(text[:i]+string(d), 11-i))
		}
	}
	return out
}

// anyDigits is a text and n more characters but colons; they are digits in every
// text that it is used on, or may be more where a text may be none of a pattern.
func anyDigits(text string, n int) glob.Pattern {
	p := glob.Quote(text)
	for range n {
		p = append(p, glob.Symbol{Kind: glob.One, Within: true})
	}
	return p
}
