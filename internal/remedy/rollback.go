package remedy

import (
	"context"
	"fmt"
	"slices"

	"surety/internal/plan"
)

// Rollback makes the plan that undoes what a plan did: its steps in reverse, Before
// and After exchanged, without those that are undone already. Steps of which it is
// not known whether they were done count as done: whoever applies the plan looks.
// What cannot be undone is refused in the plan. The plan is not sealed yet.
func Rollback(ctx context.Context, h *History, actors map[string]Actor) (*plan.Plan, error) {
	back := &plan.Plan{Schema: plan.Schema, Account: h.Plan.Account, Undoes: h.Plan.ID}
	for i, s := range slices.Backward(h.Plan.Steps) {
		if kind := h.Outcome(i).Kind; kind != Done && kind != Begun && kind != Failed {
			continue
		}
		actor := actors[s.Action]
		if actor == nil {
			return nil, fmt.Errorf("step %d: nothing here undoes %q: use the program that made the plan", i+1, s.Action)
		}
		reversed := s.Reverse()
		now, err := actor.Read(ctx, reversed)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", s.Resource, err)
		}
		if actor.Same(now.Content, s.Before) && !slices.ContainsFunc(back.Steps, func(b plan.Step) bool { return b.Group == s.Group }) {
			continue // undone already, or never done
		}
		if !s.Reversible {
			back.Refused = append(back.Refused, plan.Refusal{Resource: s.Resource, Qualifier: s.Qualifier, Rule: s.Rule, Why: "this step cannot be undone: what was there before is in the plan, as Before"})
			continue
		}
		if err := actor.Describe(&reversed); err != nil {
			return nil, fmt.Errorf("turning step %d round: %w", i+1, err)
		}
		if actor.Same(now.Content, reversed.Before) {
			reversed.Guard = now.Revision
		}
		back.Steps = append(back.Steps, reversed)
	}
	return back, nil
}
