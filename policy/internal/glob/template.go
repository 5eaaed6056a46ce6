package glob

import (
	"strings"
	"unicode/utf8"
)

// Part is one piece of a [Template]: a symbol, or a policy variable.
type Part struct {
	Symbol
	Variable   bool
	HasDefault bool
	Key        string // of a Variable, in lower case
	Default    string // of a Variable
}

// Template is a text before its variables are put in.
type Template []Part

// Mode says how a text is read.
type Mode struct {
	Wild      bool // * and ? are wildcards
	Variables bool // ${…} is a variable (version 2012-10-17)
}

// Parse reads text. What begins like a variable but is none (no closing brace,
// an empty name) is ordinary text. ${*}, ${?} and ${$} are the characters
// themselves, never wildcards.
func Parse(text string, m Mode) Template {
	t := make(Template, 0, len(text))
	for i, skip := 0, 0; i < len(text); i += skip {
		if m.Variables && strings.HasPrefix(text[i:], "${") {
			if part, n := variable(text[i:]); n > 0 {
				t, skip = append(t, part), n
				continue
			}
		}
		var r rune
		r, skip = utf8.DecodeRuneInString(text[i:])
		t = append(t, Part{Symbol: symbol(r, m.Wild)})
	}
	return t
}

// Wildcards reads a text with wildcards and without variables: what Parse and
// Expand give for it, in one step.
func Wildcards(text string) Pattern {
	p := make(Pattern, 0, len(text))
	for _, r := range text {
		p = append(p, symbol(r, true))
	}
	return p
}

func symbol(r rune, wild bool) Symbol {
	switch {
	case wild && r == '*':
		return Symbol{Kind: Star}
	case wild && r == '?':
		return Symbol{Kind: One}
	}
	return Symbol{Kind: Literal, Rune: r}
}

// variable reads the variable that s begins with and its length in bytes; 0
// when it is none. The forms are ${key} and ${key, 'default'}.
func variable(s string) (Part, int) {
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return Part{}, 0
	}
	body := s[2:end]
	if body == "*" || body == "?" || body == "$" {
		return Part{Symbol: Symbol{Kind: Literal, Rune: rune(body[0])}}, end + 1
	}
	key, _, quoted := strings.Cut(body, ",")
	part := Part{Variable: true, Key: FoldText(strings.TrimSpace(key))}
	if quoted {
		// The default may itself hold a brace: it ends at the quote before one.
		start := len("${") + len(key) + len(",")
		open := start + strings.IndexByte(s[start:], '\'')
		if open < start || strings.TrimSpace(s[start:open]) != "" {
			return Part{}, 0
		}
		stop := strings.IndexByte(s[open+1:], '\'')
		if stop < 0 {
			return Part{}, 0
		}
		stop += open + 1
		brace := strings.IndexByte(s[stop:], '}')
		if brace < 0 || strings.TrimSpace(s[stop+1:stop+brace]) != "" {
			return Part{}, 0
		}
		part.Default, part.HasDefault, end = s[open+1:stop], true, stop+brace
	}
	if part.Key == "" || strings.ContainsAny(part.Key, "${'") {
		return Part{}, 0
	}
	return part, end + 1
}

// Keys returns the keys of the variables in t, in order, repeats included.
func (t Template) Keys() []string {
	var keys []string
	for _, p := range t {
		if p.Variable {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// Expand puts in the variables: lookup returns the text of a key, or false
// where the request has none. A variable without text takes its default; false
// is returned when it has none, and then the text matches nothing. What a
// variable brings is literal.
func (t Template) Expand(lookup func(key string) (string, bool)) (Pattern, bool) {
	p := make(Pattern, 0, len(t))
	for _, part := range t {
		if !part.Variable {
			p = append(p, part.Symbol)
			continue
		}
		text, ok := lookup(part.Key)
		if !ok {
			if !part.HasDefault {
				return nil, false
			}
			text = part.Default
		}
		p = append(p, Quote(text)...)
	}
	return p, true
}
