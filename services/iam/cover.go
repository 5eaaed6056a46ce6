package iam

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Access is an action on a resource, as a statement names them; the resource may
// also be that of a NotResource, see [Access.String].
type Access struct {
	Action, Resource string
}

const but = "everything but "

// String says what the access is, for people.
func (a Access) String() string {
	on := a.Resource
	if on == "*" {
		on = "any resource"
	}
	return a.Action + " on " + on
}

// names lists an element, or its negation as one name.
func names(yes, not Texts) []string {
	if len(not) == 0 {
		return yes
	}
	return []string{but + strings.Join(slices.Sorted(slices.Values(not)), ", ")}
}

// Missing lists what s allows and no statement of have allows for certain: each
// action on each resource of s, in order. Deny statements are not looked at; a
// role that keeps all of them is not widened by that. A variable of a policy
// counts as met by the same text and by "*" only.
func (s Statement) Missing(have []Statement) []Access {
	var missing []Access
	have = allowing(have)
	for _, action := range names(s.Action, s.NotAction) {
		for _, on := range names(s.Resource, s.NotResource) {
			given := slices.ContainsFunc(have, func(h Statement) bool {
				return h.holdsAction(action) && h.holdsResource(on, s.Variables) && s.Condition.implies(h.Condition) && (h.Variables == s.Variables || !s.speaks() && !h.speaks())
			})
			if !given {
				missing = append(missing, Access{action, on})
			}
		}
	}
	return missing
}

// speaks reports whether the statement holds what is a variable in one version of
// the language and a text in the other.
func (s Statement) speaks() bool {
	has := func(text string) bool { return strings.Contains(text, "${") }
	condition, _ := json.Marshal(s.Condition) // read from JSON, so it is written
	return slices.ContainsFunc(s.Resource, has) || slices.ContainsFunc(s.NotResource, has) || has(string(condition))
}

// holdsAction reports whether s names every action that a name of [names] stands
// for. True is certain. Actions are compared without regard to case.
func (s Statement) holdsAction(name string) bool {
	if len(s.NotAction) > 0 {
		return name == names(nil, s.NotAction)[0] || !wild(name, false) && !strings.HasPrefix(name, but) &&
			!slices.ContainsFunc(s.NotAction, func(p string) bool { return overlap(strings.ToLower(name), strings.ToLower(p)) })
	}
	return slices.ContainsFunc(s.Action, func(p string) bool {
		return allActions(p) || !strings.HasPrefix(name, but) && inside(strings.ToLower(name), strings.ToLower(p))
	})
}

// holdsResource is holdsAction for resources.
func (s Statement) holdsResource(name string, variables bool) bool {
	if len(s.NotResource) > 0 {
		return name == names(nil, s.NotResource)[0] || !wild(name, true) && !strings.HasPrefix(name, but) &&
			!slices.ContainsFunc(s.NotResource, func(p string) bool { return overlap(name, loosened(p)) })
	}
	return slices.ContainsFunc(s.Resource, func(p string) bool {
		return allStars(p) || !strings.HasPrefix(name, but) && resourceInside(name, p, variables || s.Variables)
	})
}

// implies reports whether c holds only where other holds: it has every test of it.
func (c Condition) implies(other Condition) bool {
	for operator, keys := range other {
		for key, values := range keys {
			mine, has := c[operator][key]
			if !has || !sameValue(mine, values) {
				return false
			}
		}
	}
	return true
}

func sameValue(a, b json.RawMessage) bool {
	var one, two any
	return json.Unmarshal(a, &one) == nil && json.Unmarshal(b, &two) == nil && reflect.DeepEqual(one, two)
}

// and joins two conditions. Where both test one key by one operator, only the test
// of c stays: one statement cannot say both. Neither has a letter case of its own.
func (c Condition) and(other Condition) Condition {
	both := Condition{}
	for operator, keys := range c {
		both[operator] = maps.Clone(keys)
	}
	for operator, keys := range other {
		for key, values := range keys {
			if c.tests(operator, key) {
				continue
			}
			if both[operator] == nil {
				both[operator] = map[string]json.RawMessage{}
			}
			both[operator][key] = values
		}
	}
	if len(both) == 0 {
		return nil
	}
	return both
}

func (c Condition) tests(operator, key string) bool {
	for mine, keys := range c {
		for k := range keys {
			if strings.EqualFold(mine, operator) && strings.EqualFold(k, key) {
				return true
			}
		}
	}
	return false
}

// Limit returns what s, an Allow, gives of what is wanted: a statement that lies
// within s whatever wanted says. ok is false where there is nothing, or nothing
// that can be told apart for certain.
//
// A resource of s that is neither within a wanted one nor holds it is taken over
// as it is where the two may overlap.
func (s Statement) Limit(wanted Statement) (part Statement, ok bool) {
	if !s.Allows() || len(wanted.NotAction)+len(wanted.NotResource) > 0 {
		return Statement{}, false
	}
	part = Statement{Effect: "Allow", Condition: s.Condition.and(wanted.Condition), Variables: s.Variables}
	for _, action := range wanted.Action {
		if s.holdsAction(action) {
			part.Action = append(part.Action, action)
			continue
		}
		for _, p := range s.Action {
			if inside(strings.ToLower(p), strings.ToLower(action)) {
				part.Action = append(part.Action, p)
			}
		}
	}
	for _, on := range wanted.Resource {
		if s.holdsResource(on, s.Variables) {
			part.Resource = append(part.Resource, on)
			continue
		}
		if len(s.NotResource) > 0 {
			part.Resource, part.NotResource = nil, s.NotResource
			break
		}
		for _, p := range s.Resource {
			if overlap(loosened(p), on) {
				part.Resource = append(part.Resource, p)
			}
		}
	}
	slices.Sort(part.Resource)
	part.Resource = slices.Compact(part.Resource)
	if len(part.Action) == 0 || len(part.Resource)+len(part.NotResource) == 0 || part.speaks() && !s.Variables {
		return Statement{}, false
	}
	return part, true
}
