package cli

import (
	"context"
	"fmt"
	"slices"

	"surety/internal/assure"
	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/plan"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/lambda"
	lambdaactions "surety/services/lambda/actions"
)

// foretell judges the account as a plan will leave it by the rule of roles, whose
// verdict hangs on other functions too, and says in the plan what will be said of
// each function that fails now.
func foretell(ctx context.Context, j job, got assure.Reading, p *plan.Plan, failing []resource.ID) error {
	if len(failing) == 0 {
		return nil
	}
	verdicts := map[resource.ID]check.Check{}
	c := judge.Case{Snapshot: after(got.Snapshot, p.Steps), Profile: got.Profile, Now: got.Snapshot.Header.Started, Only: failing}
	for _, r := range j.rules {
		if r.ID == lambdaactions.RoleRule {
			c.Rules = []*rule.Rule{r}
		}
	}
	err := judge.Run(ctx, c, func(r judge.Result) error {
		for _, one := range r.Checks {
			verdicts[one.Resource] = one
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("judging what the plan leaves: %w", err)
	}
	for _, id := range failing {
		tellVerdict(p, id, verdicts[id])
	}
	return nil
}

// tellVerdict puts what a function will be told into the plan: with its last
// step, or as a refusal where it fails on and nothing is planned for it.
func tellVerdict(p *plan.Plan, id resource.ID, c check.Check) {
	text := fmt.Sprintf("judged as the plan leaves the account, %s still says %s: %s", c.Rule, c.Status, c.Message)
	of := func(s plan.Step) bool { return s.Resource == id && s.Rule == lambdaactions.RoleRule }
	for i := range slices.Backward(p.Steps) {
		switch s := &p.Steps[i]; {
		case !of(*s):
			continue
		case c.Status == check.Pass:
			s.Proof = append(s.Proof, fmt.Sprintf("judged as the plan leaves the account, %s says pass: %s", c.Rule, c.Message))
		default:
			s.Warnings = append(s.Warnings, text)
		}
		return
	}
	told := slices.ContainsFunc(p.Refused, func(r plan.Refusal) bool { return r.Resource == id && r.Rule == lambdaactions.RoleRule })
	if c.Status != check.Pass && !told {
		p.Refused = append(p.Refused, plan.Refusal{Resource: id, Rule: lambdaactions.RoleRule, Why: text})
	}
}

// after is a snapshot as steps leave the roles in it.
func after(now *inventory.Snapshot, steps []plan.Step) *inventory.Snapshot {
	then := inventory.New(now.Header)
	then.Footer = now.Footer
	for _, t := range now.Types() {
		for _, res := range now.Of(t) {
			if fn, is := res.(*lambda.Function); is {
				res = lambdaactions.After(fn, steps)
			}
			then.Add(res)
		}
	}
	for _, g := range now.Gaps() {
		then.AddGap(g)
	}
	then.Seal()
	return then
}
