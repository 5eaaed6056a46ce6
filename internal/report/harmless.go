package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hostile reports whether a character may do something to a terminal or to the
// reader's eye other than show itself: controls, escapes, marks that turn the
// direction of text or take no room.
func hostile(r rune) bool {
	return r == utf8.RuneError || (r != ' ' && !unicode.IsPrint(r)) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r)
}

// Harmless writes hostile characters as \u{…} and bytes that are no UTF-8 as
// \x…, so that a name can be shown on a terminal. The text has no line breaks.
func Harmless(s string) string {
	if strings.IndexFunc(s, hostile) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case hostile(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// escapeLine writes the hostile characters of a line of JSON as \u escapes. In
// JSON they can only stand within strings, where the escape means the same. The
// line's end is kept.
func escapeLine(line []byte) []byte {
	clean := true
	for _, c := range line {
		if c >= utf8.RuneSelf {
			clean = false
			break
		}
	}
	if clean {
		return line
	}
	out := make([]byte, 0, len(line)+16)
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRune(line[i:])
		switch {
		case r < utf8.RuneSelf || !hostile(r):
			out = append(out, line[i:i+n]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}
