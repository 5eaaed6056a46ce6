package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/iam"
)

// describe looks up what the shared roles may do.
func (a *roles) describe(v rule.View) {
	if gaps := v.GapsOf(resource.Ref{}, iam.FacetDetails); len(gaps) > 0 {
		a.note = fmt.Sprintf("what the role may do was not read: %s (%s)", gaps[0].Facet, gaps[0].Code)
	}
	known := v.Of(iam.RoleType)
	for _, res := range known {
		role := res.(*iam.Role)
		if g := a.groups[fold(role.ARN)]; g != nil {
			g.role = role
		}
	}
	texts := managedTexts(known)
	for _, g := range a.groups {
		g.power, g.policies = iam.UnknownPower, []string{}
		if g.role != nil {
			g.power = g.role.Power(func(arn string) string { return texts[arn] })
			g.policies = g.role.Names()
		}
	}
}

// managedTexts finds the text of managed policies by ARN, for boundaries.
func managedTexts(known []resource.Resource) map[string]string {
	texts := map[string]string{}
	for _, res := range known {
		for _, p := range res.(*iam.Role).Attached {
			if p.Text != "" {
				texts[p.ARN] = p.Text
			}
		}
	}
	return texts
}

func (g *group) use(users []user) roleUse {
	return roleUse{ARN: g.arn, Functions: users, Power: g.power, Policies: g.policies}
}

// evidence writes what a function shares. When that is one role with everybody,
// it is the same text for all of them, and written once.
func (a *roles) evidence(shared []share, notes []string) any {
	if len(shared) == 1 && len(shared[0].users) == len(shared[0].group.users) && len(notes) == 0 {
		g := shared[0].group
		g.once.Do(func() {
			g.whole = written(sharing{Roles: []roleUse{g.use(g.users)}, Scope: a.scope, Notes: a.common(g)})
		})
		return g.whole
	}
	if len(shared) == 0 && len(notes) == 0 {
		return a.alone
	}
	return a.write(shared, notes)
}

// written is evidence as text, for many checks to share; as it is where it cannot
// be written.
func written(evidence any) any {
	raw, err := json.Marshal(evidence)
	if err != nil {
		return evidence
	}
	return json.RawMessage(raw)
}

// write is the evidence of what a function shares, in the order of the roles.
func (a *roles) write(shared []share, notes []string) sharing {
	found := sharing{Roles: []roleUse{}, Scope: a.scope, Notes: notes}
	for _, s := range shared {
		found.Roles = append(found.Roles, s.group.use(s.users))
		found.Notes = append(found.Notes, a.common(s.group)...)
	}
	slices.Sort(found.Notes)
	found.Notes = slices.Compact(found.Notes)
	return found
}

// common says what is worth knowing about a role, whoever runs with it.
func (a *roles) common(g *group) []string {
	notes := []string{}
	switch parts := strings.SplitN(g.arn, ":", 6); {
	case len(parts) == 6 && !strings.Contains(g.users[0].Function, ":"+parts[4]+":"):
		notes = append(notes, fmt.Sprintf("role %s is of another account: Lambda could not assume it", g.arn))
	case a.note != "":
		notes = append(notes, a.note)
	case g.role == nil:
		notes = append(notes, fmt.Sprintf("IAM knows no role %s today", g.arn))
	}
	return notes
}

func scope(v rule.View) string {
	regions, chosen := v.Regions()
	switch {
	case !chosen:
		return "all regions"
	case len(regions) == 1:
		return "among 1 region"
	}
	return fmt.Sprintf("among %d regions", len(regions))
}

// within says it to people, where somebody left regions out.
func (a *roles) within() string {
	if a.scope == "all regions" {
		return ""
	}
	return ", " + a.scope
}
