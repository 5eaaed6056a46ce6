package profile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxFile bounds surety.yaml, in bytes. Ten thousand accounts, each with an owner and a
// reason, take a little more than one million; the YAML reader takes some seconds for eight.
const MaxFile = 8 << 20

// parseYAML reads the one document of a file. A file without a document gives a
// place without a node.
func parseYAML(data []byte) (root place, err error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF")) // a byte order mark, as editors of Windows write one
	switch {
	case len(data) > MaxFile:
		return place{}, fmt.Errorf("1:1: the file is larger than %d bytes: is it the right file", MaxFile)
	case !utf8.Valid(data):
		return place{}, errors.New("1:1: the file is no text in UTF-8: save it as UTF-8")
	}
	// The YAML reader is not ours and bad files are many: whatever it does with
	// one, the answer is an error.
	defer func() {
		if recover() != nil {
			root, err = place{}, errors.New("1:1: the file is no YAML that can be read")
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if t := tooDeep(tokens); t != nil {
		return place{}, fmt.Errorf("%d:%d: lists and objects within each other, more than %d deep: write it flatter", t.Position.Line, t.Position.Column, maxDepth)
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return place{}, syntaxFault(err)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if body != nil {
			return place{}, place{node: doc.Body}.fault("a second document: keep everything in one")
		}
		body = doc.Body
	}
	return place{node: body}, nil
}

// syntaxFault puts an error of the YAML reader into our form.
func syntaxFault(err error) error {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil || syntax.Token.Position == nil {
		return fmt.Errorf("1:1: the file is no YAML: %w", err)
	}
	what := syntax.Message
	if strings.Contains(what, "'\t'") {
		what = "a tab where the line is indented: write spaces"
	}
	return fmt.Errorf("%d:%d: %s", syntax.Token.Position.Line, syntax.Token.Position.Column, what)
}

// maxDepth is how deep lists and objects may lie within each other: far deeper
// than any member, far less than what makes the YAML reader run out of memory.
const maxDepth = 64

// tooDeep returns the token that goes too deep; nil when none does. Blocks are
// bounded by the size of the file, as each costs its indentation, unless they
// begin on one line.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, opened := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		}
		switch t.Type {
		case token.SequenceEntryType, token.MappingKeyType, token.TagType:
			opened++
		default:
			opened = 0
		}
		if flow > maxDepth || opened > maxDepth {
			return t
		}
	}
	return nil
}
