package report

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"surety/internal/check"
	"surety/internal/resource"
)

// ranks count, over many accounts, who and what stands behind failing checks. It
// grows with what fails, not with what was read.
type ranks struct {
	accounts  map[string]*rank // by account
	roles     map[string]*rank // by ARN
	strangers map[string]*rank // by account, organisation, or "anybody"
}

// rank is one line of a ranking.
type rank struct {
	what     string
	checks   int // failing
	accounts map[resource.Account]bool
}

func newRanks() *ranks {
	return &ranks{accounts: map[string]*rank{}, roles: map[string]*rank{}, strangers: map[string]*rank{}}
}

// add counts a failing check.
func (r *ranks) add(c *check.Check) {
	tick(r.accounts, string(c.Account), "account "+string(c.Account), c)
	strangers, roles := parties(c.Evidence)
	for id, name := range strangers {
		tick(r.strangers, id, name, c)
	}
	for _, arn := range roles {
		tick(r.roles, arn, "role "+arn, c)
	}
}

func tick(in map[string]*rank, key, what string, c *check.Check) {
	one := in[key]
	if one == nil {
		one = &rank{what: what, accounts: map[resource.Account]bool{}}
		in[key] = one
	}
	one.checks++
	one.accounts[c.Account] = true
}

// parties reads who is let in, and which roles are shared, out of the evidence
// of the rules that have such.
func parties(evidence json.RawMessage) (strangers map[string]string, roles []string) {
	var e struct {
		Grants []struct {
			Kind    string
			Witness *struct {
				Principal struct{ Account string }
				Context   map[string]json.RawMessage
			}
		}
		Roles []struct{ ARN string }
	}
	if json.Unmarshal(evidence, &e) != nil {
		return nil, nil
	}
	strangers = map[string]string{}
	for _, g := range e.Grants {
		if g.Witness == nil {
			continue
		}
		id, name := "", ""
		switch g.Kind {
		case "foreign-account":
			id = g.Witness.Principal.Account
		case "service-foreign-source":
			if id = text(g.Witness.Context["aws:sourceaccount"]); id == "" {
				id = accountIn(text(g.Witness.Context["aws:sourcearn"]))
			}
		case "foreign-org":
			id = cmp.Or(text(g.Witness.Context["aws:principalorgid"]), text(g.Witness.Context["aws:sourceorgid"]))
			name = "organization " + id
		case "public", "service-unpinned", "bucket-without-account":
			id, name = "anybody", "anybody"
		}
		if id != "" {
			strangers[id] = cmp.Or(name, "account "+id)
		}
	}
	for _, r := range e.Roles {
		roles = append(roles, r.ARN)
	}
	return strangers, roles
}

// text is a key's value, or the first of a list of values.
func text(raw json.RawMessage) string {
	var one string
	var many []string
	if json.Unmarshal(raw, &one) == nil {
		return one
	}
	if json.Unmarshal(raw, &many) == nil && len(many) > 0 {
		return many[0]
	}
	return ""
}

func accountIn(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// first returns the ranking: most failing checks first, then by name.
func first(in map[string]*rank) []*rank {
	return slices.SortedFunc(maps.Values(in), func(a, b *rank) int {
		return cmp.Or(cmp.Compare(b.checks, a.checks), cmp.Compare(len(b.accounts), len(a.accounts)), strings.Compare(a.what, b.what))
	})
}
