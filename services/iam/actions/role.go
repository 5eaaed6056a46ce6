// Package actions makes IAM roles and takes them away again.
package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/remedy"
	"surety/services/iam"
)

// RoleAction makes, changes or deletes a role, one call a step.
const RoleAction = "iam-role"

// Running names what runs with a role that was made for a function (both ARNs);
// "" for nothing.
type Running func(ctx context.Context, function, role string) (string, error)

// New returns the actors of this service, by action. It prepares its clients
// with [collect.Configure] itself. Nothing is taken from a role that something
// runs with.
func New(cfg aws.Config, running Running) map[string]remedy.Actor {
	roles := NewRoles(cfg)
	roles.running = running
	return map[string]remedy.Actor{RoleAction: roles}
}

// Roles carries out RoleAction.
type Roles struct {
	Clock   collect.Clock // by which reports are waited for
	client  *sdk.Client
	running Running // nil: nobody is asked
}

// NewRoles reads and describes roles; it is for planning, and does not ask what
// runs with them.
func NewRoles(cfg aws.Config) *Roles {
	return &Roles{Clock: collect.MachineClock(), client: sdk.NewFromConfig(collect.Configure(cfg), func(o *sdk.Options) { o.RetryMaxAttempts = remedy.MostAttempts })}
}

// nameOf is the name of a role, behind its path.
func nameOf(s plan.Step) string {
	return string(s.Resource)[strings.LastIndexByte(string(s.Resource), '/')+1:]
}

// pathOf is the path of a role, with slashes at both ends.
func pathOf(s plan.Step) string {
	_, rest, _ := strings.Cut(string(s.Resource), ":role")
	return rest[:strings.LastIndexByte(rest, '/')+1]
}

// read reads the content of a step; nil for no role.
func read(content json.RawMessage) (*iam.Definition, error) {
	var r *iam.Definition
	if err := json.Unmarshal(content, &r); err != nil {
		return nil, fmt.Errorf("reading a role of the plan: %w", err)
	}
	return r, nil
}

// Read implements [remedy.Actor].
func (a *Roles) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	r, err := a.Find(ctx, nameOf(s))
	if err != nil {
		return remedy.State{}, err
	}
	content, err := r.Content()
	if err != nil {
		return remedy.State{}, err
	}
	return remedy.State{Content: content, Held: a.held(ctx, s)}, nil
}

// held says what runs with a role that a step takes something from: a version that
// was published since with the function's own role would lose its permissions. The
// group of a step on a role begins with the ARN of the function that it is for.
func (a *Roles) held(ctx context.Context, s plan.Step) string {
	e, err := editOf(s)
	if err != nil || !e.takes() || a.running == nil {
		return "" // a step that is no change is refused by Write
	}
	function, _, _ := strings.Cut(s.Group, " ")
	switch by, err := a.running(ctx, function, string(s.Resource)); {
	case err != nil:
		return fmt.Sprintf("it stays: whether anything runs with this role is not known: %v", err)
	case by != "":
		return fmt.Sprintf("it stays: %s runs with this role and would lose its permissions; give it another role first", by)
	}
	return ""
}

// Find reads a role with all its policies; nil when there is none of that name.
func (a *Roles) Find(ctx context.Context, name string) (*iam.Definition, error) {
	out, err := a.client.GetRole(ctx, &sdk.GetRoleInput{RoleName: &name})
	var gone *types.NoSuchEntityException
	if errors.As(err, &gone) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading role %s: %w", name, collect.Clarify(err))
	}
	trust, err := url.PathUnescape(aws.ToString(out.Role.AssumeRolePolicyDocument))
	if err != nil {
		return nil, fmt.Errorf("reading role %s: its trust policy is not URL-encoded text", name)
	}
	r := &iam.Definition{Description: aws.ToString(out.Role.Description), Trust: trust, MaxSession: int(aws.ToInt32(out.Role.MaxSessionDuration))}
	if b := out.Role.PermissionsBoundary; b != nil {
		r.Boundary = aws.ToString(b.PermissionsBoundaryArn)
	}
	for _, t := range out.Role.Tags {
		if r.Tags == nil {
			r.Tags = map[string]string{}
		}
		r.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	if err := a.policies(ctx, name, r); err != nil {
		return nil, fmt.Errorf("reading the policies of role %s: %w", name, collect.Clarify(err))
	}
	return r, nil
}

func (a *Roles) policies(ctx context.Context, name string, r *iam.Definition) error {
	inline := sdk.NewListRolePoliciesPaginator(a.client, &sdk.ListRolePoliciesInput{RoleName: &name})
	for inline.HasMorePages() {
		page, err := inline.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, policy := range page.PolicyNames {
			out, err := a.client.GetRolePolicy(ctx, &sdk.GetRolePolicyInput{RoleName: &name, PolicyName: &policy})
			if err != nil {
				return err
			}
			text, err := url.PathUnescape(aws.ToString(out.PolicyDocument))
			if err != nil {
				return err
			}
			if r.Inline == nil {
				r.Inline = map[string]string{}
			}
			r.Inline[policy] = text
		}
	}
	attached := sdk.NewListAttachedRolePoliciesPaginator(a.client, &sdk.ListAttachedRolePoliciesInput{RoleName: &name})
	for attached.HasMorePages() {
		page, err := attached.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, policy := range page.AttachedPolicies {
			r.Attached = append(r.Attached, aws.ToString(policy.PolicyArn))
		}
	}
	slices.Sort(r.Attached)
	return nil
}

// Same implements [remedy.Actor]: white space in a document is no difference.
func (*Roles) Same(a, b json.RawMessage) bool {
	one, errOne := read(a)
	two, errTwo := read(b)
	if errOne != nil || errTwo != nil || one == nil || two == nil {
		return errOne == nil && errTwo == nil && one == nil && two == nil
	}
	return one.Description == two.Description && sameJSON(one.Trust, two.Trust) && one.MaxSession == two.MaxSession && one.Boundary == two.Boundary &&
		maps.Equal(one.Tags, two.Tags) && maps.EqualFunc(one.Inline, two.Inline, sameJSON) && slices.Equal(one.Attached, two.Attached)
}

func sameJSON(a, b string) bool {
	var one, two any
	return a == b || json.Unmarshal([]byte(a), &one) == nil && json.Unmarshal([]byte(b), &two) == nil && reflect.DeepEqual(one, two)
}

// Judge implements [remedy.Actor]: a role is judged through the functions that
// use it.
func (*Roles) Judge(plan.Step, json.RawMessage) error { return nil }

// Room returns what the account's quotas leave for one more role. Where the answer
// does not tell how many managed policies a role may have, it is the default, 10.
// Source: IAM user guide, IAM quotas.
func (a *Roles) Room(ctx context.Context) (iam.Room, error) {
	out, err := a.client.GetAccountSummary(ctx, &sdk.GetAccountSummaryInput{})
	if err != nil {
		return iam.Room{}, fmt.Errorf("asking how many roles the account may have: %w", collect.Clarify(err))
	}
	quota, told := out.SummaryMap["RolesQuota"]
	if !told {
		return iam.Room{}, errors.New("asking how many roles the account may have: the answer does not say")
	}
	attached, told := out.SummaryMap["AttachedPoliciesPerRoleQuota"]
	if !told {
		attached = 10
	}
	return iam.Room{Roles: int(quota - out.SummaryMap["Roles"]), Attached: int(attached)}, nil
}
