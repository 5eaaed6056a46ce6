package remedy

import (
	"context"
	"errors"
	"fmt"

	"surety/internal/plan"
)

// mostMoves is how often a write is tried again when only the revision moved: an
// unrelated deployment moves it too.
const mostMoves = 5

// alreadySo is said of a step that had nothing to do; rolling back leaves it.
const alreadySo = "it was so already, and nothing was called"

// do makes a step's call, unless there is nothing to do or its guard does not
// hold, and says what came of it. An error is the journal's.
func (r *run) do(ctx context.Context, i int, s plan.Step) (kind Kind, why string, err error) {
	actor := r.Actors[s.Action]
	begun := false
	for range mostMoves {
		now, err := actor.Read(ctx, s)
		if err != nil {
			return Failed, "reading it before the change: " + err.Error(), nil
		}
		switch {
		case actor.Same(now.Content, s.After):
			kind, why, err := r.judge(s, now)
			if kind == Done && !begun && !r.was[i].written() {
				why = alreadySo
			}
			return kind, why, err
		case !actor.Same(now.Content, s.Before):
			return Refused, "it is no longer as the plan found it: make a new plan", nil
		case now.Held != "":
			return Refused, now.Held, nil
		}
		if !begun {
			if err := r.note(i, Begun, ""); err != nil {
				return "", "", err
			}
			begun = true
		}
		revision := now.Revision
		if r.Guard == ByContent {
			revision = ""
		}
		err = actor.Write(ctx, s, revision)
		if errors.Is(err, ErrMoved) {
			continue
		}
		kind, why = r.after(ctx, s, err)
		return kind, why, nil
	}
	return Refused, "its revision moves whenever it is written, though its content is the same: where the server's revisions do not work, use --guard content", nil
}

// after reads back and tells what a call did, whatever it answered: an answer
// that is lost on the way is no failed call.
func (r *run) after(ctx context.Context, s plan.Step, failure error) (Kind, string) {
	now, err := r.Actors[s.Action].Read(ctx, s)
	switch {
	case err != nil && failure != nil:
		return Failed, fmt.Sprintf("%v; how it is now could not be read: %v", failure, err)
	case err != nil:
		return Failed, fmt.Sprintf("the call succeeded; reading it back: %v", err)
	case r.Actors[s.Action].Same(now.Content, s.After):
		kind, why, _ := r.judge(s, now)
		return kind, why
	case failure != nil:
		return Failed, failure.Error()
	}
	return Failed, "the call succeeded, and yet it is not as the plan wants it: look at it before anything else"
}

// judge judges what was read back.
func (r *run) judge(s plan.Step, now State) (Kind, string, error) {
	if err := r.Actors[s.Action].Judge(s, now.Content); err != nil {
		return Failed, "it is as planned, and judged again it fails: " + err.Error(), nil
	}
	return Done, "", nil
}
