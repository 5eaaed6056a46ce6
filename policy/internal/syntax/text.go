package syntax

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// number reads a number and returns it as written.
func (s *scanner) number() (string, error) {
	start := s.at
	if s.peek() == '-' {
		s.at++
	}
	whole := s.at
	if !s.digits() {
		return "", s.unexpected("a digit")
	}
	if s.data[whole] == '0' && s.at > whole+1 {
		s.at = whole
		return "", s.fail("a number may not begin with 0; put it in quotation marks")
	}
	if s.peek() == '.' {
		s.at++
		if !s.digits() {
			return "", s.unexpected("a digit")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if !s.digits() {
			return "", s.unexpected("a digit")
		}
	}
	return s.data[start:s.at], nil
}

// digits skips digits and reports whether there was one.
func (s *scanner) digits() bool {
	start := s.at
	for isDigit(s.peek()) {
		s.at++
	}
	return s.at > start
}

// text reads a string and returns its value.
func (s *scanner) text() (string, error) {
	s.at++ // the quotation mark
	start := s.at
	for s.at < len(s.data) && plain(s.data[s.at]) {
		s.at++
	}
	if s.peek() == '"' { // most have no escape and no character beyond ASCII
		s.at++
		return s.data[start : s.at-1], nil
	}
	value := []byte(s.data[start:s.at])
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '"':
			s.at++
			return string(value), nil
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			value = utf8.AppendRune(value, r)
		case c < ' ':
			return "", s.fail("a control character inside a string; write it as an escape such as \\n")
		default:
			r, size := utf8.DecodeRuneInString(s.data[s.at:])
			if r == utf8.RuneError && size == 1 {
				return "", s.unexpected("a character")
			}
			value = append(value, s.data[s.at:s.at+size]...)
			s.at += size
		}
	}
	return "", s.unexpected("a closing quotation mark")
}

func plain(c byte) bool { return c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' }

func (s *scanner) escape() (rune, error) {
	start := s.at
	s.at++
	c := s.peek()
	switch c {
	case '"', '\\', '/':
		s.at++
		return rune(c), nil
	case 'b', 'f', 'n', 'r', 't':
		s.at++
		return map[byte]rune{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[c], nil
	case 'u':
		return s.codePoint(start)
	}
	return 0, s.unexpected("one of \" \\ / b f n r t u after a backslash")
}

// codePoint reads \uXXXX, or two of them where the first is half a character.
func (s *scanner) codePoint(start int) (rune, error) {
	r, ok := s.hex()
	if !ok {
		return 0, s.unexpected("four hexadecimal digits after \\u")
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	if s.peek() == '\\' {
		s.at++
		if s.peek() == 'u' {
			if low, ok := s.hex(); ok {
				if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
					return whole, nil
				}
			}
		}
	}
	s.at = start
	return 0, s.fail("half a surrogate pair; write both halves or the character itself")
}

// hex reads the u at hand and four digits; it stays where the fault is.
func (s *scanner) hex() (rune, bool) {
	s.at++
	start := s.at
	for s.at < start+4 {
		c := s.peek() | 0x20
		if !isDigit(s.peek()) && (c < 'a' || c > 'f') {
			return 0, false
		}
		s.at++
	}
	n, err := strconv.ParseUint(s.data[start:s.at], 16, 16)
	return rune(n), err == nil
}
