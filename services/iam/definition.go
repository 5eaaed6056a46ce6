package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
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

// MostInline is how many characters all inline policies of a role may have
// together, white space not counted. Source: IAM user guide, IAM quotas.
const MostInline = 10240

// MostTags is how many tags a role may have. Source: IAM user guide, IAM quotas.
const MostTags = 50

// Room is what the quotas of an account leave for one more role.
type Room struct {
	Roles    int // how many more there may be
	Attached int // how many managed policies each may have
}

// Fits says why the role cannot be made, and nil when it can. A document that is
// no JSON counts as it is.
func (d *Definition) Fits(room Room) error {
	if room.Roles < 1 {
		return errors.New("the account has no room for another role (quota RolesPerAccount): ask AWS to raise it, or delete roles")
	}
	if len(d.Attached) > room.Attached {
		return fmt.Errorf("the role would have %d managed policies, and %d are the most here (quota AttachedPoliciesPerRole): ask AWS to raise it", len(d.Attached), room.Attached)
	}
	long := 0
	for _, text := range d.Inline {
		var b bytes.Buffer
		if json.Compact(&b, []byte(text)) == nil {
			text = b.String()
		}
		long += utf8.RuneCountInString(text)
	}
	if long > MostInline {
		return fmt.Errorf("its inline policies would have %d characters, and %d are the most: use --strategy clone, or make the shared role's policies shorter first", long, MostInline)
	}
	return nil
}
