package rewrite

import (
	"net/netip"
	"slices"
	"strings"

	"surety/policy"
)

// shown reports whether a request shows by its own keys that it is trusted: what
// no policy can see, such as the account behind a service that does not tell it,
// counts for nothing.
func (t *trying) shown(r policy.Request) bool {
	text := func(key string) string {
		if v := r.Context[key]; len(v.Texts) > 0 {
			return v.Texts[0]
		}
		return ""
	}
	trusted := func(account string) bool { return account == t.owner || slices.Contains(t.zone.Accounts, account) }
	if t.impossible(r, text) {
		return false
	}
	if t.inNetwork(text) {
		return true
	}
	switch r.Caller.Type {
	case policy.IAMCaller:
		return trusted(r.Caller.Account) || slices.Contains(t.zone.Principals, r.Caller.ARN) || slices.Contains(t.zone.Principals, r.Caller.Session) ||
			t.inOrganization(text("aws:principalorgid"), r.Context["aws:principalorgpaths"].Texts)
	case policy.ServiceCaller:
		arn := strings.SplitN(text("aws:sourcearn"), ":", 6)
		account := text("aws:sourceaccount")
		if len(arn) == 6 && arn[4] != "" && account != "" && arn[4] != account {
			return false // no such request is made
		}
		return slices.Contains(t.zone.Services, r.Caller.Service) || trusted(account) || len(arn) == 6 && trusted(arn[4]) ||
			t.inOrganization(text("aws:sourceorgid"), r.Context["aws:sourceorgpaths"].Texts)
	}
	return false
}

// impossible reports whether a request claims for the owner another organisation
// than it is known to be in: no such request is made.
func (t *trying) impossible(r policy.Request, text func(string) string) bool {
	own, claimed := t.q.Organization, text("aws:principalorgid")
	return own != "" && claimed != "" && claimed != own && r.Caller.Type == policy.IAMCaller && r.Caller.Account == t.owner
}

func (t *trying) inOrganization(id string, paths []string) bool {
	return id != "" && slices.Contains(t.zone.Organizations, id) || slices.ContainsFunc(paths, func(path string) bool {
		return slices.ContainsFunc(t.zone.Units, func(u string) bool { return strings.HasPrefix(path, u) })
	})
}

func (t *trying) inNetwork(text func(string) string) bool {
	n := t.zone.Networks
	if slices.Contains(n.VPCs, text("aws:sourcevpc")) || slices.Contains(n.Endpoints, text("aws:sourcevpce")) {
		return true
	}
	address, err := netip.ParseAddr(text("aws:sourceip"))
	return err == nil && slices.ContainsFunc(n.CIDRs, func(cidr string) bool {
		p, err := netip.ParsePrefix(cidr)
		return err == nil && p.Contains(address)
	})
}
