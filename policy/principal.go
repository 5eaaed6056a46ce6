package policy

import (
	"slices"
	"strings"

	"surety/policy/internal/syntax"
)

// readPrincipals reads "*" or an object of principals.
func readPrincipals(p place, negated bool) (Principals, error) {
	ps := Principals{Negated: negated}
	switch {
	case p.Kind == syntax.String && p.Text == "*":
		ps.Entries = []Principal{{Kind: Everyone, Text: "*"}}
		return ps, nil
	case p.Kind == syntax.String:
		return ps, p.fail("a bare string other than \"*\"; write {\"AWS\": %s}, or {\"Service\": %[1]s} for a service", shown(p.Text))
	case p.Kind != syntax.Object:
		return ps, p.fail("must be \"*\" or an object, not %s", p.Kind)
	}
	if err := p.elements("a principal", "AWS", "Service"); err != nil {
		return ps, err
	}
	if len(p.Members) == 0 {
		return ps, p.fail("lists nothing; name at least one")
	}
	for _, m := range p.Members {
		at := p.member(m)
		if at.count() == 0 {
			return ps, at.fail("lists nothing; name at least one")
		}
		ps.Entries = slices.Grow(ps.Entries, at.count())
		for _, e := range at.entries() {
			one, err := readPrincipal(m.Name, e)
			if err != nil {
				return ps, err
			}
			ps.Entries = append(ps.Entries, one)
		}
	}
	return ps, nil
}

func readPrincipal(key string, p place) (Principal, error) {
	if key == "AWS" && p.Kind == syntax.Number && isAccount(p.Text) {
		return Principal{Kind: AccountPrincipal, Text: p.Text, Account: p.Text}, nil
	}
	if key == "AWS" && p.Kind == syntax.Number {
		return Principal{}, p.fail("%s is no account; write its 12 digits in quotation marks", shown(p.Text))
	}
	text, err := p.str()
	if err != nil {
		return Principal{}, err
	}
	if key == "Service" {
		if !IsService(text) {
			return Principal{}, p.fail("%s is no service principal; write one such as \"s3.amazonaws.com\", without wildcards", shown(text))
		}
		return Principal{Kind: ServicePrincipal, Text: text}, nil
	}
	one, ok := awsPrincipal(text)
	if !ok {
		return Principal{}, p.fail("%s is no AWS principal; write \"*\", 12 digits, or the ARN of an account, a role, a user or a session, without wildcards", shown(text))
	}
	return one, nil
}

// awsPrincipal reads what may stand under "AWS".
func awsPrincipal(text string) (Principal, bool) {
	switch {
	case text == "*":
		return Principal{Kind: EveryAWS, Text: text}, true
	case isAccount(text):
		return Principal{Kind: AccountPrincipal, Text: text, Account: text}, true
	case isUniqueID(text):
		return Principal{Kind: UniqueID, Text: text}, true
	}
	return arnPrincipal(text)
}

// arnPrincipal reads arn:aws…:(iam|sts)::<account>:<name>.
func arnPrincipal(text string) (Principal, bool) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || !isPartition(parts[1]) || parts[3] != "" || !isAccount(parts[4]) {
		return Principal{}, false
	}
	service, name := parts[2], parts[5]
	if service != "iam" && service != "sts" || name == "" || strings.ContainsAny(name, "*?${}") {
		return Principal{}, false
	}
	p := Principal{Kind: ARNPrincipal, Text: text, Partition: parts[1], Account: parts[4]}
	if service == "iam" && name == "root" {
		p.Kind = AccountPrincipal
	}
	return p, true
}

func isPartition(s string) bool {
	tail, ok := strings.CutPrefix(s, "aws")
	return ok && only(tail, func(c byte) bool { return 'a' <= c && c <= 'z' || c == '-' })
}

func isAccount(s string) bool { return len(s) == 12 && only(s, isDigit) }

// isUniqueID reports whether s has the form of the ids that IAM gives to users,
// roles and the like. A policy shows one where the holder was deleted.
func isUniqueID(s string) bool {
	return 16 <= len(s) && len(s) <= 128 && s[0] == 'A' &&
		only(s, func(c byte) bool { return 'A' <= c && c <= 'Z' || isDigit(c) })
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func only(s string, allowed func(byte) bool) bool {
	for i := 0; i < len(s); i++ {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

// Match reports whether the element lets c in: for NotPrincipal, that no entry
// is c. A Caller without a type is in nobody's element. The partition is that
// of the resource; it counts where the caller has no ARN to tell its own.
//
// The effect counts for {"AWS": "*"} alone: it is a service too in an Allow's
// Principal and a Deny's NotPrincipal, where that is the reading that allows more.
func (p Principals) Match(c Caller, partition string, e Effect) bool {
	if c.Type != IAMCaller && c.Type != AnonymousCaller && c.Type != ServiceCaller {
		return false
	}
	if own, ok := arnPartition(c.ARN); ok {
		partition = own
	}
	wide := (e == Allow) != p.Negated
	for _, one := range p.Entries {
		if one.match(c, partition, wide) {
			return !p.Negated
		}
	}
	return p.Negated
}

func (p Principal) match(c Caller, partition string, wide bool) bool {
	switch p.Kind {
	case Everyone:
		return true
	case EveryAWS:
		return c.Type != ServiceCaller || wide
	case AccountPrincipal:
		return c.Type == IAMCaller && c.Account == p.Account && (p.Partition == "" || p.Partition == partition)
	case ARNPrincipal:
		return c.Type == IAMCaller && (c.ARN == p.Text || c.Session == p.Text)
	case ServicePrincipal:
		return c.Type == ServiceCaller && c.Service == p.Text
	}
	return false // a UniqueID is what is left of somebody who is gone
}

// arnPartition returns the second part of an ARN.
func arnPartition(arn string) (string, bool) {
	rest, ok := strings.CutPrefix(arn, "arn:")
	if !ok {
		return "", false
	}
	partition, _, ok := strings.Cut(rest, ":")
	return partition, ok
}
