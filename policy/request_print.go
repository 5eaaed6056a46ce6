package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// MarshalJSON writes the shape that [ParseRequest] reads, keys sorted. A caller
// without a type, which that shape does not know, is an error.
func (r Request) MarshalJSON() ([]byte, error) {
	var principal any
	switch c := r.Caller; c.Type {
	case IAMCaller:
		var session *string
		if c.Session != "" {
			session = &c.Session
		}
		principal = struct {
			Type    CallerType `json:"type"`
			Account string     `json:"account"`
			ARN     string     `json:"arn"`
			Session *string    `json:"session"`
		}{c.Type, c.Account, c.ARN, session}
	case ServiceCaller:
		principal = struct {
			Type    CallerType `json:"type"`
			Service string     `json:"service"`
		}{c.Type, c.Service}
	case AnonymousCaller:
		principal = struct {
			Type CallerType `json:"type"`
		}{c.Type}
	default:
		return nil, fmt.Errorf("writing a request: %q is no type of caller", r.Caller.Type)
	}
	return unescaped(struct {
		Principal any     `json:"principal"`
		Action    string  `json:"action"`
		Resource  string  `json:"resource"`
		Context   Context `json:"context"`
	}{principal, r.Action, r.Resource, r.Context})
}

// MarshalJSON writes the keys sorted, a nil Context as an empty object.
func (c Context) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, key := range slices.Sorted(maps.Keys(c)) {
		b.WriteByte("{,"[min(i, 1)])
		name, err := unescaped(key)
		if err != nil {
			return nil, fmt.Errorf("writing context key %q: %w", key, err)
		}
		b.Write(name)
		b.WriteByte(':')
		value, err := unescaped(c[key])
		if err != nil {
			return nil, fmt.Errorf("writing the value of %q: %w", key, err)
		}
		b.Write(value)
	}
	if len(c) == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MarshalJSON writes one text as a string and any other number of them, or a
// List of one, as a list.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.List && len(v.Texts) == 1 {
		return unescaped(v.Texts[0])
	}
	return unescaped(append([]string{}, v.Texts...))
}

// unescaped is json.Marshal without the escapes that only HTML needs.
func unescaped(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}
