package prove

import (
	"slices"
	"strings"

	"surety/policy"
)

// proof is one document under one question.
type proof struct {
	Question
	doc    *policy.Document
	target target
	trust  trust
	named  map[string]bool // keys that the document names, in lower case
	budget budget
	closed []reason   // by statement: why it lets nobody in
	barred []closedTo // scenarios that constants decide; see alike

	scenario scenario       // the one that is being looked at
	base     policy.Context // what every request of the scenario carries
}

func newProof(doc *policy.Document, q Question) (*proof, error) {
	t, err := parseFunction(q.Function)
	if err != nil {
		return nil, err
	}
	if q.Actions == nil {
		q.Actions = InvokeActions()
	}
	p := &proof{Question: q, doc: doc, target: t, trust: newTrust(q.Zone, t.owner), named: map[string]bool{}}
	for i := range doc.Statements {
		s := &doc.Statements[i]
		for j := range s.Conditions {
			c := &s.Conditions[j]
			p.named[lower(c.Key)] = true
			t := test{effect: s.Effect, cond: c}
			for _, template := range t.variables(p) {
				for _, key := range template.Keys() {
					p.named[key] = true
				}
			}
		}
		t := test{effect: s.Effect, resources: &s.Resources}
		for _, template := range t.variables(p) {
			for _, key := range template.Keys() {
				p.named[key] = true
			}
		}
	}
	return p, nil
}

func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

// mentions reports whether the document spells out a text in a principal or in
// the value of a condition.
func (p *proof) mentions(text string) bool {
	for i := range p.doc.Statements {
		s := &p.doc.Statements[i]
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
	}
	return false
}

// door is one Allow statement through one entry of its Principal element; a
// NotPrincipal element is one door. Whether a stranger comes in is asked of
// each door.
type door struct {
	statement int
	principal string // entry as written
	element   policy.Principals
	index     int // among all doors
}

// doors returns the doors that are not closed at first sight: an entry that
// lets in only the trusted, or nobody, needs no proof.
func (p *proof) doors() []door {
	var doors []door
	for i := range p.doc.Statements {
		s := &p.doc.Statements[i]
		if s.Effect != policy.Allow || s.Void {
			continue
		}
		if s.Principals.Negated {
			doors = append(doors, door{statement: i, principal: notPrincipal(s.Principals), element: s.Principals})
			continue
		}
		for _, e := range s.Principals.Entries {
			if !p.trust.entry(e) {
				doors = append(doors, door{statement: i, principal: e.Text, element: policy.Principals{Entries: []policy.Principal{e}}})
			}
		}
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

// scenarios calls visit with every shape of caller and action that could come
// in by a door, most telling first, until it returns false.
func (p *proof) scenarios(doors []door, visit func(scenario) bool) {
	for _, k := range []kind{roleSession, user, root, federated, anonymous} {
		for _, action := range p.Actions {
			if k == anonymous && action != invokeFunctionURL && action != invokeFunction {
				continue
			}
			if !visit(scenario{kind: k, action: action}) {
				return
			}
		}
	}
	for _, svc := range p.callingServices(doors) {
		for _, action := range p.Actions {
			if !visit(scenario{kind: serviceCall, service: svc, action: action}) {
				return
			}
		}
	}
}

// callingServices returns the services that the document names, and all others
// where a door is open to everybody.
func (p *proof) callingServices(doors []door) []service {
	open := slices.ContainsFunc(doors, func(d door) bool {
		return d.element.Negated || slices.ContainsFunc(d.element.Entries, func(e policy.Principal) bool {
			return e.Kind == policy.Everyone || e.Kind == policy.EveryAWS
		})
	})
	var names []string
	var all []service
	add := func(s service) {
		if !slices.Contains(names, s.named) && !s.inside() && !p.trust.service[s.named] {
			names, all = append(names, s.named), append(all, s)
		}
	}
	for i := range p.doc.Statements {
		s := &p.doc.Statements[i]
		for _, e := range s.Principals.Entries {
			if e.Kind == policy.ServicePrincipal {
				add(lookup(e.Text))
			}
		}
		for _, c := range s.Conditions {
			if key := lower(c.Key); open && (key == "aws:principalservicename" || key == "aws:principalservicenameslist") {
				for _, v := range c.Values {
					if isService(v) {
						add(lookup(v))
					}
				}
			}
		}
	}
	if open {
		for _, s := range everyService(p.target.region) {
			add(s)
		}
	}
	return all
}

// caller returns who calls in a scenario where that is fixed.
func (s scenario) caller() policy.Caller {
	switch s.kind {
	case anonymous:
		return policy.Caller{Type: policy.AnonymousCaller}
	case serviceCall:
		return policy.Caller{Type: policy.ServiceCaller, Service: s.service.named}
	}
	return policy.Caller{}
}

// could reports whether a caller of the scenario's shape could match an element.
func (p *proof) could(s scenario, d door) bool {
	if !s.iam() {
		return d.element.Match(s.caller(), p.target.partition, policy.Allow)
	}
	if d.element.Negated {
		return true
	}
	e := d.element.Entries[0]
	switch e.Kind {
	case policy.ServicePrincipal, policy.UniqueID:
		return false
	case policy.ARNPrincipal:
		parts := strings.SplitN(e.Text, ":", 6)
		if len(parts) < 6 || parts[1] != p.target.partition {
			return false
		}
		shape, _, _ := strings.Cut(parts[5], "/")
		switch s.kind {
		case roleSession:
			return shape == "role" || shape == "assumed-role"
		case user:
			return shape == "user"
		case federated:
			return shape == "federated-user"
		}
		return false
	case policy.AccountPrincipal:
		return e.Partition == "" || e.Partition == p.target.partition
	}
	return true
}
