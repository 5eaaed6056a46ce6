// Package glob compiles the texts of a policy (action, resource and condition
// values) into patterns: sequences of symbols that the evaluator matches and
// that the prover walks as automata. Both read a text through this one package,
// so they cannot disagree about what it means.
package glob

import "unicode/utf8"

// Kind tells the symbols of a pattern apart.
type Kind uint8

// The symbols.
const (
	Literal Kind = iota // one given character
	One                 // any one character: ?
	Star                // any characters, none included: *
)

// Symbol is one step of a [Pattern].
type Symbol struct {
	Rune rune // of a Literal
	Kind Kind
	// Within keeps a One or Star inside its ARN segment: it does not match ':'.
	Within bool
	// AnyCase lets a Literal, then a lower-case ASCII letter, match its capital.
	AnyCase bool
}

// Matches reports whether the symbol can take r.
func (s Symbol) Matches(r rune) bool {
	if s.Kind == Literal {
		return s.Rune == r || s.AnyCase && s.Rune == Fold(r)
	}
	return !s.Within || r != ':'
}

// Pattern is a compiled text. It matches the whole of a value or not at all.
// The zero Pattern matches the empty text.
type Pattern []Symbol

// Match reports whether p matches all of s.
func (p Pattern) Match(s string) bool {
	// What stands before the first Star and after the last has its place.
	for len(p) > 0 && p[0].Kind != Star {
		r, size := utf8.DecodeRuneInString(s)
		if size == 0 || !p[0].Matches(r) {
			return false
		}
		p, s = p[1:], s[size:]
	}
	if len(p) == 0 {
		return s == ""
	}
	for last := len(p) - 1; p[last].Kind != Star; last-- {
		r, size := utf8.DecodeLastRuneInString(s)
		if size == 0 || !p[last].Matches(r) {
			return false
		}
		p, s = p[:last], s[:len(s)-size]
	}
	return p.between(s)
}

// between matches a pattern that begins and ends with a Star.
func (p Pattern) between(s string) bool {
	// Stars have one of two alphabets, and a later Star may be narrower than an
	// earlier one, so the last Star alone is not enough to go back to: the set
	// of live positions is kept instead.
	var room [2][128]bool // enough for what is usual; no allocation then
	live, next := room[0][:], room[1][:]
	if n := len(p) + 1; n > len(live) {
		live, next = make([]bool, n), make([]bool, n)
	}
	p.spread(live, 0)
	for _, r := range s {
		clear(next[:len(p)+1])
		some := false
		for i, on := range live[:len(p)] {
			if !on || !p[i].Matches(r) {
				continue
			}
			some = true
			if p[i].Kind == Star {
				p.spread(next, i)
			} else {
				p.spread(next, i+1)
			}
		}
		if !some {
			return false
		}
		live, next = next, live
	}
	return live[len(p)]
}

// spread marks position i and all that its Stars can skip to.
func (p Pattern) spread(live []bool, i int) {
	for ; i < len(p) && !live[i]; i++ {
		live[i] = true
		if p[i].Kind != Star {
			return
		}
	}
	if i == len(p) {
		live[i] = true
	}
}

// Exact returns the one text that p matches, if there is only one.
func (p Pattern) Exact() (string, bool) {
	for _, s := range p {
		if s.Kind != Literal {
			return "", false
		}
	}
	text := make([]byte, 0, len(p)) // most are ASCII
	for _, s := range p {
		text = utf8.AppendRune(text, s.Rune)
	}
	return string(text), true
}

// Quote is the pattern that matches s alone.
func Quote(s string) Pattern {
	p := make(Pattern, 0, len(s))
	for _, r := range s {
		p = append(p, Symbol{Kind: Literal, Rune: r})
	}
	return p
}

// IgnoreCase returns p with every ASCII letter matching both its cases.
func (p Pattern) IgnoreCase() Pattern {
	q := make(Pattern, len(p))
	for i, s := range p {
		if s.Kind == Literal {
			s.Rune, s.AnyCase = Fold(s.Rune), true
		}
		q[i] = s
	}
	return q
}

// Fold returns c in lower case where it is an ASCII letter. Other letters have
// no case here: U+212A is not a k.
func Fold(c rune) rune {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// FoldText returns s with its ASCII letters in lower case.
func FoldText(s string) string {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return foldFrom(s, i)
		}
	}
	return s
}

func foldFrom(s string, start int) string {
	b := []byte(s)
	for i := start; i < len(b); i++ {
		b[i] = byte(Fold(rune(b[i])))
	}
	return string(b)
}
