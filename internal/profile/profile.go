// Package profile is what the user decided: which rules, at which risk, with
// which settings, in which regions, and whom the user trusts. It is read from
// surety.yaml and from flags.
//
// A [Config] is what was written; [Config.Resolve] makes a [Profile] of it: end
// dates passed, the organisation spelt out, one trust zone per resource.
package profile

import (
	"encoding/json"
	"time"

	"surety/internal/resource"
	"surety/internal/rule"
)

// Config is surety.yaml as it stands in the file. The zero Config is the
// default: every region, every rule, nobody trusted but the owner.
type Config struct {
	Regions  []resource.Region
	Accounts []Account // to be scanned together; nil: the account of the credentials
	Trust    Trust
	Rules    map[string]RuleConfig // by rule id
}

// RuleConfig changes one rule.
type RuleConfig struct {
	Enabled  *bool           // nil: enabled
	Risk     *rule.RiskLevel // nil: as the rule says
	Settings json.RawMessage // an object; nil: none
}

// Trust is the trust zone as configured, before organisation and end dates are
// resolved.
type Trust struct {
	Organization  bool   // the owner's own organisation
	OrgAccounts   string // file with the organisation's accounts, where it may not be read; see [ParseOrgAccounts]
	Accounts      []Entry
	Organizations []Entry
	Units         []Entry
	Principals    []Entry
	Services      []Entry
	Networks      []Entry
}

// Entry is one line of the trust zone.
type Entry struct {
	Value  string // account id, organisation id, path, ARN, service, or network
	Kind   Kind
	Name   string
	Owner  string
	Reason string
	Until  time.Time // last day, UTC midnight, included; zero: no end
	For    For
	Line   int // in the file; 0 for a flag
}

// Kind says what an entry's value is, in the word that surety.yaml uses for it.
type Kind string

// The kinds of entry.
const (
	AccountKind      Kind = "account"
	OrganizationKind Kind = "organization"
	UnitKind         Kind = "organizational unit"
	PrincipalKind    Kind = "principal"
	ServiceKind      Kind = "service"
	CIDRKind         Kind = "cidr"
	VPCKind          Kind = "vpc"
	EndpointKind     Kind = "endpoint"
)

// For narrows an entry to some resources; what is given must all hold. The zero
// For is all of them.
type For struct {
	Function string // ARN pattern
	TagKey   string
	TagValue string // with TagKey; "" is any value
	Account  resource.Account
	Unit     string // path of an organisational unit: the account is in it or below it

	pattern resource.Pattern
}

// Empty reports whether f narrows nothing.
func (f For) Empty() bool {
	return f.Function == "" && f.TagKey == "" && f.Account == "" && f.Unit == ""
}

// Entries returns every entry, in the order of the members of Trust.
func (t *Trust) Entries() []Entry {
	var all []Entry
	for _, list := range [][]Entry{t.Accounts, t.Organizations, t.Units, t.Principals, t.Services, t.Networks} {
		all = append(all, list...)
	}
	return all
}

// Unexplained returns the entries of the file without owner or reason, to be
// named once. A flag has neither and is not meant.
func (t *Trust) Unexplained() []Entry {
	var found []Entry
	for _, e := range t.Entries() {
		if e.Line > 0 && (e.Owner == "" || e.Reason == "") {
			found = append(found, e)
		}
	}
	return found
}

// NeedsUnits reports whether an entry is for the accounts of a unit, so that the
// units of the owner's account must be known.
func (t *Trust) NeedsUnits() bool {
	for _, e := range t.Entries() {
		if e.For.Unit != "" {
			return true
		}
	}
	return false
}

// NeedsTags reports whether an entry is for resources with a tag.
func (t *Trust) NeedsTags() bool {
	for _, e := range t.Entries() {
		if e.For.TagKey != "" {
			return true
		}
	}
	return false
}
