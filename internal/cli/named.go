package cli

import (
	"regexp"
	"slices"
	"strings"

	"surety/internal/profile"
	"surety/policy"
)

// party is somebody whom a policy lets in and whom a trust zone could name.
type party struct {
	kind  partyKind
	value string
}

// partyKind is the member of surety.yaml's trust that would hold a party; the
// open kinds are those that no entry should make trusted.
type partyKind string

const (
	partyAccount  partyKind = "accounts"
	partyOrg      partyKind = "organizations"
	partyUnit     partyKind = "organizational_units"
	partyRole     partyKind = "principals"
	partyNetwork  partyKind = "networks"
	openService   partyKind = "service without a source" // any account's resources call through it
	openEverybody partyKind = "anybody"
)

var (
	unitPath   = regexp.MustCompile(`^o-[a-z0-9]{10,32}/r-[a-z0-9]{4,32}/(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}/)*`)
	vpcID      = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
	endpointID = regexp.MustCompile(`^vpce-[0-9a-f]{8,17}$`)
)

// strangers returns everybody outside the owner's account whom the Allow
// statements of a document name: as a principal, as the source behind a service,
// as an organisation. It is a suggestion for a person, no verdict: a Deny is not
// weighed.
func strangers(doc *policy.Document, owner string) []party {
	var found []party
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect != policy.Allow || s.Void {
			continue
		}
		conditions := conditionParties(s.Conditions)
		if owned(s.Conditions, owner) && len(conditions) == 0 {
			continue
		}
		found = append(found, conditions...)
		found = append(found, principalParties(s.Principals, len(conditions) > 0 || owned(s.Conditions, owner))...)
	}
	return slices.DeleteFunc(found, func(p party) bool {
		return p.value == owner || p.kind == partyRole && accountOf(p.value) == owner
	})
}

// principalParties names the principals; with bounded, conditions say who stands
// behind a service or behind "*".
func principalParties(p policy.Principals, bounded bool) []party {
	if p.Negated {
		return []party{{openEverybody, "everybody but a few (NotPrincipal)"}}
	}
	var found []party
	for _, e := range p.Entries {
		switch e.Kind {
		case policy.AccountPrincipal:
			found = append(found, party{partyAccount, e.Account})
		case policy.ARNPrincipal:
			if principal(e.Text) {
				found = append(found, party{partyRole, e.Text})
			}
		case policy.ServicePrincipal:
			if !bounded {
				found = append(found, party{openService, e.Text})
			}
		case policy.Everyone, policy.EveryAWS:
			if !bounded {
				found = append(found, party{openEverybody, "anybody (*)"})
			}
		}
	}
	return found
}

// bounding are the keys that say who calls, each with what its values name.
func bounding(key string) (read func(string) (party, bool), bounds bool) {
	switch strings.ToLower(key) {
	case "aws:principalaccount", "aws:sourceaccount":
		return accountParty, true
	case "aws:sourcearn", "lambda:sourcefunctionarn":
		return sourceParty, true
	case "aws:principalarn":
		return principalParty, true
	case "aws:principalorgid", "aws:sourceorgid":
		return func(v string) (party, bool) { return party{partyOrg, v}, orgID.MatchString(v) }, true
	case "aws:principalorgpaths", "aws:sourceorgpaths":
		return func(v string) (party, bool) {
			path := unitPath.FindString(v)
			return party{partyUnit, path}, path != ""
		}, true
	case "aws:sourcevpc":
		return func(v string) (party, bool) { return party{partyNetwork, "vpc: " + v}, vpcID.MatchString(v) }, true
	case "aws:sourcevpce":
		return func(v string) (party, bool) { return party{partyNetwork, "endpoint: " + v}, endpointID.MatchString(v) }, true
	}
	return nil, false
}

func accountParty(v string) (party, bool) { return party{partyAccount, v}, accountID.MatchString(v) }

// sourceParty names the account of a source; a source without one, such as a
// bucket, names nobody.
func sourceParty(v string) (party, bool) { return accountParty(accountOf(v)) }

func principalParty(v string) (party, bool) {
	if principal(v) {
		return party{partyRole, v}, true
	}
	return sourceParty(v)
}

// principal reports whether a trust zone could name a caller. Nobody can be one
// whose name AWS would not take.
func principal(arn string) bool {
	return principalARN.MatchString(arn) && new(profile.Trust).Add(profile.Flags{Principals: []string{arn}}) == nil
}

// conditionParties names whom positive conditions tell.
func conditionParties(conditions []policy.Condition) []party {
	var found []party
	for _, c := range conditions {
		read, bounds := bounding(c.Key)
		if !bounds || c.Operator.Negated {
			continue
		}
		for _, v := range c.Values {
			if p, ok := read(v); ok {
				found = append(found, p)
			}
		}
	}
	return found
}

// owned reports whether a positive condition names the owner's own account.
func owned(conditions []policy.Condition, owner string) bool {
	return slices.ContainsFunc(conditionParties(conditions), func(p party) bool {
		return p == party{partyAccount, owner} || p.kind == partyRole && accountOf(p.value) == owner
	})
}

// accountOf is the account in an ARN; "" where there is none.
func accountOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}
