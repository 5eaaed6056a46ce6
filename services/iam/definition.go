package iam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Definition is everything that a role is made of: what stays the same however
// it is used. A plan holds it as the content of its steps on a role.
type Definition struct {
	Description string            `json:"description,omitempty"`
	Trust       string            `json:"trust"`       // JSON text
	MaxSession  int               `json:"max_session"` // seconds
	Boundary    string            `json:"boundary,omitempty"`
	Tags        map[string]string `json:"tags,omitempty"`
	Inline      map[string]string `json:"inline,omitempty"`   // JSON texts by name
	Attached    []string          `json:"attached,omitempty"` // ARNs, sorted
}

// Content writes a definition into a plan; nil, no role, is null.
func (d *Definition) Content() (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("writing a role: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// Clone copies a definition.
func (d *Definition) Clone() *Definition {
	c := *d
	c.Tags, c.Inline, c.Attached = maps.Clone(d.Tags), maps.Clone(d.Inline), slices.Clone(d.Attached)
	return &c
}
