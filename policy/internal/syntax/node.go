// Package syntax reads JSON into a tree that remembers where everything stood.
//
// The reader takes RFC 8259 at its word: UTF-8 without a byte order mark, one
// value and nothing after it. It keeps what encoding/json throws away and a
// policy depends on: repeated members, their order, and numbers as written.
package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds of JSON values.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String names the kind as a message to the user does.
func (k Kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "an object"}[k]
}

// Node is one JSON value.
type Node struct {
	Kind    Kind
	Offset  int32    // of its first byte
	Text    string   // String: its value; Bool, Number: as written; else ""
	Members []Member // of an Object or an Array, in order, repeats included
}

// Member is one name and value of an Object, or one item of an Array.
type Member struct {
	Name   string // "" in an Array
	Offset int32  // of the name, in an Array of the value
	Value  Node
}

// Error says what is wrong with a text and at which byte.
type Error struct {
	Offset int
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("byte %d: %s", e.Offset, e.Reason) }

// Position returns the line and the column of a byte, both from 1. Columns
// count characters; an invalid byte counts as one.
func Position(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}
