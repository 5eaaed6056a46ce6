package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Variables is the version of the policy language that has policy variables; a
// document without it takes "${" as it is written.
const Variables = "2012-10-17"

// Document is an identity policy: what a role's policy, inline or managed, says.
type Document struct {
	Version    string // "" where none is written
	ID         string
	Statements []Statement
}

// Statement is one statement of an identity policy. Of each pair one is set:
// Action or NotAction, Resource or NotResource.
type Statement struct {
	Sid         string    `json:",omitempty"`
	Effect      string    // Allow or Deny
	Action      Texts     `json:",omitempty"`
	NotAction   Texts     `json:",omitempty"`
	Resource    Texts     `json:",omitempty"`
	NotResource Texts     `json:",omitempty"`
	Condition   Condition `json:",omitempty"`

	Variables bool `json:"-"` // "${" begins a policy variable
}

// Condition holds the values, one or a list, by operator and key, as written.
type Condition map[string]map[string]json.RawMessage

// Allows tells an Allow from a Deny.
func (s Statement) Allows() bool { return s.Effect == "Allow" }

// ParseDocument reads an identity policy as IAM stores it. What it does not know
// is an error: a statement that is half understood cannot be compared.
func ParseDocument(text string) (*Document, error) {
	var doc struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := strictly([]byte(text), &doc); err != nil {
		return nil, fmt.Errorf("reading an identity policy: %w", err)
	}
	d := &Document{Version: doc.Version, ID: doc.ID}
	var parts []json.RawMessage
	if json.Unmarshal(doc.Statement, &parts) != nil {
		parts = []json.RawMessage{doc.Statement}
	}
	for i, part := range parts {
		s := Statement{Variables: doc.Version == Variables}
		err := strictly(part, &s)
		if err == nil {
			err = s.check()
		}
		if err != nil {
			return nil, fmt.Errorf("reading an identity policy: statement %d: %w", i+1, err)
		}
		d.Statements = append(d.Statements, s)
	}
	return d, nil
}

// strictly reads JSON whose members are all known.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (s Statement) check() error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return fmt.Errorf("the effect %q is neither Allow nor Deny", s.Effect)
	case (len(s.Action) > 0) == (len(s.NotAction) > 0):
		return errors.New("it has not exactly one of Action and NotAction")
	case (len(s.Resource) > 0) == (len(s.NotResource) > 0):
		return errors.New("it has not exactly one of Resource and NotResource")
	}
	return nil
}

// Text writes the document as compact JSON.
func (d *Document) Text() (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(struct {
		Version   string `json:",omitempty"`
		ID        string `json:"Id,omitempty"`
		Statement []Statement
	}{d.Version, d.ID, d.Statements})
	if err != nil {
		return "", fmt.Errorf("writing an identity policy: %w", err)
	}
	return string(bytes.TrimSpace(b.Bytes())), nil
}

// allowing returns the Allow statements of a list.
func allowing(statements []Statement) []Statement {
	return slices.DeleteFunc(slices.Clone(statements), func(s Statement) bool { return !s.Allows() })
}

// Texts is an element that JSON may hold as one text or as a list of them; it is
// written as a list.
type Texts []string

// UnmarshalJSON implements [json.Unmarshaler].
func (o *Texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*o = Texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(o))
}
