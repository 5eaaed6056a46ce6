package policy

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

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
	text := string(data)
	root, err := syntax.Parse(text)
	if err != nil {
		return nil, located(text, root, err)
	}
	d, err := readDocument(root)
	if err != nil {
		return nil, located(text, root, err)
	}
	return d, nil
}

// located turns an error that knows its offset into one for people. Root is nil
// where there is no tree.
func located(text string, root syntax.Node, err error) error {
	var at *syntax.Error
	errors.As(err, &at) // reading gives no others
	e := &SyntaxError{Path: path(root, at.Offset), Reason: at.Reason}
	e.Line, e.Column = syntax.Position(text, at.Offset)
	return e
}

// place is a node and the name of the member that it is the value of; "" where
// it is none.
type place struct {
	syntax.Node
	name string
}

func (p place) fail(format string, args ...any) error {
	return &syntax.Error{Offset: int(p.Offset), Reason: fmt.Sprintf(format, args...)}
}

func (p place) member(m syntax.Member) place { return place{m.Value, m.Name} }

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
func (p place) entries() iter.Seq2[int, place] {
	return func(yield func(int, place) bool) {
		if p.Kind != syntax.Array {
			yield(0, p)
			return
		}
		for i, item := range p.Members {
			if !yield(i, place{Node: item.Value}) {
				return
			}
		}
	}
}

// count is how many entries there are.
func (p place) count() int {
	if p.Kind != syntax.Array {
		return 1
	}
	return len(p.Members)
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
