package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The bounds of a text. AWS stores at most 20 KB in a resource policy, and
// nothing in one is nested more than a handful deep.
const (
	MaxSize  = 128 << 10 // bytes
	MaxDepth = 32        // objects and lists within each other
)

// Parse reads one JSON value. Its error is an [*Error]. The texts of the nodes
// are parts of the text, where they stand in it as they are.
func Parse(text string) (Node, error) {
	if len(text) > MaxSize {
		return Node{}, &Error{MaxSize, fmt.Sprintf("longer than %d bytes; a policy has at most a few thousand", MaxSize)}
	}
	if strings.HasPrefix(text, "\ufeff") {
		return Node{}, &Error{0, "begins with a byte order mark; save the text as UTF-8 without one"}
	}
	s := scanner{data: text}
	n, err := s.value(0)
	if err != nil {
		return Node{}, err
	}
	if s.space(); s.at < len(text) {
		return Node{}, s.fail("text after the end of the document; remove it")
	}
	return n, nil
}

type scanner struct {
	data string
	at   int
}

func (s *scanner) fail(format string, args ...any) error {
	return &Error{s.at, fmt.Sprintf(format, args...)}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func (s *scanner) space() {
	for s.at < len(s.data) && isSpace(s.data[s.at]) {
		s.at++
	}
}

// peek returns the next byte, or 0 at the end.
func (s *scanner) peek() byte {
	if s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

// unexpected is the error for what stands where want should.
func (s *scanner) unexpected(want string) error {
	if s.at >= len(s.data) {
		return s.fail("the text ends where %s should stand; it was cut off", want)
	}
	r, size := utf8.DecodeRuneInString(s.data[s.at:])
	if r == utf8.RuneError && size == 1 {
		return s.fail("byte 0x%02x is not UTF-8; save the text as UTF-8", s.data[s.at])
	}
	return s.fail("%q stands where %s should", r, want)
}

func (s *scanner) value(depth int) (Node, error) {
	s.space()
	n := Node{Offset: int32(s.at)}
	var err error
	switch c := s.peek(); {
	case c == '{' || c == '[':
		if depth == MaxDepth {
			return n, s.fail("nested more than %d deep; no policy is", MaxDepth)
		}
		if c == '{' {
			n.Kind = Object
			n.Members, err = s.members(depth + 1)
		} else {
			n.Kind = Array
			n.Members, err = s.items(depth + 1)
		}
	case c == '"':
		n.Kind = String
		n.Text, err = s.text()
	case c == '-' || isDigit(c):
		n.Kind = Number
		n.Text, err = s.number()
	default:
		n.Kind, n.Text, err = s.word()
	}
	return n, err
}

func (s *scanner) word() (Kind, string, error) {
	for _, w := range [...]struct {
		literal string
		kind    Kind
		text    string
	}{{"true", Bool, "true"}, {"false", Bool, "false"}, {"null", Null, ""}} {
		if strings.HasPrefix(s.data[s.at:], w.literal) {
			s.at += len(w.literal)
			return w.kind, w.text, nil
		}
	}
	return Null, "", s.unexpected("a value")
}

func (s *scanner) members(depth int) ([]Member, error) {
	var room [8]Member // enough for most, and no garbage
	read := room[:0]
	more := s.begins('}')
	for more {
		var err error
		if s.peek() != '"' {
			return nil, s.unexpected("a name in quotation marks")
		}
		m := Member{Offset: int32(s.at)}
		if m.Name, err = s.text(); err != nil {
			return nil, err
		}
		if s.space(); s.peek() != ':' {
			return nil, s.unexpected("a colon")
		}
		s.at++
		if m.Value, err = s.value(depth); err != nil {
			return nil, err
		}
		read = append(read, m)
		if more, err = s.goesOn('}', "a comma or the closing brace"); err != nil {
			return nil, err
		}
	}
	members := make([]Member, len(read))
	copy(members, read)
	return members, nil
}

func (s *scanner) items(depth int) ([]Member, error) {
	var items []Member
	more := s.begins(']')
	for more {
		n, err := s.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, Member{Offset: n.Offset, Value: n})
		if more, err = s.goesOn(']', "a comma or the closing bracket"); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// begins goes past the bracket at hand, and reports whether a first part stands
// before its end.
func (s *scanner) begins(end byte) bool {
	s.at++
	if s.space(); s.peek() == end {
		s.at++
		return false
	}
	return true
}

// goesOn goes past the comma behind a part, or past the end of the list or object,
// and reports whether it was a comma.
func (s *scanner) goesOn(end byte, want string) (bool, error) {
	s.space()
	switch s.peek() {
	case ',':
		s.at++
		s.space()
		return true, nil
	case end:
		s.at++
		return false, nil
	}
	return false, s.unexpected(want)
}
