package assure

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"surety/internal/aws/identity"
	"surety/internal/aws/organization"
	"surety/internal/aws/role"
	"surety/internal/collect"
	"surety/internal/profile"
	"surety/internal/resource"
)

// Member is one account of a fleet.
type Member struct {
	Account resource.Account
	Name    string            // "" where nobody gave it one
	Unit    string            // "Workloads/Dev"; "" where it is not known
	Tags    map[string]string // of surety.yaml
	Entry   Entry
	Left    *Left // why it is not visited; nil: it is
}

// Entry says how an account is entered; the zero Entry is with the caller's own
// credentials.
type Entry struct {
	Role    role.Role // its Name is "" for none
	Profile string    // of the AWS settings; excludes Role
}

// Left says why an account, or a region of one, is out of scope.
type Left struct {
	Code   string // one of the constants
	Reason string // one line
}

// The codes of what is out of scope.
const (
	LeftByChoice = "LeftOut"    // a flag or the configuration leaves it out
	NotActive    = "NotActive"  // the account is suspended, being closed …
	NotEnabled   = "NotEnabled" // the region is not enabled for the account
)

// Scope says which accounts a fleet is made of.
type Scope struct {
	Organization bool               // ask AWS Organizations for all accounts; otherwise they are those of Listed
	Accounts     []resource.Account // these and no others; nil: all
	Units        []string           // paths ("o-…/r-…/ou-…/") or ids ("ou-…"): these, what is below, and no others; nil: all
	Skip         []string           // accounts, paths and ids of units
	Role         role.Role          // assumed where Listed says nothing else
	Listed       []profile.Account  // what is known of accounts beforehand, each once
}

// Discovery is the fleet of a scope: who it is made of, and what was learnt on the way.
type Discovery struct {
	Who          identity.Identity
	Organization *profile.Organization // nil where nobody asked for it
	Members      []Member              // in the order of the list, each account once
}

// Discover finds the accounts of a scope. Every account of the organisation is
// among them, those that are left out too, with the reason.
func (s Scope) Discover(ctx context.Context, cfg aws.Config) (Discovery, error) {
	who, err := identity.Get(ctx, cfg)
	if err != nil {
		return Discovery{}, err
	}
	d := Discovery{Who: who}
	if !s.Organization {
		d.Members, err = s.listed(who)
		return d, err
	}
	org, err := organizationOf(ctx, cfg, who)
	if err != nil {
		return Discovery{}, err
	}
	known := members(org)
	d.Organization = &known
	named := (&profile.Config{Accounts: s.Listed}).Resolve(known, time.Time{})
	for _, a := range org.Accounts {
		m := Member{Account: a.ID, Name: named.AccountName(a.ID), Unit: named.AccountUnit(a.ID)}
		s.describe(&m, who)
		m.Left = s.leftOut(a)
		d.Members = append(d.Members, m)
	}
	// Accounts that the configuration names are read too, wherever they are.
	for _, a := range s.Listed {
		if slices.ContainsFunc(d.Members, func(m Member) bool { return m.Account == a.ID }) {
			continue
		}
		m := Member{Account: a.ID}
		s.describe(&m, who)
		m.Left = s.leftOut(collect.OrganizationAccount{ID: a.ID})
		d.Members = append(d.Members, m)
	}
	return d, s.allThere(org, d.Members)
}

func organizationOf(ctx context.Context, cfg aws.Config, who identity.Identity) (collect.Organization, error) {
	id, gap := organization.Describe(ctx, cfg, who.Account)
	if gap == nil && id == "" {
		return collect.Organization{}, fmt.Errorf("account %s is in no organization: name the accounts with --assume-role and --account, or with accounts: in surety.yaml", who.Account)
	}
	var org collect.Organization
	if gap == nil {
		org, gap = organization.List(ctx, cfg, who.Account, id)
	}
	if gap != nil {
		return org, fmt.Errorf("listing the accounts of the organization: %s: %s (%s): use credentials of its management account or of a delegated administrator, or name the accounts with --assume-role and --account", gap.Facet, gap.Reason, gap.Code)
	}
	org.Units = organization.UnitNames(ctx, cfg, org)
	return org, nil
}

// listed makes the fleet of accounts that somebody wrote down.
func (s Scope) listed(who identity.Identity) ([]Member, error) {
	var all []Member
	for _, a := range s.Listed {
		m := Member{Account: a.ID}
		s.describe(&m, who)
		m.Left = s.leftOut(collect.OrganizationAccount{ID: a.ID})
		all = append(all, m)
	}
	for _, id := range s.Accounts {
		if !slices.ContainsFunc(all, func(m Member) bool { return m.Account == id }) {
			return nil, fmt.Errorf("account %s is not among accounts: in surety.yaml: add it, or scan with --assume-role", id)
		}
	}
	return all, nil
}

// describe adds what the configuration says of an account, and how it is
// entered. The caller's own account needs no role.
func (s Scope) describe(m *Member, who identity.Identity) {
	if m.Account != who.Account {
		m.Entry.Role = s.Role
	}
	for _, a := range s.Listed {
		if a.ID != m.Account {
			continue
		}
		m.Tags = a.Tags
		if a.Name != "" {
			m.Name = a.Name
		}
		if a.Role != "" {
			m.Entry.Role.Name = a.Role
		}
		if a.ExternalID != "" {
			m.Entry.Role.ExternalID = a.ExternalID
		}
		if a.Profile != "" {
			m.Entry = Entry{Profile: a.Profile}
		}
	}
}

// leftOut says why an account is not visited; nil when it is.
func (s Scope) leftOut(a collect.OrganizationAccount) *Left {
	switch {
	case a.State != "" && a.State != "ACTIVE":
		return &Left{NotActive, "the account is " + a.State}
	case slices.ContainsFunc(s.Skip, func(what string) bool { return what == string(a.ID) || inUnit(a.Paths, what) }):
		return &Left{LeftByChoice, "left out by --skip"}
	case len(s.Accounts) == 0 && len(s.Units) == 0, slices.Contains(s.Accounts, a.ID),
		slices.ContainsFunc(s.Units, func(unit string) bool { return inUnit(a.Paths, unit) }):
		return nil
	case len(s.Units) == 0:
		return &Left{LeftByChoice, "not named by --account"}
	}
	return &Left{LeftByChoice, "in none of the units of --ou"}
}

// inUnit reports whether a path leads through a unit, given by path or by id.
func inUnit(paths []string, unit string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		return strings.HasPrefix(path, unit) && strings.HasSuffix(unit, "/") || slices.Contains(strings.Split(path, "/"), unit)
	})
}

// allThere refuses accounts and units that the organisation does not have: most
// likely they were mistyped.
func (s Scope) allThere(org collect.Organization, found []Member) error {
	for _, id := range s.Accounts {
		if !slices.ContainsFunc(found, func(m Member) bool { return m.Account == id }) {
			return fmt.Errorf("account %s is not in organization %s: check --account", id, org.ID)
		}
	}
	for _, unit := range s.Units {
		if !slices.ContainsFunc(org.Accounts, func(a collect.OrganizationAccount) bool { return inUnit(a.Paths, unit) }) {
			return fmt.Errorf("no account of organization %s is in unit %s: check --ou", org.ID, unit)
		}
	}
	return nil
}
