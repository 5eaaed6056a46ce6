package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/remedy"
	"surety/services/lambda/actions/rewrite"
)

// permissions adds or removes one statement of a policy.
type permissions struct{ clients }

// edit is what a step does: it adds Add, or removes the statement Remove.
type edit struct {
	add        *rewrite.Permission
	remove     string // the Sid
	reversible bool
}

func editOf(s plan.Step) (edit, error) {
	t, err := targetOf(s)
	if err != nil {
		return edit{}, err
	}
	before, err := text(s.Before)
	if err != nil {
		return edit{}, err
	}
	after, err := text(s.After)
	if err != nil {
		return edit{}, err
	}
	removed, added, err := rewrite.Difference(before, after)
	switch {
	case err != nil:
		return edit{}, err
	case len(added) == 1 && len(removed) == 0:
		words, ok := rewrite.Permissions(added[0], t.arn)
		if !ok || len(words) != 1 || !rewrite.ValidSid(added[0].Sid) {
			return edit{}, fmt.Errorf("AddPermission has no words for statement %q", added[0].Sid)
		}
		return edit{add: &words[0], reversible: true}, nil
	case len(removed) == 1 && len(added) == 0:
		if removed[0].Sid == "" {
			return edit{}, fmt.Errorf("a statement without Sid cannot be removed by RemovePermission")
		}
		words, ok := rewrite.Permissions(removed[0], t.arn)
		return edit{remove: removed[0].Sid, reversible: ok && len(words) == 1 && rewrite.ValidSid(removed[0].Sid)}, nil
	}
	return edit{}, fmt.Errorf("it is not the change of one statement: %d go and %d come", len(removed), len(added))
}

func (permissions) Describe(s *plan.Step) error {
	e, err := editOf(*s)
	if err != nil {
		return err
	}
	t, err := targetOf(*s)
	if err != nil {
		return err
	}
	s.Reversible = e.reversible
	if e.add == nil {
		s.Permission, s.Call.API = "lambda:RemovePermission", "lambda:RemovePermission"
		input := map[string]string{"FunctionName": t.name, "StatementId": e.remove}
		if t.qualifier != "" {
			input["Qualifier"] = t.qualifier
		}
		s.Call.Input, err = json.Marshal(input)
		return err
	}
	s.Permission, s.Call.API = "lambda:AddPermission", "lambda:AddPermission"
	s.Call.Input, err = json.Marshal(struct {
		FunctionName string
		Qualifier    string `json:",omitempty"`
		rewrite.Permission
	}{t.name, t.qualifier, *e.add})
	return err
}

func (p permissions) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	t, err := targetOf(s)
	if err != nil {
		return remedy.State{}, err
	}
	out, err := p.of(t.arn).GetPolicy(ctx, &sdk.GetPolicyInput{FunctionName: &t.name, Qualifier: optional(t.qualifier)})
	if none(err) {
		revision, err := p.revision(ctx, t)
		return remedy.State{Content: content(""), Revision: revision}, err
	}
	if err != nil {
		return remedy.State{}, fmt.Errorf("reading the policy: %w", collect.Clarify(err))
	}
	found := aws.ToString(out.Policy)
	if found == "" {
		return remedy.State{}, fmt.Errorf("reading the policy: the answer holds none")
	}
	if stored, err := rewrite.Open(found); err == nil && len(stored.Statements) == 0 {
		found = "" // a policy without statements is none
	}
	return remedy.State{Content: content(found), Revision: aws.ToString(out.RevisionId)}, nil
}

func (permissions) Same(a, b json.RawMessage) bool { return samePolicy(a, b) }

func (p permissions) Write(ctx context.Context, s plan.Step, revision string) error {
	e, err := editOf(s)
	if err != nil {
		return err
	}
	t, err := targetOf(s)
	if err != nil {
		return err
	}
	err = whenFree(ctx, func() error {
		if e.add == nil {
			_, err := p.of(t.arn).RemovePermission(ctx, &sdk.RemovePermissionInput{
				FunctionName: &t.name, StatementId: &e.remove, Qualifier: optional(t.qualifier), RevisionId: optional(revision),
			})
			return err
		}
		_, err := p.of(t.arn).AddPermission(ctx, &sdk.AddPermissionInput{
			FunctionName: &t.name, Qualifier: optional(t.qualifier), RevisionId: optional(revision),
			StatementId: &e.add.StatementId, Action: &e.add.Action, Principal: &e.add.Principal,
			SourceArn: optional(e.add.SourceArn), SourceAccount: optional(e.add.SourceAccount), PrincipalOrgID: optional(e.add.PrincipalOrgID),
			EventSourceToken: optional(e.add.EventSourceToken), FunctionUrlAuthType: types.FunctionUrlAuthType(e.add.FunctionUrlAuthType),
			InvokedViaFunctionUrl: e.add.InvokedViaFunctionUrl,
		})
		return err
	})
	if err != nil {
		return moved(err)
	}
	return nil
}

func (permissions) Judge(s plan.Step, found json.RawMessage) error { return judge(s, found) }

// partition is the first part of a function's ARN that is not the same everywhere.
func partition(arn string) string { return strings.SplitN(arn, ":", 3)[1] }
