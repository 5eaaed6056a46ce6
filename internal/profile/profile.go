// Package profile is what the user decided: which rules, at which risk, with
// which settings, in which regions, and whom the user trusts. It is read from
// surety.yaml and from flags.
package profile

import (
	"encoding/json"
	"time"

	"surety/internal/resource"
	"surety/internal/rule"
)

// Config is surety.yaml as it stands in the file (cli.md names every member).
// The zero Config is the default: every region, every rule that is on, nobody
// trusted but the owner.
type Config struct {
	Regions []resource.Region
	Trust   Trust
	Rules   map[string]RuleConfig // by rule id
}

// RuleConfig changes one rule.
type RuleConfig struct {
	Enabled  *bool           // nil: as the rule says
	Risk     *rule.RiskLevel // nil: as the rule says
	Settings json.RawMessage // nil: none
}

// Trust is the trust zone as configured, before organisation and end dates are
// resolved.
type Trust struct {
	Organization  bool   // the owner's own organisation
	OrgAccounts   string // file with the organisation's accounts, where it may not be read
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
	Kind   string // networks only: cidr, vpc or endpoint
	Name   string
	Owner  string
	Reason string
	Until  time.Time // last day, UTC, included; zero: no end
	For    For
	Line   int // in the file; 0 for a flag
}

// For narrows an entry to some resources. The zero For is all of them.
type For struct {
	Function string // ARN pattern
	TagKey   string
	TagValue string // with TagKey; "" is any value
	Account  resource.Account
}
