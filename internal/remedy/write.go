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
func (r *run) do(ctx context.Context, i int, s plan.Step) (Record, error) {
	actor := r.Actors[s.Action]
	begun := false
	for range mostMoves {
		now, err := actor.Read(ctx, s)
		if err != nil {
			return Record{Kind: Failed, Why: "reading it before the change: " + err.Error()}, nil
		}
		switch {
		case actor.Same(now.Content, s.After):
			became := r.judge(s, now)
			if became.Kind == Done && !begun && !r.was[i].written() {
				became.Why = alreadySo
			}
			return became, nil
		case !actor.Same(now.Content, s.Before):
			return Record{Kind: Refused, Why: "it is no longer as the plan found it: make a new plan"}, nil
		case now.Held != "":
			return Record{Kind: Refused, Why: now.Held}, nil
		}
		if !begun {
			if err := r.note(Record{Kind: Begun, Step: i}); err != nil {
				return Record{}, err
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
		return r.after(ctx, s, err), nil
	}
	return Record{Kind: Refused, Why: "its revision moves whenever it is written, though its content is the same: where the server's revisions do not work, use --guard content"}, nil
}

// after reads back and tells what a call did, whatever it answered: an answer
// that is lost on the way is no failed call.
func (r *run) after(ctx context.Context, s plan.Step, failure error) Record {
	actor := r.Actors[s.Action]
	now, err := actor.Read(ctx, s)
	became := Record{Kind: Failed, Untouched: err == nil && actor.Same(now.Content, s.Before)}
	switch {
	case err != nil && failure != nil:
		became.Why = fmt.Sprintf("%v; how it is now could not be read: %v", failure, err)
	case err != nil:
		became.Why = fmt.Sprintf("the call succeeded; reading it back: %v", err)
	case actor.Same(now.Content, s.After):
		return r.judge(s, now)
	case failure != nil:
		became.Why = failure.Error()
	default:
		became.Why = "the call succeeded, and yet it is not as the plan wants it: look at it before anything else"
	}
	return became
}

// judge judges what was read back.
func (r *run) judge(s plan.Step, now State) Record {
	if err := r.Actors[s.Action].Judge(s, now.Content); err != nil {
		return Record{Kind: Failed, Why: "it is as planned, and judged again it fails: " + err.Error()}
	}
	return Record{Kind: Done}
}
