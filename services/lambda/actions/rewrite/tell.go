package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/prove"
)

// tell says who loses access and who keeps it, each once.
func (c *Change) tell(grants []prove.Grant) {
	add := func(to *[]string, text string) {
		if !slices.Contains(*to, text) {
			*to = append(*to, text)
		}
	}
	for _, g := range grants {
		add(&c.Loses, sayGrant(g))
		if g.Kind == prove.KindUnpinned || g.Kind == prove.KindPublic && g.Door != prove.DoorURL {
			who := g.Principal
			if g.Kind == prove.KindPublic {
				who = "a service that came in by this"
			}
			add(&c.Warnings, who+": where it does not tell for whom it calls (neither aws:SourceAccount nor aws:SourceArn), its calls for your own account end too; look at what triggers the function first")
		}
	}
	for _, e := range c.Edits {
		for _, s := range e.New {
			for _, who := range sayStatement(s) {
				add(&c.Keeps, who)
			}
		}
	}
}

func sayGrant(g prove.Grant) string {
	who := g.Principal
	switch g.Kind {
	case prove.KindPublic:
		who = "any AWS account"
		if g.Door == prove.DoorURL {
			who = "anyone, by function URL,"
		}
	case prove.KindUnpinned:
		who = g.Principal + " for an account outside the trust zone"
	case prove.KindForeignSource:
		who = g.Principal + " for a foreign source"
	case prove.KindBucket:
		who = g.Principal + " for whoever owns the bucket"
	case prove.KindForeignOrg:
		who = g.Principal + " of a foreign organisation"
	case prove.KindUndecided:
		who = g.Principal + ", whose access is not proven closed,"
	}
	return fmt.Sprintf("%s (%s)", who, statementName(g.Statement, g.Sid))
}

func statementName(i int, sid string) string {
	if sid == "" {
		return fmt.Sprintf("statement %d", i)
	}
	return "statement " + sid
}

// sayStatement names who a new statement lets in, with what it is pinned by.
func sayStatement(s policy.Statement) []string {
	var pins []string
	for _, c := range s.Conditions {
		pins = append(pins, fmt.Sprintf("%s %s", c.Key, few(c.Values)))
	}
	var names []string
	for _, e := range s.Principals.Entries {
		names = append(names, e.Text)
	}
	who := few(names)
	if len(pins) > 0 {
		who += " with " + strings.Join(pins, " and ")
	}
	return []string{fmt.Sprintf("%s (statement %s)", who, s.Sid)}
}

// few lists the first values and counts the rest.
func few(values []string) string {
	const most = 4
	if len(values) <= most {
		return strings.Join(values, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(values[:most], ", "), len(values)-most)
}

// sayCaller names who would lose access.
func sayCaller(r *policy.Request) string {
	switch r.Caller.Type {
	case policy.ServiceCaller:
		return r.Caller.Service
	case policy.IAMCaller:
		return r.Caller.ARN
	}
	return "a caller without credentials"
}
