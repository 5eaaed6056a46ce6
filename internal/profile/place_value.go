package profile

import (
	"encoding/json"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// text reads a string. Text that looks like a number must be quoted, since YAML
// drops the zeros that account ids may begin with.
func (p place) text(into *string) error {
	switch n := p.node.(type) {
	case *ast.StringNode:
		quoted := n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
		if !quoted && n.Value != "" && strings.Trim(n.Value, "0123456789") == "" {
			return p.fault("%s is a number: put it in quotes, %q", n.Value, n.Value)
		}
		*into = n.Value
		return nil
	case *ast.LiteralNode:
		*into = n.Value.Value
		return nil
	case *ast.IntegerNode, *ast.FloatNode:
		written := p.node.GetToken().Value
		return p.fault("%s is a number: put it in quotes, %q", written, written)
	}
	return p.fault("%s where text belongs", p.what())
}

func (p place) bool(into *bool) error {
	n, ok := p.node.(*ast.BoolNode)
	if !ok {
		return p.fault("%s where true or false belongs", p.what())
	}
	*into = n.Value
	return nil
}

func (p place) what() string {
	switch p.node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return "text"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.BoolNode:
		return "true or false"
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "an object"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return "an anchor, alias or tag (write the value out)"
	}
	if p.absent() {
		return "nothing"
	}
	return "something else"
}

// json gives the value as JSON, for settings that only their rule understands.
func (p place) json() (json.RawMessage, error) {
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

func (p place) value() (any, error) {
	switch n := p.node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		var s string
		err := p.text(&s)
		return s, err
	case *ast.IntegerNode:
		return n.Value, nil
	case *ast.FloatNode:
		return n.Value, nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.SequenceNode:
		items := []any{}
		err := p.list(func(item place) error {
			v, err := item.value()
			items = append(items, v)
			return err
		})
		return items, err
	case *ast.MappingNode, *ast.MappingValueNode:
		return p.object()
	}
	if p.absent() {
		return nil, p.empty()
	}
	return nil, p.fault("%s may not stand here", p.what())
}

func (p place) object() (map[string]any, error) {
	pairs, err := p.pairs()
	if err != nil {
		return nil, err
	}
	object := map[string]any{}
	for _, v := range pairs {
		name, ok := v.Key.(*ast.StringNode)
		if !ok {
			return nil, place{node: v.Key, path: p.path}.fault("a member's name is text")
		}
		below := place{node: v.Value, path: p.path + "." + name.Value}
		if object[name.Value], err = below.value(); err != nil {
			return nil, err
		}
	}
	return object, nil
}
