package rewrite

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"surety/policy"
)

// Permission is one statement as AddPermission writes it.
type Permission struct {
	StatementId           string
	Action                string
	Principal             string
	SourceArn             string `json:",omitempty"`
	SourceAccount         string `json:",omitempty"`
	PrincipalOrgID        string `json:",omitempty"`
	EventSourceToken      string `json:",omitempty"`
	FunctionUrlAuthType   string `json:",omitempty"`
	InvokedViaFunctionUrl *bool  `json:",omitempty"`
}

// Permissions writes a statement as the permissions that together allow the
// same; ok is false where AddPermission has no words for it. Resource is the ARN
// that it will write. The Sid is that of the statement, to be made distinct by
// the caller where there are several.
func Permissions(s policy.Statement, resource string) (all []Permission, ok bool) {
	if s.Effect != policy.Allow || s.Void || s.Principals.Negated || s.Actions.Negated || s.Resources.Negated ||
		len(s.Resources.Texts) != 1 || s.Resources.Texts[0] != resource {
		return nil, false
	}
	for _, e := range s.Principals.Entries {
		for _, action := range s.Actions.Texts {
			if !isAction(action) {
				return nil, false
			}
			all = append(all, Permission{StatementId: s.Sid, Action: action, Principal: spoken(e)})
		}
	}
	for _, c := range s.Conditions {
		if all, ok = spread(all, c); !ok {
			return nil, false
		}
	}
	for _, p := range all {
		if p.SourceArn != "" && !sourceARN().MatchString(p.SourceArn) {
			return nil, false
		}
	}
	return all, true
}

