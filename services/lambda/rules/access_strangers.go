package rules

import (
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/prove"
)

// mostStrangers is how many ways into one document are looked for, where its
// conditions name so many: each round is a proof of its own.
const mostStrangers = 16

// strangers returns every way into a document. The prover shows one stranger for
// each principal of a statement, and a condition may name several: as long as it
// shows an account or organisation that the document names, it is asked again
// with that one trusted.
func (d *document) strangers(q prove.Question) []prove.Grant {
	all := prove.Grants(d.Document, q)
	for last := all; len(all) < mostStrangers; {
		zone, more := q.Zone, false
		for _, g := range last {
			if account, org := stranger(g); (account != "" || org != "") && d.namesSeveral(g.Statement) {
				zone.Accounts, zone.Organizations, more = with(zone.Accounts, account), with(zone.Organizations, org), true
			}
		}
		if !more {
			break
		}
		q.Zone = zone
		last = slices.DeleteFunc(prove.Grants(d.Document, q), func(g prove.Grant) bool {
			account, org := stranger(g)
			return account == "" && org == "" || !d.namesSeveral(g.Statement) || slices.ContainsFunc(all, func(known prove.Grant) bool {
				a, o := stranger(known)
				return known.Statement == g.Statement && known.Principal == g.Principal && known.Door == g.Door && a == account && o == org
			})
		})
		all = append(all, last...)
	}
	slices.SortStableFunc(all, func(a, b prove.Grant) int { return a.Statement - b.Statement })
	return all
}

// stranger is the account or the organisation that a grant shows, where its
// document names it: trusting that one leaves whoever else is named.
func stranger(g prove.Grant) (account, organization string) {
	if g.Witness == nil {
		return "", ""
	}
	switch g.Kind {
	case prove.KindForeignAccount:
		return g.Witness.Caller.Account, ""
	case prove.KindForeignSource:
		if account = sourceAccount(g.Witness); account == "" {
			organization = organizationOf(g.Witness)
		}
		return account, organization
	case prove.KindForeignOrg:
		return "", organizationOf(g.Witness)
	}
	return "", ""
}

// organizationOf is the organisation that a request comes from, or is made for.
func organizationOf(r *policy.Request) string {
	for _, key := range []string{"aws:principalorgid", "aws:sourceorgid", "aws:principalorgpaths", "aws:sourceorgpaths"} {
		if text := contextText(r, key); text != "" {
			id, _, _ := strings.Cut(text, "/")
			return id
		}
	}
	return ""
}

// namesSeveral reports whether a condition of a statement lists more than one
// value: without one, a principal stands for one stranger.
func (d *document) namesSeveral(statement int) bool {
	return slices.ContainsFunc(d.Statements[statement].Conditions, func(c policy.Condition) bool { return len(c.Values) > 1 })
}

// with returns a list and one text more, in a new list; "" is none.
func with(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(slices.Clone(list), text)
}
