package awssim

import (
	"bytes"
	"encoding/json"
)

// document is a stored policy, opened as far as AddPermission and
// RemovePermission need: statements stay the text that they are.
type document struct {
	Version   json.RawMessage   `json:",omitempty"`
	ID        json.RawMessage   `json:"Id,omitempty"`
	Statement []json.RawMessage `json:"-"`
}

// parseDocument opens a stored policy. One statement that stands alone counts
// as a list of one.
func parseDocument(text string) (*document, error) {
	var in struct {
		document
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return nil, &failure{status: 500, code: "ServiceException", side: "Service", message: "The stored policy could not be read."}
	}
	d := in.document
	if err := json.Unmarshal(in.Statement, &d.Statement); err != nil {
		d.Statement = []json.RawMessage{in.Statement}
	}
	return &d, nil
}

func newDocument() *document {
	return &document{Version: json.RawMessage(`"2012-10-17"`), ID: json.RawMessage(`"default"`)}
}

func sidOf(statement json.RawMessage) string {
	var s struct{ Sid string }
	_ = json.Unmarshal(statement, &s) // a statement that cannot be read has no Sid
	return s.Sid
}

func (d *document) has(sid string) bool {
	for _, s := range d.Statement {
		if sidOf(s) == sid {
			return true
		}
	}
	return false
}

// remove takes out the first statement of that Sid; false when there is none.
func (d *document) remove(sid string) bool {
	for i, s := range d.Statement {
		if sidOf(s) == sid {
			d.Statement = append(d.Statement[:i], d.Statement[i+1:]...)
			return true
		}
	}
	return false
}

func (d *document) String() string {
	out := struct {
		document
		Statement []json.RawMessage
	}{*d, d.Statement}
	return compact(out)
}

// compact writes JSON in one line without touching <, > and &.
func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // what was read as JSON can be written
	return string(bytes.TrimSpace(b.Bytes()))
}
