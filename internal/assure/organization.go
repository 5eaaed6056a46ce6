package assure

import (
	"context"
	"slices"
	"strings"

	"surety/internal/aws/organization"
	"surety/internal/collect"
	"surety/internal/profile"
	"surety/internal/resource"
)

// organization asks which organisation the account is in and, when the trust
// zone hangs on them, for its members. What was refused is a gap only when the
// trust zone asked for it: its name alone is a nicety.
func (w Walk) organization(ctx context.Context, owner resource.Account) (profile.Organization, *resource.Gap) {
	needed := NeedsMembers(w.Config)
	id, gap := organization.Describe(ctx, w.AWS, owner)
	if w.Members != nil {
		org := *w.Members
		if org.ID == "" {
			org.ID = id
		}
		return org, nil
	}
	if !needed {
		gap = nil
	}
	if gap != nil || !needsMembersOf(w.Config, id) {
		return profile.Organization{ID: id}, gap
	}
	org, gap := organization.List(ctx, w.AWS, owner, id)
	org.ID = id
	return members(org), gap
}

// NeedsMembers reports whether the trust zone can only be told with the list of
// the organisation's accounts: an ARN does not tell its organisation.
func NeedsMembers(c *profile.Config) bool {
	return c.Trust.Organization || len(c.Trust.Organizations) > 0 || len(c.Trust.Units) > 0
}

// needsMembersOf is NeedsMembers when the owner's organisation is known: the
// members of another one cannot be listed, and are not asked for.
func needsMembersOf(c *profile.Config, own string) bool {
	if own == "" {
		return false
	}
	return c.Trust.Organization ||
		slices.ContainsFunc(c.Trust.Organizations, func(e profile.Entry) bool { return e.Value == own }) ||
		slices.ContainsFunc(c.Trust.Units, func(e profile.Entry) bool { return strings.HasPrefix(e.Value, own+"/") })
}

// members takes over what AWS said of an organisation.
func members(org collect.Organization) profile.Organization {
	known := profile.Organization{ID: org.ID, Accounts: make([]profile.OrgAccount, len(org.Accounts))}
	for i, a := range org.Accounts {
		known.Accounts[i] = profile.OrgAccount{ID: a.ID, Name: a.Name, Paths: a.Paths}
	}
	return known
}
