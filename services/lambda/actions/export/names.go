package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// names gives names that are not taken yet.
type names map[string]bool

// free returns the name, or, where it is taken, the name with an ending made
// from what it is the name of.
func (n names) free(name, of string) string {
	if n[name] {
		sum := sha256.Sum256([]byte(of))
		name += hex.EncodeToString(sum[:4])
	}
	n[name] = true
	return name
}

// label makes a name of letters and digits for a resource of a template.
func label(parts ...string) string {
	var b strings.Builder
	up := true
	for _, r := range strings.Join(parts, " ") {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			b.WriteRune(r)
			up = false
		case r >= 'a' && r <= 'z':
			if up {
				r += 'A' - 'a'
			}
			b.WriteRune(r)
			up = false
		default:
			up = true
		}
	}
	return b.String()
}

// identifier makes a name of HCL.
func identifier(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, "fix_"+s))
}

// comment makes a text safe for a comment, in a shell as in HCL: one line, and
// nothing that a terminal would obey.
func comment(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// shown spells out, inside JSON, the characters that a terminal would obey or hide.
func shown(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsPrint(r) || r == '\n':
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// shell quotes a word for a POSIX shell where it needs it.
func shell(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
