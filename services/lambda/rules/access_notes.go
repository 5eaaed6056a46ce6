package rules

import (
	"fmt"
	"slices"
	"strings"

	"surety/policy"
	"surety/services/lambda"
)

// notes says what is worth knowing about a document besides its grants.
func (d *document) notes(read []string, grants []accessGrant) []string {
	where := policyName(d.fn, d.qualifier)
	var notes []string
	for _, n := range read {
		notes = append(notes, where+" is not as AWS would store it: "+n)
	}
	for i, s := range d.Statements {
		for _, p := range s.Principals.Entries {
			if p.Kind == policy.UniqueID && s.Effect == policy.Allow && !s.Principals.Negated {
				notes = append(notes, fmt.Sprintf("%s, %s: %s is what is left of a deleted user or role: the grant is dead", where, statement(i, s.Sid), p.Text))
			}
		}
	}
	for _, g := range grants {
		if q := ghost(d.fn, g); q != "" {
			notes = append(notes, fmt.Sprintf("%s, %s names %s, which does not exist today", where, statement(g.Statement, g.Sid), q))
		}
		if g.Door == "url" && !d.urlsKnown {
			notes = append(notes, "whether a function URL exists was not read: the URL grants may be dormant")
		}
	}
	slices.Sort(notes)
	return slices.Compact(notes)
}

func statement(index int, sid string) string {
	if sid == "" {
		return fmt.Sprintf("statement %d", index)
	}
	return fmt.Sprintf("statement %d (%s)", index, sid)
}

// calls returns the qualifier that a grant is used by; "" is the function itself.
func calls(fn *lambda.Function, g accessGrant) string {
	if g.Qualifier != "" || g.Witness == nil {
		return g.Qualifier
	}
	q, found := strings.CutPrefix(g.Witness.Resource, fn.ARN+":")
	if !found {
		return ""
	}
	return q
}

// ghost returns the qualifier that a grant is used by when it does not exist;
// "" when it does.
func ghost(fn *lambda.Function, g accessGrant) string {
	q := calls(fn, g)
	if q == "" || strings.HasPrefix(q, lambda.Latest) || slices.Contains(known(fn), q) {
		return ""
	}
	return q
}

// qualified tells an alias from a version for people.
func qualified(fn *lambda.Function, qualifier string) string {
	switch {
	case qualifier == lambda.Latest || strings.Trim(qualifier, "0123456789") == "":
		return "version " + qualifier
	case slices.ContainsFunc(fn.Aliases, func(a lambda.Alias) bool { return a.Name == qualifier }):
		return "alias " + qualifier
	}
	return "qualifier " + qualifier
}
