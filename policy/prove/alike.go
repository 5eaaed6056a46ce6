package prove

import "slices"

// closedTo is a scenario of a service call that what is the same in all its
// requests shuts out of some doors: "aws:PrincipalOrgID must be o-…", which no
// service has.
type closedTo struct {
	action  string
	sourced bool
	home    bool
	doors   []door
}

// alike reports whether all that is constant in a scenario of a service call is
// constant, and the same, for every other service that is as much sourced: only
// two keys tell the name of the service. A policy that lets everybody in is asked
// about a hundred services; the first speaks for all where constants decide.
func (p *proof) alike(s scenario) bool {
	return s.kind == serviceCall && !p.named["aws:principalservicename"] && !p.named["aws:principalservicenameslist"]
}

// shutBefore reports whether a scenario with the same constants was shut out of
// the same doors before it was searched.
func (p *proof) shutBefore(s scenario, doors []door) bool {
	return p.alike(s) && slices.ContainsFunc(p.barred, func(c closedTo) bool {
		return c.action == s.action && c.sourced == s.service.sourced() && c.home == s.home &&
			slices.EqualFunc(c.doors, doors, func(a, b door) bool { return a.index == b.index })
	})
}

func (p *proof) rememberShut(s scenario, doors []door) {
	if p.alike(s) {
		p.barred = append(p.barred, closedTo{s.action, s.service.sourced(), s.home, doors})
	}
}