// sourceARN is the pattern of AddPermission's SourceArn: neither service nor
// region may be a wildcard. Source: Lambda API reference, AddPermission.
var sourceARN = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:((eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d)?:(\d{12})?:(.*)$`)
})

// Writable puts a pin by source ARN into words that AddPermission has: the ARNs
// of each service in the function's own region. Ok is false where that cannot be
// done, because the principal is a wildcard; other statements stay as they are.
// Narrowed tells that a source elsewhere which tells nothing but its ARN is no
// longer let in.
func Writable(s policy.Statement, resource string) (all []policy.Statement, narrowed, ok bool) {
	at := slices.IndexFunc(s.Conditions, func(c policy.Condition) bool {
		return c.Operator == arnLike && strings.EqualFold(c.Key, "aws:SourceArn") && len(c.Values) > 0 && strings.Contains(c.Values[0], ":*:*:") && strings.HasSuffix(c.Values[0], ":*")
	})
	if at < 0 {
		return []policy.Statement{s}, false, true
	}
	region := strings.SplitN(resource, ":", 5)[3]
	for _, e := range s.Principals.Entries {
		if e.Kind != policy.ServicePrincipal {
			return nil, true, false
		}
		one := withEntries(s, e)
		one.Conditions = slices.Clone(s.Conditions)
		one.Conditions[at].Values = nil
		for _, v := range s.Conditions[at].Values {
			one.Conditions[at].Values = append(one.Conditions[at].Values, strings.Replace(v, ":*:*:", ":"+namespace(e.Text)+":"+region+":", 1))
		}
		all = append(all, one)
	}
	return all, true, true
}

// namespace is the service in the ARNs of what calls through a principal.
func namespace(service string) string {
	name, _, _ := strings.Cut(service, ".")
	if name == "apigateway" {
		return "execute-api"
	}
	return name
}

// isAction follows the pattern of AddPermission's Action (SDK).
func isAction(a string) bool {
	verb, is := strings.CutPrefix(a, "lambda:")
	return a == "*" || is && (verb == "*" || verb != "" && !strings.ContainsFunc(verb, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }))
}

// ValidSid reports whether AddPermission takes a statement id.
func ValidSid(sid string) bool {
	return sid != "" && len(sid) <= 100 && !strings.ContainsFunc(sid, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

// Removable reports whether RemovePermission takes a statement id: it knows one
// more character than AddPermission, the dot. Source: Lambda API reference.
func Removable(sid string) bool { return ValidSid(strings.ReplaceAll(sid, ".", "-")) }

// spoken is a principal as AddPermission takes it: an account by its digits.
func spoken(e policy.Principal) string {
	if e.Kind == policy.AccountPrincipal {
		return e.Account
	}
	return e.Text
}

// spread puts one condition into every permission, once for each of its values.
func spread(all []Permission, c policy.Condition) ([]Permission, bool) {
	plain := policy.Operator{Comparison: c.Operator.Comparison, Equals: c.Operator.Equals}
	if c.Operator != plain {
		return nil, false
	}
	var set func(*Permission, string)
	switch key := strings.ToLower(c.Key); {
	case key == "aws:sourcearn" && plain.Comparison == policy.ArnLike:
		set = func(p *Permission, v string) { p.SourceArn = v }
	case plain.Comparison == policy.Bool && key == "lambda:invokedviafunctionurl":
		set = func(p *Permission, v string) { via := v == "true"; p.InvokedViaFunctionUrl = &via }
	case plain.Comparison != policy.StringEquals:
		return nil, false
	case key == "aws:sourceaccount":
		set = func(p *Permission, v string) { p.SourceAccount = v }
	case key == "aws:principalorgid":
		set = func(p *Permission, v string) { p.PrincipalOrgID = v }
	case key == "lambda:eventsourcetoken":
		set = func(p *Permission, v string) { p.EventSourceToken = v }
	case key == "lambda:functionurlauthtype":
		set = func(p *Permission, v string) { p.FunctionUrlAuthType = v }
	default:
		return nil, false
	}
	var spread []Permission
	for _, p := range all {
		for _, v := range c.Values {
			one := p
			set(&one, v)
			spread = append(spread, one)
		}
	}
	return spread, true
}

// Statement is the permission as a statement, on a resource.
func (p Permission) Statement(resource, partition string) policy.Statement {
	s := policy.Statement{Sid: p.StatementId, Actions: policy.Patterns{Texts: []string{p.Action}}, Resources: policy.Patterns{Texts: []string{resource}}}
	switch {
	case p.Principal == "*":
		s.Principals.Entries = []policy.Principal{{Kind: policy.Everyone, Text: "*"}}
	case len(p.Principal) == 12 && strings.Trim(p.Principal, "0123456789") == "":
		s.Principals.Entries = []policy.Principal{root(partition, p.Principal)}
	case strings.HasPrefix(p.Principal, "arn:"):
		s.Principals.Entries = []policy.Principal{principal(p.Principal)}
		if after(p.Principal) == "root" {
			s.Principals.Entries[0].Kind = policy.AccountPrincipal
		}
	case strings.Contains(p.Principal, "."):
		s.Principals.Entries = []policy.Principal{{Kind: policy.ServicePrincipal, Text: p.Principal}}
	default:
		s.Principals.Entries = []policy.Principal{{Kind: policy.UniqueID, Text: p.Principal}}
	}
	via := ""
	if p.InvokedViaFunctionUrl != nil {
		via = map[bool]string{true: "true", false: "false"}[*p.InvokedViaFunctionUrl]
	}
	for _, c := range []struct {
		op         policy.Operator
		key, value string
	}{
		{stringEquals, "AWS:SourceAccount", p.SourceAccount}, {stringEquals, "aws:PrincipalOrgID", p.PrincipalOrgID},
		{stringEquals, "lambda:EventSourceToken", p.EventSourceToken}, {stringEquals, "lambda:FunctionUrlAuthType", p.FunctionUrlAuthType},
		{arnLike, "AWS:SourceArn", p.SourceArn}, {policy.Operator{Comparison: policy.Bool}, "lambda:InvokedViaFunctionUrl", via},
	} {
		if c.value != "" {
			s.Conditions = append(s.Conditions, policy.Condition{Operator: c.op, Key: c.key, Values: []string{c.value}})
		}
	}
	return s
}
