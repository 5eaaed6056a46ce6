package rewrite

import (
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/prove"
)

// place is where a function lives.
type place struct{ partition, region, owner string }

func (o Order) place() place {
	parts := strings.SplitN(o.Question.Function, ":", 6)
	return place{parts[1], parts[3], parts[4]}
}

// accounts are the owner and the accounts that the zone names.
func (o Order) accounts() []string {
	all := []string{o.place().owner}
	for _, a := range o.Question.Zone.Accounts {
		if !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// named returns who of the zone comes in by the open entries of a statement: by
// a wildcard all that it names, by an account the identities of it, by a role its
// sessions.
func (c cutter) named(s policy.Statement) []policy.Principal {
	zone, here := c.order.Question.Zone, c.order.place()
	var found []policy.Principal
	add := func(p policy.Principal) {
		if !slices.ContainsFunc(found, func(f policy.Principal) bool { return f.Text == p.Text }) {
			found = append(found, p)
		}
	}
	everyone := s.Principals.Negated || slices.ContainsFunc(s.Principals.Entries, wildcard)
	letIn := func(p policy.Principal) bool { return everyone && !exempt(s.Principals, p) }
	if c.order.Strategy != Narrow {
		for _, a := range c.order.accounts() {
			if p := root(here.partition, a); letIn(p) {
				add(p)
			}
		}
	}
	for _, arn := range zone.Principals {
		p := principal(arn)
		if letIn(p) || !s.Principals.Negated && slices.ContainsFunc(s.Principals.Entries, func(e policy.Principal) bool { return holds(e, p) }) {
			add(p)
		}
	}
	for _, service := range slices.Concat(zone.Services, prove.OwnServices(here.region)) {
		if p := (policy.Principal{Kind: policy.ServicePrincipal, Text: service}); letIn(p) {
			add(p)
		}
	}
	if c.order.Strategy == Replace && slices.ContainsFunc(s.Principals.Entries, foreign) {
		add(root(here.partition, c.order.With))
	}
	return found
}

func wildcard(p policy.Principal) bool { return p.Kind == policy.Everyone || p.Kind == policy.EveryAWS }
func foreign(p policy.Principal) bool {
	return p.Kind == policy.AccountPrincipal || p.Kind == policy.ARNPrincipal
}

// reached returns the trusted accounts whose identities the conditions do not
// plainly keep out.
func (c cutter) reached(s policy.Statement) []string {
	var all []string
	for _, a := range c.order.accounts() {
		if len(c.reach(withEntries(s, root(c.order.place().partition, a)))) > 0 {
			all = append(all, a)
		}
	}
	return all
}

// exempt reports whether a NotPrincipal element leaves p out, or anybody of p's
// account.
func exempt(ps policy.Principals, p policy.Principal) bool {
	return ps.Negated && slices.ContainsFunc(ps.Entries, func(e policy.Principal) bool {
		switch e.Kind {
		case policy.Everyone:
			return true
		case policy.EveryAWS:
			return p.Kind != policy.ServicePrincipal
		case policy.ServicePrincipal:
			return e.Text == p.Text
		}
		return p.Account != "" && e.Account == p.Account
	})
}

// holds reports whether whoever is p is let in by entry e too.
func holds(e, p policy.Principal) bool {
	if e.Account != p.Account {
		return false
	}
	role, isRole := strings.CutPrefix(after(e.Text), "role/")
	session, isSession := strings.CutPrefix(after(p.Text), "assumed-role/")
	return e.Kind == policy.AccountPrincipal || e.Text == p.Text ||
		isRole && isSession && strings.HasPrefix(session, role[strings.LastIndex(role, "/")+1:]+"/")
}

// after is the last part of an ARN.
func after(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

func root(partition, account string) policy.Principal {
	return policy.Principal{Kind: policy.AccountPrincipal, Text: "arn:" + partition + ":iam::" + account + ":root", Partition: partition, Account: account}
}

func principal(arn string) policy.Principal {
	p := policy.Principal{Kind: policy.ARNPrincipal, Text: arn}
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		p.Partition, p.Account = parts[1], parts[4]
	}
	return p
}

var (
	stringEquals = policy.Operator{Comparison: policy.StringEquals}
	arnLike      = policy.Operator{Comparison: policy.ArnLike}
	anyLike      = policy.Operator{Set: policy.ForAnyValue, Comparison: policy.StringLike}
	ipAddress    = policy.Operator{Comparison: policy.IPAddress}
)

// pinned returns a statement once for every way in which one more condition can
// hold it to the zone, without those that nobody can meet.
func (c cutter) pinned(s policy.Statement) []policy.Statement {
	zone, here := c.order.Question.Zone, c.order.place()
	identities := only(s, func(p policy.Principal) bool { return p.Kind != policy.ServicePrincipal })
	services := only(s, func(p policy.Principal) bool { return p.Kind == policy.ServicePrincipal || wildcard(p) })
	var pieces []policy.Statement
	add := func(to policy.Statement, op policy.Operator, key string, values []string) {
		if len(values) == 0 || !to.Principals.Negated && len(to.Principals.Entries) == 0 {
			return
		}
		if piece, ok := pin(to, policy.Condition{Operator: op, Key: key, Values: values}); ok && !void(piece) {
			pieces = append(pieces, piece)
		}
	}
	if c.order.Strategy == Narrow {
		add(only(s, wildcard), stringEquals, "aws:PrincipalAccount", c.reached(s))
	}
	add(identities, stringEquals, "aws:PrincipalOrgID", zone.Organizations)
	add(identities, anyLike, "aws:PrincipalOrgPaths", below(zone.Units))
	add(services, stringEquals, "aws:SourceAccount", c.order.accounts())
	add(withoutBuckets(services), arnLike, "aws:SourceArn", sources(here.partition, c.order.accounts()))
	add(services, stringEquals, "aws:SourceOrgID", zone.Organizations)
	add(services, anyLike, "aws:SourceOrgPaths", below(slices.Concat(roots(zone.Organizations), zone.Units)))
	add(s, ipAddress, "aws:SourceIp", zone.Networks.CIDRs)
	add(s, stringEquals, "aws:SourceVpc", zone.Networks.VPCs)
	add(s, stringEquals, "aws:SourceVpce", zone.Networks.Endpoints)
	return pieces
}

// only keeps some entries. NotPrincipal is everybody, as far as it goes.
func only(s policy.Statement, keep func(policy.Principal) bool) policy.Statement {
	if s.Principals.Negated {
		return s
	}
	var entries []policy.Principal
	for _, e := range s.Principals.Entries {
		if keep(e) {
			entries = append(entries, e)
		}
	}
	return withEntries(s, entries...)
}

// withoutBuckets leaves out S3, whose ARNs name no account.
func withoutBuckets(s policy.Statement) policy.Statement {
	return only(s, func(p policy.Principal) bool { return p.Text != "s3.amazonaws.com" && p.Text != "s3.amazonaws.com.cn" })
}

// roots are organisations as the beginnings of paths: a source may tell its path
// and not its organisation.
func roots(organizations []string) []string {
	var all []string
	for _, id := range organizations {
		all = append(all, id+"/")
	}
	return all
}

func below(units []string) []string {
	var all []string
	for _, u := range units {
		all = append(all, u+"*")
	}
	return all
}

func sources(partition string, accounts []string) []string {
	var all []string
	for _, a := range accounts {
		all = append(all, "arn:"+partition+":*:*:"+a+":*")
	}
	return all
}

// pin adds a condition. One that is there already on the same key, by the same
// operator, is met by what both allow; ok is false when that is nothing.
func pin(s policy.Statement, c policy.Condition) (policy.Statement, bool) {
	s.Conditions = slices.Clone(s.Conditions)
	for i, old := range s.Conditions {
		if old.Operator != c.Operator || !strings.EqualFold(old.Key, c.Key) {
			continue
		}
		var both []string
		switch c.Operator.Comparison {
		case policy.StringEquals:
			both = common(old.Values, c.Values)
		case policy.ArnLike:
			both = specialise(old.Values, c.Values)
		case policy.StringLike, policy.IPAddress:
			both = common(old.Values, c.Values) // only what is spelt alike is sure
		}
		s.Conditions[i].Values = both
		return s, len(both) > 0
	}
	s.Conditions = append(s.Conditions, c)
	return s, true
}

// specialise puts the accounts of ours into ARN patterns that leave theirs open.
// A pattern whose account segment is empty stays as it is: see S3.
func specialise(patterns, ours []string) []string {
	var all []string
	for _, pattern := range patterns {
		segments := strings.SplitN(pattern, ":", 6)
		for _, own := range ours {
			account := strings.SplitN(own, ":", 6)[4]
			if len(segments) != 6 || segments[4] != account && segments[4] != "*" {
				continue
			}
			segments := slices.Clone(segments)
			segments[4] = account
			if text := strings.Join(segments, ":"); !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return all
}

func common(a, b []string) []string {
	var both []string
	for _, v := range a {
		if slices.Contains(b, v) {
			both = append(both, v)
		}
	}
	return both
}
