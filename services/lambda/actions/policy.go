package actions

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/remedy"
	"surety/services/lambda/actions/rewrite"
)

// documents exchanges a whole policy in one guarded call.
type documents struct{ clients }

func (d documents) Describe(s *plan.Step) error {
	t, err := targetOf(*s)
	if err != nil {
		return err
	}
	after, err := text(s.After)
	if err != nil {
		return err
	}
	s.Reversible = true
	s.Permission, s.Call.API = "lambda:PutResourcePolicy", "lambda:PutResourcePolicy"
	input := map[string]string{"ResourceArn": t.arn, "Policy": after}
	if after == "" {
		s.Permission, s.Call.API = "lambda:DeleteResourcePolicy", "lambda:DeleteResourcePolicy"
		delete(input, "Policy")
	}
	s.Call.Input, err = json.Marshal(input)
	return err
}

func (d documents) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	t, err := targetOf(s)
	if err != nil {
		return remedy.State{}, err
	}
	out, err := d.of(t.arn).GetResourcePolicy(ctx, &sdk.GetResourcePolicyInput{ResourceArn: &t.arn})
	if none(err) {
		revision, err := d.revision(ctx, t)
		return remedy.State{Content: content(""), Revision: revision}, err
	}
	if err != nil {
		return remedy.State{}, fmt.Errorf("reading the policy: %w", collect.Clarify(err))
	}
	if aws.ToString(out.Policy) == "" {
		return remedy.State{}, fmt.Errorf("reading the policy: the answer holds none")
	}
	return remedy.State{Content: content(*out.Policy), Revision: aws.ToString(out.RevisionId)}, nil
}

func (documents) Same(a, b json.RawMessage) bool { return samePolicy(a, b) }

func samePolicy(a, b json.RawMessage) bool {
	one, errOne := text(a)
	two, errTwo := text(b)
	return errOne == nil && errTwo == nil && rewrite.Same(one, two)
}

func (d documents) Write(ctx context.Context, s plan.Step, revision string) error {
	t, err := targetOf(s)
	if err != nil {
		return err
	}
	after, err := text(s.After)
	if err != nil {
		return err
	}
	if after == "" {
		err = whenFree(ctx, func() error {
			_, err := d.of(t.arn).DeleteResourcePolicy(ctx, &sdk.DeleteResourcePolicyInput{ResourceArn: &t.arn, RevisionId: optional(revision)})
			return err
		})
		if none(err) {
			return fmt.Errorf("there is no policy any more")
		}
	} else {
		err = whenFree(ctx, func() error {
			_, err := d.of(t.arn).PutResourcePolicy(ctx, &sdk.PutResourcePolicyInput{ResourceArn: &t.arn, Policy: &after, RevisionId: optional(revision)})
			return err
		})
	}
	if err != nil {
		return moved(err)
	}
	return nil
}

func (documents) Judge(s plan.Step, found json.RawMessage) error { return judge(s, found) }
