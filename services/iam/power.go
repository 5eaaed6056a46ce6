package iam

import (
	"slices"
	"strings"
)

// Power is what a role may do, at a glance.
type Power string

// The powers.
const (
	Administrator Power = "administrator" // every action on every resource
	Limited       Power = "limited"
	UnknownPower  Power = "unknown" // a policy's text is not known, so more cannot be ruled out
)

// Names returns the names of a role's policies: managed ones, then inline ones,
// as stored.
func (r *Role) Names() []string {
	names := []string{}
	for _, p := range r.Attached {
		names = append(names, p.Name)
	}
	for _, p := range r.Inline {
		names = append(names, p.Name)
	}
	return names
}

// Power reads a role's policies. A boundary caps what they give; managed finds
// the text of a managed policy by ARN ("" where it is not known).
//
// It looks for statements that allow everything without condition, not for
// every way in which a role can become an administrator.
func (r *Role) Power(managed func(arn string) string) Power {
	power := Limited
	for _, p := range slices.Concat(r.Attached, r.Inline) {
		power = stronger(power, p.power())
	}
	if denied(r) {
		return Limited
	}
	if r.Boundary == "" || power == Limited {
		return power
	}
	boundary := Policy{ARN: r.Boundary, Text: managed(r.Boundary)}
	switch boundary.power() {
	case Administrator:
		return power
	case Limited:
		return Limited
	}
	return UnknownPower
}

func stronger(a, b Power) Power {
	if a == Administrator || b == Administrator {
		return Administrator
	}
	if a == UnknownPower || b == UnknownPower {
		return UnknownPower
	}
	return Limited
}

// denied reports whether a policy of the role forbids everything.
func denied(r *Role) bool {
	return slices.ContainsFunc(slices.Concat(r.Attached, r.Inline), func(p Policy) bool {
		statements, _ := p.statements()
		return slices.ContainsFunc(statements, func(s Statement) bool { return s.Effect == "Deny" && s.everything() })
	})
}

func (p Policy) power() Power {
	statements, known := p.statements()
	switch {
	case slices.ContainsFunc(statements, func(s Statement) bool { return s.Effect == "Allow" && s.everything() }):
		return Administrator
	case !known && p.administrator():
		return Administrator
	case !known:
		return UnknownPower
	}
	return Limited
}

// administrator knows AWS's own policy by its ARN, in any partition.
func (p Policy) administrator() bool {
	return strings.HasPrefix(p.ARN, "arn:aws") && strings.HasSuffix(p.ARN, ":iam::aws:policy/AdministratorAccess")
}

// everything reports whether the statement holds for every action and resource,
// always.
func (s Statement) everything() bool {
	return len(s.Condition) == 0 && slices.ContainsFunc(s.Action, allActions) && slices.ContainsFunc(s.Resource, allStars)
}

func allStars(s string) bool { return s != "" && strings.Trim(s, "*") == "" }

func allActions(s string) bool {
	service, action, found := strings.Cut(s, ":")
	return allStars(service) && (!found || allStars(action))
}

// statements reads a policy's text; a text that cannot be read is not known.
func (p Policy) statements() (list []Statement, known bool) {
	d, err := ParseDocument(p.Text)
	if err != nil {
		return nil, false
	}
	return d.Statements, true
}
