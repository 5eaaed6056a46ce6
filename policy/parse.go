package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"surety/policy/internal/syntax"
)

// SyntaxError says why a text is no policy or no request, and where.
type SyntaxError struct {
	Line, Column int    // from 1; columns count characters
	Path         string // such as Statement[0].Effect; "" for the text itself
	Reason       string // one clause that says what is wrong and what to write
}

func (e *SyntaxError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason)
	}
	return fmt.Sprintf("%d:%d: %s: %s", e.Line, e.Column, e.Path, e.Reason)
}

// Parse reads one policy document as AWS would when it stores it. Everything
// that AWS refuses is a [*SyntaxError]: text that is not JSON, elements,
// operators and versions that do not exist, elements that occur twice.
//
// Texts that merely match nothing (a date that is none, an action without a
// prefix) are no errors, nor are repeated Sids, nor an empty list of statements.
// Source: IAM User Guide, grammar of the JSON policy language.
func Parse(data []byte) (*Document, error) {
	root, err := syntax.Parse(data)
	if err != nil {
		return nil, located(data, err)
	}
	d, err := readDocument(root)
	if err != nil {
		return nil, located(data, err)
	}
	return d, nil
}

// fault is a SyntaxError before its offset is a line and a column.
type fault struct {
	offset int
	path   string
	reason string
}

func (f *fault) Error() string { return f.path + ": " + f.reason }

func located(data []byte, err error) error {
	var f *fault
	var s *syntax.Error
	switch {
	case errors.As(err, &f):
	case errors.As(err, &s):
		f = &fault{offset: s.Offset, reason: s.Reason}
	}
	e := &SyntaxError{Path: f.path, Reason: f.reason}
	e.Line, e.Column = syntax.Position(data, f.offset)
	return e
}

// place is a node and the path that leads to it.
type place struct {
	syntax.Node
	path string
}

func (p place) fail(format string, args ...any) error {
	return &fault{p.Offset, p.path, fmt.Sprintf(format, args...)}
}

func (p place) member(m syntax.Member) place {
	name := m.Name
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) || len(name) > maxShown {
		name = shown(name)
	}
	if p.path == "" {
		return place{m.Value, name}
	}
	return place{m.Value, p.path + "." + name}
}

// maxShown is how many bytes of a document's own text a message repeats.
const maxShown = 100

// shown quotes a text of the document for a message, on one line.
func shown(text string) string {
	if len(text) > maxShown {
		return strconv.Quote(strings.ToValidUTF8(text[:maxShown], "")) + "…"
	}
	return strconv.Quote(text)
}

// entries returns the items of a list, and any other value as one entry.
func (p place) entries() []place {
	if p.Kind != syntax.Array {
		return []place{p}
	}
	all := make([]place, len(p.Items))
	for i, n := range p.Items {
		all[i] = place{n, p.path + "[" + strconv.Itoa(i) + "]"}
	}
	return all
}

// elements holds an object to its grammar: a member twice, or one that known
// does not name, is an error. The message calls the object what.
func (p place) elements(what string, known ...string) error {
	if p.Kind != syntax.Object {
		return p.fail("%s must be an object, not %s", what, p.Kind)
	}
	for i, m := range p.Members {
		at := p.member(m)
		at.Offset = m.Offset
		if !slices.Contains(known, m.Name) {
			return at.fail("unknown element; the elements of %s are %s", what, list(known))
		}
		for _, other := range p.Members[:i] {
			if other.Name == m.Name {
				return at.fail("stands twice; keep one")
			}
		}
	}
	return nil
}

// get returns a member of an object whose members have one name each.
func (p place) get(name string) (place, bool) {
	for _, m := range p.Members {
		if m.Name == name {
			return p.member(m), true
		}
	}
	return place{}, false
}

func (p place) str() (string, error) {
	if p.Kind != syntax.String {
		return "", p.fail("must be a string, not %s", p.Kind)
	}
	return p.Text, nil
}
