package rewrite

import (
	"slices"
	"strings"

	"surety/policy"
)

// Keys that only one sort of caller carries.
// Source: IAM User Guide, global condition keys, "Availability".
func serviceOnly(key string) bool {
	return slices.Contains([]string{"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths",
		"aws:principalservicename", "aws:principalservicenameslist"}, key)
}

func identityOnly(key string) bool {
	return slices.Contains([]string{"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
		"aws:username", "aws:sourceidentity", "lambda:sourcefunctionarn"}, key) || strings.HasPrefix(key, "aws:principaltag/")
}

// demands reports whether a condition can only hold where its key is there.
func demands(c policy.Condition) bool {
	op := c.Operator
	return !op.Negated && !op.IfExists && op.Set != policy.ForAllValues && op.Comparison != policy.Null
}

// void reports whether it is plain to see that nobody can meet a statement.
func void(s policy.Statement) bool {
	services, identities := true, true // who can still come
	if !s.Principals.Negated {
		services = slices.ContainsFunc(s.Principals.Entries, func(p policy.Principal) bool { return p.Kind == policy.ServicePrincipal || wildcard(p) })
		identities = slices.ContainsFunc(s.Principals.Entries, func(p policy.Principal) bool { return p.Kind != policy.ServicePrincipal })
	}
	for _, c := range s.Conditions {
		if key := strings.ToLower(c.Key); demands(c) {
			services = services && !identityOnly(key)
			identities = identities && !serviceOnly(key)
		}
	}
	return !services && !identities || contradicts(s)
}

// contradicts reports whether a source account and a source ARN exclude each
// other: where both are there, they name one account.
func contradicts(s policy.Statement) bool {
	var accounts, arns []string
	for _, c := range s.Conditions {
		switch key := strings.ToLower(c.Key); {
		case !demands(c):
		case key == "aws:sourceaccount" && c.Operator.Comparison == policy.StringEquals:
			accounts = c.Values
		case key == "aws:sourcearn" && c.Operator.Comparison == policy.ArnLike:
			arns = c.Values
		}
	}
	if accounts == nil || arns == nil {
		return false
	}
	for _, arn := range arns {
		segments := strings.SplitN(arn, ":", 6)
		if len(segments) != 6 || segments[4] == "" || strings.ContainsAny(segments[4], "*?$") || slices.Contains(accounts, segments[4]) {
			return false
		}
	}
	return true
}

// reach returns the principals of a statement that its conditions do not plainly
// keep out.
func (c cutter) reach(s policy.Statement) []policy.Principal {
	var all []policy.Principal
	for _, e := range s.Principals.Entries {
		if !void(withEntries(s, e)) && !slices.ContainsFunc(s.Conditions, func(cond policy.Condition) bool { return c.excludes(cond, e) }) {
			all = append(all, e)
		}
	}
	return all
}

// excludes reports whether a condition names accounts, identities or
// organisations, and e's is none of them.
func (c cutter) excludes(cond policy.Condition, e policy.Principal) bool {
	if !demands(cond) || e.Account == "" || slices.ContainsFunc(cond.Values, func(v string) bool { return strings.Contains(v, "$") }) {
		return false
	}
	exact := cond.Operator.Comparison == policy.StringEquals
	switch strings.ToLower(cond.Key) {
	case "aws:principalaccount":
		return exact && !slices.Contains(cond.Values, e.Account)
	case "aws:principalorgid":
		own := c.order.Question.Organization
		return exact && own != "" && e.Account == c.order.place().owner && !slices.Contains(cond.Values, own)
	case "aws:principalarn":
		return (exact || cond.Operator.Comparison == policy.ArnLike) && !slices.ContainsFunc(cond.Values, func(v string) bool {
			segments := strings.SplitN(v, ":", 6)
			return len(segments) < 6 || segments[4] == e.Account || strings.ContainsAny(segments[4], "*?")
		})
	}
	return false
}
