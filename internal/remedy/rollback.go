package remedy

import (
	"context"
	"fmt"
	"slices"

	"surety/internal/plan"
)

// Rollback makes the plan that undoes what a plan did: its steps in reverse, Before
// and After exchanged, without those that are undone already and those that found
// nothing to do. Steps of which it is not known whether they were done count as
// done: whoever applies the plan looks. What cannot be undone or read is refused
// in the plan, with what was done before it in its group; other groups go back all
// the same. The plan is not sealed yet.
func Rollback(ctx context.Context, h *History, actors map[string]Actor) (*plan.Plan, error) {
	b := rollback{actors: actors, left: map[string]bool{}}
	b.plan = &plan.Plan{Schema: plan.Schema, Account: h.Plan.Account, Undoes: h.Plan.ID}
	became := h.outcomes()
	for i, s := range slices.Backward(h.Plan.Steps) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !became[i].written() || b.left[s.Group] {
			continue
		}
		if actors[s.Action] == nil {
			return nil, fmt.Errorf("step %d: nothing here undoes %q: use the program that made the plan", i+1, s.Action)
		}
		if why := b.turn(ctx, s); why != "" {
			b.left[s.Group] = true
			b.plan.Refused = append(b.plan.Refused, plan.Refusal{Resource: s.Resource, Qualifier: s.Qualifier, Rule: s.Rule, Why: why})
		}
	}
	return b.plan, nil
}

// rollback is one Rollback.
type rollback struct {
	plan   *plan.Plan
	actors map[string]Actor
	left   map[string]bool // groups of which a step stays, so all before it do
}

// turn adds the step that undoes another one, unless that is undone already. Why
// says what keeps it from being undone.
func (b *rollback) turn(ctx context.Context, s plan.Step) (why string) {
	actor, reversed := b.actors[s.Action], s.Reverse()
	now, err := actor.Read(ctx, reversed)
	if err != nil {
		return fmt.Sprintf("it stays as it is, and so does what the plan did before for the same function: %v", err)
	}
	first := !slices.ContainsFunc(b.plan.Steps, func(one plan.Step) bool { return one.Group == s.Group })
	if first && actor.Same(now.Content, s.Before) {
		return "" // undone already, or never done
	}
	if !s.Reversible {
		return "this step cannot be undone, and what the plan did before for the same function stays with it: what was there is in the plan, as Before"
	}
	if err := actor.Describe(&reversed); err != nil {
		return fmt.Sprintf("it cannot be turned round: %v", err)
	}
	switch {
	case actor.Same(now.Content, reversed.Before):
		reversed.Guard = now.Revision
	case first:
		reversed.Warnings = append(reversed.Warnings, "it is no longer as the plan left it: somebody changed it since, so unless they undo that this step is refused and theirs stays")
	}
	b.plan.Steps = append(b.plan.Steps, reversed)
	return ""
}
