package awssim

import (
	"cmp"
	"strings"
)

// Role is an IAM role. The account's own policies and those of AWS are named by
// ARN in Attached and described in Account.Policies.
type Role struct {
	Name        string            `yaml:"name"`
	Path        string            `yaml:"path"`     // empty: "/"
	ID          string            `yaml:"id"`       // AROA…; empty: made from the name
	Trust       string            `yaml:"trust"`    // JSON; empty: lambda.amazonaws.com may assume it
	Inline      []InlinePolicy    `yaml:"inline"`   // in this order on the wire
	Attached    []string          `yaml:"attached"` // ARN, or the name of a policy of the account, or "aws:" and the name of one of AWS
	Boundary    string            `yaml:"boundary"` // as Attached; empty: none
	Tags        map[string]string `yaml:"tags"`
	Created     string            `yaml:"created"`     // RFC 3339
	LastUsed    string            `yaml:"last_used"`   // RFC 3339; empty: never
	MaxSession  int               `yaml:"max_session"` // s; 0: 3600
	Description string            `yaml:"description"`
	UsedIn      string            `yaml:"used_in"` // region of the last use
	// Used is what the last accessed data say of services that the role may use, by
	// namespace ("s3"). A service that is not here has no entry in them.
	Used map[string]Use `yaml:"used"`
}

// Use is how many days ago a service was last accessed; 0 is never.
type Use struct {
	Days    int            `yaml:"days"`
	Actions map[string]int `yaml:"actions"` // tracked one by one, by name ("CreateBucket"), as Days
}

// InlinePolicy is a policy that is written into a role.
type InlinePolicy struct {
	Name     string `yaml:"name"`
	Document string `yaml:"document"` // JSON
}

// ManagedPolicy is a policy with an ARN of its own.
type ManagedPolicy struct {
	Name     string `yaml:"name"`
	Path     string `yaml:"path"`     // empty: "/"
	AWS      bool   `yaml:"aws"`      // managed by AWS, not by the account
	Document string `yaml:"document"` // JSON, of the default version
	Version  string `yaml:"version"`  // of the default version; empty: v1
}

const lambdaTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func (a *Account) roleARN(r *Role) string {
	return "arn:" + a.partition() + ":iam::" + a.ID + ":role" + cmp.Or(r.Path, "/") + r.Name
}

func (a *Account) policyARN(p *ManagedPolicy) string {
	owner := a.ID
	if p.AWS {
		owner = "aws"
	}
	return "arn:" + a.partition() + ":iam::" + owner + ":policy" + cmp.Or(p.Path, "/") + p.Name
}

// policyRef turns what a role's Attached may say into the ARN it means.
func (a *Account) policyRef(ref string) string {
	if strings.HasPrefix(ref, "arn:") {
		return ref
	}
	name, aws := strings.CutPrefix(ref, "aws:")
	for _, p := range a.Policies {
		if p.Name == name && p.AWS == aws {
			return a.policyARN(p)
		}
	}
	return a.policyARN(&ManagedPolicy{Name: name, AWS: aws})
}

// roleRef turns what a Configuration's Role may say into the ARN it means. A
// name that the account has no role for is a role of the default path.
func (a *Account) roleRef(ref string) string {
	if strings.HasPrefix(ref, "arn:") {
		return ref
	}
	for _, r := range a.Roles {
		if r.Name == ref {
			return a.roleARN(r)
		}
	}
	return a.roleARN(&Role{Name: ref})
}
