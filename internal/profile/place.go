package profile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// place is a value in surety.yaml and the way to it, for errors.
type place struct {
	node ast.Node
	path string // "trust.accounts[0].id"; "" is the file
}

// fault is an error at this place: line, column, member, and what is wrong.
func (p place) fault(format string, args ...any) error {
	text := fmt.Errorf(format, args...).Error()
	if p.path != "" {
		text = p.path + ": " + text
	}
	if t := firstToken(p.node); t != nil && t.Position != nil {
		return fmt.Errorf("%d:%d: %s", t.Position.Line, t.Position.Column, text)
	}
	return errors.New(text)
}

func firstToken(n ast.Node) *token.Token {
	switch n := n.(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

func (p place) line() int {
	if t := firstToken(p.node); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// absent reports whether nothing was written.
func (p place) absent() bool { return p.node == nil || p.node.Type() == ast.NullType }

// members reads an object: known has a reader for each member that may be there.
// A member with nothing behind it is a fault: what it would narrow, such as for
// or until, must not be lost by a slip.
func (p place) members(known map[string]func(place) error) error {
	return p.read(known, place.empty)
}

// sections is members of an object whose members may be left empty, as when all
// entries of a list are commented out: they count as left out.
func (p place) sections(known map[string]func(place) error) error {
	return p.read(known, func(place) error { return nil })
}

func (p place) read(known map[string]func(place) error, empty func(place) error) error {
	values, err := p.pairs()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, v := range values {
		name := v.Key.String()
		if s, ok := v.Key.(*ast.StringNode); ok {
			name = s.Value
		}
		at := place{node: v.Key, path: p.path}
		read, found := known[name]
		if !found {
			return at.fault("unknown member %q: %s", name, among(known))
		}
		if seen[name] {
			return at.fault("member %q stands here twice", name)
		}
		seen[name] = true
		below := place{node: v.Value, path: strings.TrimPrefix(p.path+"."+name, ".")}
		if below.absent() {
			if below.node == nil {
				below.node = v.Key
			}
			read = empty
		}
		if err := read(below); err != nil {
			return err
		}
	}
	return nil
}

func (p place) empty() error {
	return p.fault("nothing stands here: give it a value, or leave the member out")
}

func among(known map[string]func(place) error) string {
	names := make([]string, 0, len(known))
	for n := range known {
		names = append(names, n)
	}
	if len(names) == 0 {
		return "there is none"
	}
	if len(names) == 1 {
		return "there is only " + names[0]
	}
	slices.Sort(names)
	return "there are " + strings.Join(names, ", ")
}

func (p place) pairs() ([]*ast.MappingValueNode, error) {
	switch n := p.node.(type) {
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	}
	return nil, p.fault("%s where members belong, such as key: value", p.what())
}

// list reads a list item by item.
func (p place) list(each func(place) error) error {
	n, ok := p.node.(*ast.SequenceNode)
	if !ok {
		return p.fault("%s where a list belongs, such as [a, b]", p.what())
	}
	for i, v := range n.Values {
		if err := each(place{node: v, path: fmt.Sprintf("%s[%d]", p.path, i)}); err != nil {
			return err
		}
	}
	return nil
}
