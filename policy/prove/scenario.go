package prove

import (
	"iter"
	"slices"
	"strings"

	"surety/policy"
)

// kind is the shape of a caller.
type kind uint8

const (
	roleSession kind = iota
	user
	root
	federated
	anonymous
	serviceCall
)

// scenario is one shape of caller calling one action: what is left to choose
// are the texts of its keys.
type scenario struct {
	kind    kind
	service service // of a serviceCall
	action  string
	// home is set where the account of the caller, or behind the service, is the
	// owner's; it is another one else.
	home bool
}

func (s scenario) iam() bool { return s.kind <= federated }

// scenarios calls visit with every shape of caller and action that could come
// in by a door and that the question is about, most telling first, until it
// returns false.
func (p *proof) scenarios(doors []door, visit func(scenario) bool) {
	homes := []bool{false} // strangers are elsewhere
	if p.after != nil {
		homes = []bool{true, false}
	}
	for _, home := range homes {
		for s := range p.shapes(doors) {
			s.home = home
			for _, s.action = range p.Actions {
				if p.matters(s) && !visit(s) {
					return
				}
			}
		}
	}
}

// shapes yields every shape of caller that could come in by a door, without an
// action. Services are gathered once they are come to: most strangers are found
// before.
func (p *proof) shapes(doors []door) iter.Seq[scenario] {
	return func(yield func(scenario) bool) {
		for _, k := range [...]kind{roleSession, user, root, federated, anonymous} {
			if !yield(scenario{kind: k}) {
				return
			}
		}
		for _, s := range p.callingServices(doors) {
			if !yield(scenario{kind: serviceCall, service: s}) {
				return
			}
		}
	}
}

// matters reports whether there are such callers, and the question is about some
// of them.
func (p *proof) matters(s scenario) bool {
	switch {
	case s.kind == anonymous:
		if s.home || s.action != invokeFunctionURL && s.action != invokeFunction {
			return false
		}
	case s.kind == serviceCall && (s.home && !s.service.sourced() || !s.home && s.service.inside()):
		return false // no account is behind it, or none but the owner's
	}
	if p.after == nil {
		return !p.certain(s)
	}
	return p.certain(s) || len(p.telling(s)) > 0 || s.iam() && len(p.Zone.Accounts)+len(p.Zone.Principals) > 0
}

// callingServices returns the services that a document names, and where a door
// is open to everybody all others.
func (p *proof) callingServices(doors []door) []service {
	open := slices.ContainsFunc(doors, func(d door) bool {
		return d.element.Negated || slices.ContainsFunc(d.element.Entries, func(e policy.Principal) bool {
			return e.Kind == policy.Everyone || e.Kind == policy.EveryAWS
		})
	})
	var named []string
	for _, d := range p.documents() {
		named = append(named, namedServices(d, open)...)
	}
	var every []service
	if open {
		every = everyService(p.target.region)
	}
	all := make([]service, 0, len(named)+len(every)+len(p.Zone.Services))
	has := func(name string, among []service) bool {
		for i := range among {
			if among[i].named == name {
				return true
			}
		}
		return false
	}
	add := func(names []string) {
		for _, name := range names {
			if !has(name, all) {
				all = append(all, lookup(name))
			}
		}
	}
	add(named)
	told := all
	for i := range every { // no two of them have one name
		if !has(every[i].named, told) {
			all = append(all, every[i])
		}
	}
	if open {
		add(p.otherServices())
		add(p.Zone.Services)
	}
	return all
}

// namedServices returns the services in the principals of a document and, with
// tested, those that its conditions compare with.
func namedServices(d *policy.Document, tested bool) []string {
	var names []string
	for i := range d.Statements {
		s := &d.Statements[i]
		for _, e := range s.Principals.Entries {
			if e.Kind == policy.ServicePrincipal {
				names = append(names, e.Text)
			}
		}
		for _, c := range s.Conditions {
			if tested && serviceKey(lower(c.Key)) {
				names = append(names, slices.DeleteFunc(slices.Clone(c.Values), func(v string) bool { return !policy.IsService(v) })...)
			}
		}
	}
	return names
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
		return d.element.Match(s.caller(), p.target.partition, policy.Allow) &&
			(d.hit == nil || d.hit.Principals.Match(s.caller(), p.target.partition, policy.Deny))
	}
	return d.element.Negated || slices.ContainsFunc(d.element.Entries, func(e policy.Principal) bool { return p.couldBe(s, e) })
}

// couldBe reports whether an IAM caller of the scenario's shape could match an
// entry.
func (p *proof) couldBe(s scenario, e policy.Principal) bool {
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
