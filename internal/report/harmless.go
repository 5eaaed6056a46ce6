package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
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

// EncodeJSON writes a value as JSON and a line's end: compact without an indent,
// otherwise one member a line behind the prefix. <, > and & stay as they are;
// characters that could do something to a terminal are written as escapes.
func EncodeJSON(w io.Writer, v any, prefix, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, indent)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeLine(b.Bytes()))
	return err
}

// del is the first character, by number, that JSON does not escape by itself and
// that shows nothing.
const del = 0x7f

// escapeLine writes the hostile characters of a line of JSON as \u escapes. In
// JSON they can only stand within strings, where the escape means the same. The
// line's end is kept.
func escapeLine(line []byte) []byte {
	clean := true
	for _, c := range line {
		if c >= del {
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
		case r < del || !hostile(r):
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
