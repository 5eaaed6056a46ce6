package prove

import (
	"strings"

	"surety/policy"
)

// proof is one document under one question, or one before and after a change.
type proof struct {
	Question
	doc    *policy.Document // that lets in
	after  *policy.Document // what takes its place, where it is asked who loses; else nil
	target target
	trust  trust
	named  map[string]bool // keys that the documents name, in lower case
	budget budget
	closed []reason   // by statement: why it lets nobody in
	barred []closedTo // scenarios that constants decide; see alike

	scenario scenario        // the one that is being looked at
	base     policy.Context  // what every request of the scenario carries
	sure     bool            // every request of it is trusted
	tells    map[string]bool // keys that can show of one that it is
}

func newProof(q Question, doc, after *policy.Document) (*proof, error) {
	t, err := parseFunction(q.Function)
	if err != nil {
		return nil, err
	}
	if q.Actions == nil {
		q.Actions = InvokeActions()
	}
	p := &proof{Question: q, doc: doc, after: after, target: t, named: map[string]bool{}}
	p.trust = newTrust(&p.Zone, t.owner)
	for _, d := range p.documents() {
		p.name(d)
	}
	return p, nil
}

// documents returns what is asked about: one document, or two.
func (p *proof) documents() []*policy.Document {
	if p.after == nil {
		return []*policy.Document{p.doc}
	}
	return []*policy.Document{p.doc, p.after}
}

// name notes the keys that a document names.
func (p *proof) name(d *policy.Document) {
	all := func(t test) {
		for _, template := range t.variables() {
			for _, key := range template.Keys() {
				p.named[key] = true
			}
		}
	}
	for i := range d.Statements {
		s := &d.Statements[i]
		for j := range s.Conditions {
			c := &s.Conditions[j]
			p.named[lower(c.Key)] = true
			all(test{doc: d, effect: s.Effect, cond: c})
		}
		all(test{doc: d, effect: s.Effect, resources: &s.Resources})
	}
}

func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

// mentions reports whether a document spells out a text in a principal or in
// the value of a condition.
func (p *proof) mentions(text string) bool {
	for _, d := range p.documents() {
		for i := range d.Statements {
			if spells(&d.Statements[i], text) {
				return true
			}
		}
	}
	return false
}

func spells(s *policy.Statement, text string) bool {
	for _, e := range s.Principals.Entries {
		if strings.Contains(e.Text, text) {
			return true
		}
	}
	for _, c := range s.Conditions {
		for _, v := range c.Values {
			if strings.Contains(v, text) {
				return true
			}
		}
	}
	return false
}

// door is one Allow statement through one entry of its Principal element; a
// NotPrincipal element is one door. Whether anybody comes in whom the question is
// about is asked of each door.
type door struct {
	statement int
	principal string // entry as written
	element   policy.Principals
	hit       *clause // a Deny that must apply as well; nil: none
	index     int     // among all doors
}

// doors returns the doors that are not closed at first sight: an entry that
// lets in only the trusted, or nobody, needs no proof.
func (p *proof) doors() []door {
	var doors []door
	for i := range p.doc.Statements {
		for _, d := range entries(&p.doc.Statements[i], i) {
			if d.element.Negated || !p.trust.entry(d.element.Entries[0]) {
				doors = append(doors, d)
			}
		}
	}
	return doors
}

// entries returns the doors of a statement, which has the index i.
func entries(s *policy.Statement, i int) []door {
	if s.Effect != policy.Allow || s.Void {
		return nil
	}
	if s.Principals.Negated {
		return []door{{statement: i, principal: notPrincipal(s.Principals), element: s.Principals}}
	}
	doors := make([]door, len(s.Principals.Entries))
	for j, e := range s.Principals.Entries {
		doors[j] = door{statement: i, principal: e.Text, element: policy.Principals{Entries: s.Principals.Entries[j : j+1 : j+1]}}
	}
	return doors
}

func notPrincipal(ps policy.Principals) string {
	texts := make([]string, len(ps.Entries))
	for i, e := range ps.Entries {
		texts[i] = e.Text
	}
	return "everybody but " + strings.Join(texts, ", ")
}
