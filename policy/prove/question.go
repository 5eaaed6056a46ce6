package prove

import (
	"fmt"
	"strings"
	"time"

	"surety/policy"
)

// The actions that run a function. lambda:InvokeAsync is deprecated and still
// in AWS's service authorization reference.
const (
	invokeFunction    = "lambda:InvokeFunction"
	invokeFunctionURL = "lambda:InvokeFunctionUrl"
	invokeAsync       = "lambda:InvokeAsync"
)

// InvokeActions returns the actions that run a function.
func InvokeActions() []string {
	return []string{invokeFunction, invokeFunctionURL, invokeAsync}
}

// Question is what is asked of one document: whether anybody outside the zone
// may do one of the actions on the function.
type Question struct {
	Function string // ARN, unqualified
	// Qualifier is the alias or version whose document it is; "" is the function.
	Qualifier string
	// Known are qualifiers that exist; a witness prefers them to made-up ones.
	Known []string
	// Organization of the owner, o-…; "" when it has none or is not known.
	Organization string
	Zone         Zone
	Now          time.Time // no request is earlier; zero: any time
	Actions      []string  // nil: [InvokeActions]
}

// target names the function that is asked about, in parts.
type target struct {
	arn, partition, region, owner string
}

func parseFunction(arn string) (target, error) {
	parts := strings.Split(arn, ":")
	if len(parts) != 7 || parts[0] != "arn" || parts[2] != "lambda" || parts[5] != "function" || parts[6] == "" {
		return target{}, fmt.Errorf("%q is no ARN of a function: arn:aws:lambda:REGION:ACCOUNT:function:NAME, without a qualifier", arn)
	}
	if !isAccount(parts[4]) {
		return target{}, fmt.Errorf("%q has no account of 12 digits", arn)
	}
	return target{arn: arn, partition: parts[1], region: parts[3], owner: parts[4]}, nil
}

// Check reports what is wrong with a question; a wrong one is never answered
// with PASS.
func (q Question) Check() error {
	_, err := parseFunction(q.Function)
	return err
}

func isAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, r := range s {
		if !digit(r) {
			return false
		}
	}
	return true
}

// kind is the shape of a caller.
type kind uint8

const (
	roleSession kind = iota
	user
	root
	federated
	anonymous
	serviceCall
)

// scenario is one shape of caller calling one action: what is left to choose
// are the texts of its keys.
type scenario struct {
	kind    kind
	service service // of a serviceCall
	action  string
}

func (s scenario) iam() bool { return s.kind <= federated }

// trust answers whether a request's parts are in the trust zone.
type trust struct {
	Zone
	accounts   map[string]bool // with the owner
	principals map[string]bool
	services   map[string]bool
}

func newTrust(z Zone, owner string) trust {
	t := trust{Zone: z, accounts: map[string]bool{owner: true}, principals: map[string]bool{}, services: map[string]bool{}}
	for _, a := range z.Accounts {
		t.accounts[a] = true
	}
	for _, p := range z.Principals {
		t.principals[p] = true
	}
	for _, s := range z.Services {
		t.services[s] = true
	}
	return t
}

// entry reports whether every caller that an entry of a Principal element lets
// in is trusted, so that the entry needs no look.
func (t trust) entry(p policy.Principal) bool {
	switch p.Kind {
	case policy.AccountPrincipal:
		return t.accounts[p.Account]
	case policy.ARNPrincipal:
		return t.accounts[p.Account] || t.principals[p.Text] || t.session(p.Text)
	case policy.ServicePrincipal:
		return t.services[p.Text] || lookup(p.Text).inside()
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
	for p := range t.principals {
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
