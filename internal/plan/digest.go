package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// largest bounds a plan file, in bytes.
const largest = 64 << 20

// Seal puts the digest of everything else into p: the SHA-256, in hex, of its
// canonical form, which is JSON without white space, members in the order of
// their names, without the member digest itself.
func (p *Plan) Seal() error {
	if p.Steps == nil {
		p.Steps = []Step{} // an empty list, never null
	}
	text, err := encode(p)
	if err != nil {
		return err
	}
	p.Digest, err = digest(text)
	return err
}

// Encode writes a sealed plan as one line of JSON, so that its digest holds for
// the text.
func (p *Plan) Encode() ([]byte, error) { return encode(p) }

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("writing a plan: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

func digest(text []byte) (string, error) {
	var members map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&members); err != nil {
		return "", fmt.Errorf("reading the plan: it is not one JSON object: %w", err)
	}
	delete(members, "digest")
	canonical, err := encode(members) // maps are written in the order of their keys
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

// ErrChanged means that a plan is not what it was when it was made.
var ErrChanged = errors.New("the plan was changed after it was made (its digest does not fit): make a new one with surety fix plan")

// Read reads a plan from a file or whatever else, see [Decode]. It never reads more
// than a plan may have.
func Read(r io.Reader) (*Plan, error) {
	text, err := io.ReadAll(io.LimitReader(r, largest+1))
	if err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	return Decode(text)
}

// Decode reads a plan. A later schema, a digest that does not fit ([ErrChanged])
// and a plan without its members are errors.
func Decode(text []byte) (*Plan, error) {
	if len(text) > largest {
		return nil, fmt.Errorf("reading the plan: it is larger than %d bytes", largest)
	}
	var head struct{ Schema int }
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("reading the plan: it is no JSON of a plan: %w", err)
	}
	if head.Schema != Schema {
		return nil, fmt.Errorf("reading the plan: it has schema %d, and this program reads %d: use the program that made it", head.Schema, Schema)
	}
	sum, err := digest(text)
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading the plan: something follows after it")
	}
	if p.Digest != sum {
		return nil, ErrChanged
	}
	return p, p.check()
}

// check refuses what no plan of ours looks like, so that whoever applies it
// need not ask.
func (p *Plan) check() error {
	if !validID(p.ID) {
		return fmt.Errorf("reading the plan: its id %q is none: letters, digits and hyphens, 64 at most", p.ID)
	}
	for i, s := range p.Steps {
		if s.Action == "" || s.Resource == "" || len(s.Before) == 0 || len(s.After) == 0 || s.Group == "" {
			return fmt.Errorf("reading the plan: step %d lacks action, resource, group, before or after", i+1)
		}
		if of := account(s.Resource); of != "" && of != p.Account { // calls name functions and roles without it
			return fmt.Errorf("reading the plan: it is for account %q, and step %d is on a resource of %q", p.Account, i+1, of)
		}
	}
	return nil
}

// validID keeps ids usable as file names.
func validID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return id[0] != '-'
}
