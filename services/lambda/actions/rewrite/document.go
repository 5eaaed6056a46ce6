package rewrite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"surety/policy"
)

// LargestPolicy is the quota on a resource policy, in characters.
// Source: Lambda developer guide, quotas.
const LargestPolicy = 20480

// Stored is a policy as the service keeps it, opened so that statements can be
// exchanged and all else stays as it is written.
type Stored struct {
	*policy.Document
	Text  string
	Raw   []json.RawMessage // the statements, as written
	exact []bool            // what is read of a statement is all that it says
	head  []member          // everything but the statements, in order
	place int               // of Statement among head
}

type member struct {
	name  string
	value json.RawMessage
}

// Open reads a stored policy. An error means that its statements cannot be told
// apart, so that nothing in it can be changed safely.
func Open(text string) (*Stored, error) {
	doc, _, err := policy.ParseStored(text)
	if err != nil {
		return nil, fmt.Errorf("reading the policy: %w", err)
	}
	s := &Stored{Document: doc, Text: text, place: -1}
	d := json.NewDecoder(strings.NewReader(text))
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("reading the policy: %w", err)
	}
	for d.More() {
		var m member
		name, err := d.Token()
		if err == nil {
			m.name, _ = name.(string)
			err = d.Decode(&m.value)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the policy: %w", err)
		}
		if m.name == "Statement" {
			if s.place >= 0 {
				return nil, fmt.Errorf("reading the policy: Statement stands twice in it")
			}
			s.place = len(s.head)
			s.Raw = list(m.value)
		}
		s.head = append(s.head, m)
	}
	if s.place < 0 || len(s.Raw) != len(doc.Statements) {
		return nil, fmt.Errorf("reading the policy: its statements cannot be told apart")
	}
	for _, raw := range s.Raw {
		s.exact = append(s.exact, exact(doc.Version, raw))
	}
	return s, nil
}

// list returns the elements of a list; what stands alone is a list of one.
func list(raw json.RawMessage) []json.RawMessage {
	var all []json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		return []json.RawMessage{raw}
	}
	return all
}

// exact reports whether a statement is read as what it says, no wider. A name
// where an object of names belongs is such a reading.
func exact(version policy.Version, raw json.RawMessage) bool {
	text, err := compact([]member{{"Version", quoted(string(version))}, {"Statement", raw}})
	if err != nil {
		return false
	}
	if version == "" {
		text, _ = compact([]member{{"Statement", raw}})
	}
	_, notes, err := policy.ParseStored(text)
	for _, note := range notes {
		if !strings.Contains(note, "not an object; read as what it names") {
			return false
		}
	}
	return err == nil
}

func quoted(s string) json.RawMessage {
	text, _ := json.Marshal(s) // a string is always written
	return text
}

// with returns the policy with other statements; "" when none is left.
func (s *Stored) with(statements []json.RawMessage) (string, error) {
	if len(statements) == 0 {
		return "", nil
	}
	head := append([]member{}, s.head...)
	var b bytes.Buffer
	b.WriteByte('[')
	b.Write(bytes.Join(asBytes(statements), []byte(",")))
	b.WriteByte(']')
	head[s.place].value = b.Bytes()
	return compact(head)
}

func asBytes(all []json.RawMessage) [][]byte {
	out := make([][]byte, len(all))
	for i, one := range all {
		out[i] = one
	}
	return out
}

// compact writes an object whose members keep their order.
func compact(members []member) (string, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(quoted(m.name))
		b.WriteByte(':')
		if err := json.Compact(&b, m.value); err != nil {
			return "", fmt.Errorf("writing the policy: %w", err)
		}
	}
	b.WriteByte('}')
	return b.String(), nil
}

// printed writes one statement in its canonical form.
func printed(s policy.Statement) (json.RawMessage, error) {
	text, err := policy.Document{Statements: []policy.Statement{s}}.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("writing a statement: %w", err)
	}
	var doc struct{ Statement []json.RawMessage }
	if err := json.Unmarshal(text, &doc); err != nil || len(doc.Statement) != 1 {
		return nil, fmt.Errorf("writing a statement: %w", err)
	}
	return doc.Statement[0], nil
}
