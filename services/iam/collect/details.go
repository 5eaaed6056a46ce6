package collect

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"surety/internal/collect"
	"surety/services/iam"
)

// pageSize is how many entries are asked for at a time; IAM allows 1000, but the
// documents of so many are megabytes.
const pageSize = 200

// answer is one page, reduced to what is kept.
type answer struct {
	Roles    []iam.Role   `json:"roles,omitempty"`    // attached policies without text
	Policies []iam.Policy `json:"policies,omitempty"` // managed, of the default version
	Garbled  []garbled    `json:"garbled,omitempty"`
	Next     string       `json:"next,omitempty"`
}

// garbled is a role of which a document could not be read.
type garbled struct {
	ARN string `json:"arn"`
	Why string `json:"why"`
}

// Blank implements [collect.Walk].
func (*walk) Blank(collect.Call) any { return new(answer) }

// Read implements [collect.Walk].
func (w *walk) Read(ctx context.Context, c collect.Call) (any, error) {
	in := &sdk.GetAccountAuthorizationDetailsInput{
		Filter:   []types.EntityType{types.EntityTypeRole, types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy},
		MaxItems: aws.Int32(pageSize),
	}
	if c.Page != "" {
		in.Marker = aws.String(c.Page)
	}
	out, err := w.client.GetAccountAuthorizationDetails(ctx, in)
	if err != nil {
		return nil, err
	}
	if out.RoleDetailList == nil && out.Policies == nil {
		return nil, collect.Malformed("the answer holds neither roles nor policies")
	}
	if out.IsTruncated && aws.ToString(out.Marker) == "" {
		return nil, collect.Malformed("the answer says that there is more, but not where")
	}
	a := &answer{}
	if out.IsTruncated {
		a.Next = *out.Marker
	}
	for _, r := range out.RoleDetailList {
		a.role(r)
	}
	for _, p := range out.Policies {
		a.policy(p)
	}
	return a, nil
}

// role takes over a role. A document that cannot be decoded is left out and
// told; the role stays.
func (a *answer) role(r types.RoleDetail) {
	arn := aws.ToString(r.Arn)
	decode := func(what string, s *string) string {
		text, err := url.PathUnescape(aws.ToString(s))
		if err != nil {
			a.Garbled = append(a.Garbled, garbled{arn, what + " is not URL-encoded text"})
			return ""
		}
		return text
	}
	role := iam.Role{ARN: arn, Name: aws.ToString(r.RoleName), Trust: decode("the trust policy", r.AssumeRolePolicyDocument)}
	for _, p := range r.RolePolicyList {
		name := aws.ToString(p.PolicyName)
		role.Inline = append(role.Inline, iam.Policy{Name: name, Text: decode(fmt.Sprintf("inline policy %q", name), p.PolicyDocument)})
	}
	for _, p := range r.AttachedManagedPolicies {
		role.Attached = append(role.Attached, iam.Policy{Name: aws.ToString(p.PolicyName), ARN: aws.ToString(p.PolicyArn)})
	}
	if r.PermissionsBoundary != nil {
		role.Boundary = aws.ToString(r.PermissionsBoundary.PermissionsBoundaryArn)
	}
	if r.RoleLastUsed != nil && r.RoleLastUsed.LastUsedDate != nil {
		role.LastUsed = r.RoleLastUsed.LastUsedDate.UTC().Format(time.RFC3339)
	}
	for _, t := range r.Tags {
		if role.Tags == nil {
			role.Tags = map[string]string{}
		}
		role.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	a.Roles = append(a.Roles, role)
}

// policy keeps the default version of a managed policy; one that cannot be
// decoded has no text, as if the answer held none.
func (a *answer) policy(p types.ManagedPolicyDetail) {
	for _, v := range p.PolicyVersionList {
		if !v.IsDefaultVersion {
			continue
		}
		if text, err := url.PathUnescape(aws.ToString(v.Document)); err == nil {
			a.Policies = append(a.Policies, iam.Policy{ARN: aws.ToString(p.Arn), Text: text})
		}
	}
}
