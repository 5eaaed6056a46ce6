package collect

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
)

// longestReason bounds a gap's reason, in runes.
const longestReason = 240

// secretShapes matches what AWS's messages may repeat of a request: key ids,
// signatures, tokens.
var secretShapes = regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b|(?i:Signature|Credential|Security-Token)=[^\s,;&']+`)

// tidy makes one printable line of bounded length, without request ids and
// without what looks like a credential.
func tidy(s string) string {
	if i := strings.Index(s, "RequestID:"); i >= 0 {
		s = s[:i]
	}
	if len(s) > 16*longestReason { // a page instead of a message
		s = s[:16*longestReason]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	s = secretShapes.ReplaceAllString(strings.Join(strings.Fields(s), " "), "…")
	if runes := []rune(s); len(runes) > longestReason {
		s = string(runes[:longestReason-1]) + "…"
	}
	return strings.TrimSpace(s)
}

// code keeps the letters of an error code, which comes from outside.
func code(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".-_:", r)) {
			return r
		}
		return -1
	}, s)
	if len(s) > 80 {
		s = s[:80]
	}
	if s == "" {
		return CodeFailed
	}
	return s
}

// innermost is the text of the error at the bottom, where the cause is.
func innermost(err error) string {
	for {
		under := errors.Unwrap(err)
		if under == nil {
			return tidy(err.Error())
		}
		err = under
	}
}
