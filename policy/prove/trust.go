package prove

import (
	"net/netip"
	"slices"
	"strings"

	"surety/policy"
)

// trust answers whether a request's parts are trusted: by the zone, or because
// they are the owner's.
type trust struct {
	*Zone
	*index
	owner    string
	accounts *accountSet // the zone's and the owner's
}

func newTrust(z *Zone, owner string) trust {
	made := z.index()
	return trust{Zone: z, index: made, owner: owner, accounts: newAccountSet(made.accounts, owner)}
}

func (t trust) account(id string) bool { return id == t.owner || t.index.account[id] }

// entry reports whether every caller that an entry of a Principal element lets
// in is trusted, so that the entry needs no look.
func (t trust) entry(p policy.Principal) bool {
	switch p.Kind {
	case policy.AccountPrincipal:
		return t.account(p.Account)
	case policy.ARNPrincipal:
		return t.account(p.Account) || t.principal[p.Text] || t.session(p.Text)
	case policy.ServicePrincipal:
		return t.service[p.Text] || lookup(p.Text).inside()
	case policy.UniqueID:
		return true // nobody
	}
	return false
}

// session reports whether a principal is a session of a trusted role. The ARN of
// a session leaves out the path of its role, but no account has two roles of one
// name, whatever their paths.
// Source: IAM User Guide, IAM identifiers.
func (t trust) session(arn string) bool {
	account, resource, ok := splitIAM(arn)
	if !ok || !strings.HasPrefix(resource, "assumed-role/") {
		return false
	}
	role, _, _ := strings.Cut(strings.TrimPrefix(resource, "assumed-role/"), "/")
	for p := range t.principal {
		owner, trusted, ok := splitIAM(p)
		if ok && owner == account && strings.HasPrefix(trusted, "role/") && trusted[strings.LastIndex(trusted, "/")+1:] == role {
			return true
		}
	}
	return false
}

// splitIAM returns partition and account together, and the last segment, of an
// ARN of IAM or STS.
func splitIAM(arn string) (account, resource string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[2] != "iam" && parts[2] != "sts" {
		return "", "", false
	}
	return parts[1] + ":" + parts[4], parts[5], true
}

// caller reports whether a caller is trusted for who it is.
func (t trust) caller(c policy.Caller) bool {
	switch c.Type {
	case policy.IAMCaller:
		return t.account(c.Account) || t.principal[c.ARN] || t.principal[c.Session]
	case policy.ServiceCaller:
		return t.service[c.Service]
	}
	return false
}

// member reports whether an organisation is trusted: by its id, by the id that
// its path begins with, or by a unit on the path. Either may be "".
func (t trust) member(id, path string) bool {
	if path != "" {
		id, _, _ = strings.Cut(path, "/")
	}
	return id != "" && slices.Contains(t.Organizations, id) ||
		path != "" && slices.ContainsFunc(t.Units, func(u string) bool { return strings.HasPrefix(path, u) })
}

// near reports whether a request comes from a network of the zone.
func (t trust) near(ctx policy.Context) bool {
	nets := t.Networks
	if slices.Contains(nets.VPCs, only(ctx, "aws:sourcevpc")) || slices.Contains(nets.Endpoints, only(ctx, "aws:sourcevpce")) {
		return true
	}
	address, err := netip.ParseAddr(only(ctx, "aws:sourceip"))
	return err == nil && slices.ContainsFunc(nets.CIDRs, func(c string) bool {
		r, ok := policy.ParseRange(c)
		return ok && r.Contains(address)
	})
}

// only returns the text of a key that holds one; "" else.
func only(ctx policy.Context, key string) string {
	if v := ctx[key]; len(v.Texts) == 1 {
		return v.Texts[0]
	}
	return ""
}
