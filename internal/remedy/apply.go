package remedy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"surety/internal/plan"
)

// Applier applies plans.
type Applier struct {
	Journal Journal
	Actors  map[string]Actor // by Step.Action
	Guard   Guard            // "" is ByRevision
	Now     func() time.Time
	Tell    func(step int, r Record) // hears of every outcome; nil: nobody
}

// Result counts the steps of a plan by their last word.
type Result struct {
	Done, Refused, Failed, Skipped int
	Already                        bool // the plan was applied before; nothing was done
}

// ErrUnfinished is the error of a plan that was begun and not ended well, and is
// not to be resumed.
var ErrUnfinished = errors.New("it was begun before and not finished: look with surety fix show, then go on with --resume, or turn back with surety fix rollback")

// Apply does what a plan says and nothing else. Each step is done only while the
// resource is as Before says; where it is as After says already, there is nothing
// to do. A step that is refused or fails leaves the later steps of its group
// alone; other groups go on. With resume, steps that are not done are tried again.
//
// An error means that the journal could not be written, that the plan is not to
// be applied, or that ctx ended; what was done until then is in the journal.
func (a Applier) Apply(ctx context.Context, p *plan.Plan, resume bool) (Result, error) {
	for i, s := range p.Steps {
		if a.Actors[s.Action] == nil {
			return Result{}, fmt.Errorf("step %d: nothing here does %q: use the program that made the plan", i+1, s.Action)
		}
	}
	log, err := a.Journal.Open(ctx, p)
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = log.Close() }() // every record is on disk already
	r := run{Applier: a, log: log, plan: p, was: log.History().outcomes(), broken: map[string]bool{}, locks: map[string]func(){}}
	defer r.unlock()
	switch h, state := log.History(), log.History().State(); {
	case h.UndoneBy != "":
		return Result{}, fmt.Errorf("plan %s was rolled back by plan %s since it was applied: make a new plan with surety fix plan", p.ID, h.UndoneBy)
	case state == Applied:
		return Result{Done: len(p.Steps), Already: true}, nil
	case state != Planned && !resume:
		return Result{}, fmt.Errorf("plan %s: %w", p.ID, ErrUnfinished)
	}
	if err := r.note(Record{Kind: Started, Step: -1}); err != nil {
		return r.result, err
	}
	for i := range p.Steps {
		if err := r.step(ctx, i); err != nil {
			return r.result, err
		}
	}
	return r.result, r.note(Record{Kind: Ended, Step: -1})
}

// run is one Apply.
type run struct {
	Applier
	log    Log
	plan   *plan.Plan
	was    []outcome       // of earlier runs
	broken map[string]bool // groups of which a step was not done
	locks  map[string]func()
	result Result
}

func (r *run) unlock() {
	for _, unlock := range r.locks {
		unlock()
	}
}

// note appends a record and counts it.
func (r *run) note(record Record) error {
	record.At = r.Now().UTC()
	if err := r.log.Append(record); err != nil {
		return err
	}
	switch record.Kind {
	case Done:
		r.result.Done++
	case Refused:
		r.result.Refused++
	case Failed:
		r.result.Failed++
	case Skipped:
		r.result.Skipped++
	default:
		return nil
	}
	if record.Kind != Done {
		r.broken[r.plan.Steps[record.Step].Group] = true
	}
	if r.Tell != nil {
		r.Tell(record.Step, record)
	}
	return nil
}

// step takes one step to its last word.
func (r *run) step(ctx context.Context, i int) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before step %d (%w): what was done is in the journal; go on with --resume, or turn back with surety fix rollback %s", i+1, err, r.plan.ID)
	}
	s := r.plan.Steps[i]
	if r.was[i].last.Kind == Done {
		r.result.Done++
		return nil
	}
	if r.broken[s.Group] {
		return r.note(Record{Kind: Skipped, Step: i, Why: "an earlier step on the same resource was not done"})
	}
	if why := r.lock(ctx, s); why != "" {
		return r.note(Record{Kind: Refused, Step: i, Why: why})
	}
	// A call that is on its way is seen to its end: stopping is between steps.
	became, err := r.do(context.WithoutCancel(ctx), i, s)
	if err != nil {
		return err
	}
	became.Step = i
	if err := r.note(became); err != nil {
		return fmt.Errorf("step %d was tried (%s), and that could not be kept: %w; mend that, then --resume looks at it again", i+1, became.Kind, err)
	}
	return nil
}

// lock makes this run the only writer of the step's resource until it ends.
func (r *run) lock(ctx context.Context, s plan.Step) (why string) {
	name := string(s.Resource)
	if r.locks[name] != nil {
		return ""
	}
	unlock, err := r.Journal.Lock(ctx, name)
	switch {
	case errors.Is(err, ErrBusy):
		return "another run is changing this resource now: try again when it has ended"
	case err != nil:
		return err.Error()
	}
	r.locks[name] = unlock
	return ""
}
