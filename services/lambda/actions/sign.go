package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"surety/internal/plan"
	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda"
)

// sign adds a step for each function URL that asks nobody for a signature and by
// which a policy that the steps close let in whoever came: else the next public
// statement would open the URL again. The step belongs to the group of the policy,
// so it is done when the policy is, and undone before it.
func (p *Planner) sign(ctx context.Context, fn *lambda.Function, steps []plan.Step) []plan.Step {
	var more []plan.Step
	for _, qualifier := range served(fn, steps) {
		at := slices.IndexFunc(steps, func(s plan.Step) bool {
			return serves(s.Qualifier, qualifier) && unsigned(s, s.Before) != nil
		})
		if at < 0 {
			continue
		}
		of := plan.Step{Action: URLAction, Resource: fn.Ref().ID, Qualifier: qualifier, Rule: AccessRule, Group: steps[at].Group}
		step, why := p.signed(ctx, of, steps)
		if why != "" {
			last := lastOf(steps, of.Group)
			steps[last].Warnings = append(steps[last].Warnings, why)
		}
		if step != nil {
			more = append(more, *step)
		}
	}
	return append(steps, more...)
}

// served lists the qualifiers whose URLs the changed policies may serve.
func served(fn *lambda.Function, steps []plan.Step) []string {
	var all []string
	for _, s := range steps {
		all = append(all, s.Qualifier)
	}
	if len(all) > 0 {
		for _, u := range fn.URLs {
			all = append(all, u.Qualifier)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// serves reports whether the policy of one qualifier may decide about the URL of
// another: about its own, and the function's about any, since AWS does not say how
// far that one reaches.
func serves(policy, url string) bool { return policy == url || policy == "" }

func lastOf(steps []plan.Step, group string) int {
	last := 0
	for i, s := range steps {
		if s.Group == group {
			last = i
		}
	}
	return last
}

// signed plans the step for one URL. Nil: there is no such URL, it asks for
// signatures already, or why says what else keeps it as it is.
func (p *Planner) signed(ctx context.Context, of plan.Step, steps []plan.Step) (step *plan.Step, why string) {
	now, err := p.urls.Read(ctx, of)
	if err != nil {
		return nil, fmt.Sprintf("how its function URL asks who calls is not known and stays as it is: %v", err)
	}
	url, err := urlOf(now.Content)
	if err != nil || url == nil || url.AuthType != lambda.AuthNone {
		return nil, ""
	}
	for _, qualifier := range slices.Compact([]string{"", of.Qualifier}) {
		if err := p.closed(ctx, of, qualifier, steps); err != nil {
			return nil, fmt.Sprintf("its function URL goes on asking nobody who calls (AuthType NONE): %v", err)
		}
	}
	url.AuthType = lambda.AuthIAM
	of.Before = now.Content
	if of.After, err = json.Marshal(url); err == nil {
		err = urls{}.Describe(&of)
	}
	if err != nil {
		return nil, err.Error()
	}
	of.Loses = []string{"whoever calls the function URL without a signature; the policy lets none of them in any more"}
	of.Keeps = []string{"whoever signs and has lambda:InvokeFunctionUrl and lambda:InvokeFunction: in the owner's account from an identity policy or from this one, elsewhere from both"}
	of.Proof = []string{"the policy after the change is proven to let in nobody without a signature, so this takes access from nobody who has it then"}
	of.Warnings = []string{"trusted callers must sign their requests (SigV4) from now on; statements for AuthType NONE do not serve them, those for AWS_IAM count from now on"}
	return &of, ""
}

// closed says why callers without a signature may still come in by the policy of a
// qualifier once the steps are done: from a trusted network, for example.
func (p *Planner) closed(ctx context.Context, of plan.Step, qualifier string, steps []plan.Step) error {
	of.Qualifier = qualifier
	var content json.RawMessage
	for _, s := range steps {
		if s.Group == policyGroup(of.Resource, qualifier) {
			content = s.After
		}
	}
	if content == nil {
		now, err := p.permissions.Read(ctx, of)
		if err != nil {
			return err
		}
		content = now.Content
	}
	return unsigned(of, content)
}

// unsigned says how callers without a signature may pass a function URL by a
// policy; nil when the prover finds that none can, whoever is trusted. It asks
// about the policy with every Allow held to the account that such callers have.
// Source: IAM user guide, aws:PrincipalAccount.
func unsigned(s plan.Step, content json.RawMessage) error {
	stored, err := text(content)
	if err != nil || stored == "" {
		return err
	}
	doc, _, err := policy.ParseStored(stored)
	if err != nil {
		return fmt.Errorf("reading the policy: %w", err)
	}
	held := *doc
	held.Statements = slices.Clone(doc.Statements)
	for i, one := range held.Statements {
		if one.Effect == policy.Allow {
			held.Statements[i].Conditions = append(slices.Clone(one.Conditions), policy.Condition{
				Operator: policy.Operator{Comparison: policy.StringEquals}, Key: "aws:PrincipalAccount", Values: []string{"anonymous"},
			})
		}
	}
	q := prove.Question{Function: string(s.Resource), Qualifier: s.Qualifier, Actions: []string{"lambda:InvokeFunctionUrl"}}
	if answer := prove.Outside(&held, q); answer.Verdict != prove.Pass {
		return errors.New("a policy may let in callers without a signature: " + answer.Why)
	}
	return nil
}
