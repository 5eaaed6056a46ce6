package remedy

import (
	"context"
	"errors"
	"slices"
	"time"

	"surety/internal/plan"
)

// Journal keeps plans and what became of them. All methods are safe for
// concurrent use, by other processes too.
type Journal interface {
	// Open begins the record of a plan, or goes on with it, and holds it alone
	// until the Log is closed. [ErrBusy]: somebody else has it. A plan of that id
	// with another digest is an error.
	Open(context.Context, *plan.Plan) (Log, error)
	// Read returns what is recorded of a plan; [ErrUnknown] when nothing is.
	Read(ctx context.Context, id string) (*History, error)
	// List returns everything that can be read, newest first. An error beside it
	// names what cannot.
	List(context.Context) ([]*History, error)
	// Lock makes the caller the only writer of a resource until it calls unlock
	// or its process ends. [ErrBusy]: somebody else is.
	Lock(ctx context.Context, resource string) (unlock func(), err error)
}

// Log is the record of one plan, being written.
type Log interface {
	History() *History // as it was when the log was opened
	// Append returns when the record would outlive a loss of power.
	Append(Record) error
	Close() error
}

// Errors of a Journal that its callers tell apart.
var (
	ErrBusy    = errors.New("somebody else is at it")
	ErrUnknown = errors.New("no such plan is in the journal")
)

// Kind says what a record tells.
type Kind string

// The kinds of records.
const (
	Started Kind = "start"   // a run of the plan begins
	Begun   Kind = "begin"   // the call of a step is about to be made
	Done    Kind = "done"    // the resource is as After says
	Refused Kind = "refused" // its guard no longer holds; nothing was written
	Failed  Kind = "failed"  // it could not be done; Why says whether it is known how the resource is
	Skipped Kind = "skipped" // an earlier step of its group was not done
	Ended   Kind = "end"     // the run is over
)

// Record is one line of a journal.
type Record struct {
	At   time.Time `json:"at"`
	Kind Kind      `json:"event"`
	Step int       `json:"step"` // index in the plan; -1 for a run
	Why  string    `json:"why,omitempty"`
	// Untouched says of a failed step that it was read back and is as Before says.
	Untouched bool `json:"untouched,omitempty"`
}

// History is what a journal holds of one plan.
type History struct {
	Plan    *plan.Plan
	Records []Record // in order
	Running bool     // a process is applying it now
	// UndoneBy is the last plan that undid some of it or all; "" for none. What
	// was undone by a plan that was itself undone is not undone.
	UndoneBy string
	Undone   bool // all of it was
}

// Outcome is the last word on a step: its last record, of kind "" when nothing
// was ever begun. Begun means that it is not known whether the call was made. That
// a later run left the step alone does not change what an earlier one may have
// done to it.
func (h *History) Outcome(step int) Record { return h.outcomes()[step].last }

// outcome is what became of one step.
type outcome struct {
	last  Record
	run   int  // that last is of
	begun bool // by any run
}

// written reports whether the step's call was, or may have been, made: what was
// found as it was to be is not the plan's doing.
func (o outcome) written() bool {
	return o.begun && (o.last.Kind == Done || o.last.Kind == Begun || o.last.Kind == Failed)
}

// changed reports whether the step's resource is as the plan wanted it, or may be.
func (o outcome) changed() bool {
	return o.last.Kind == Done || o.last.Kind == Begun || o.begun && o.last.Kind == Failed && !o.last.Untouched
}

// outcomes are those of all steps.
func (h *History) outcomes() []outcome {
	all := make([]outcome, len(h.Plan.Steps))
	for i := range all {
		all[i].last.Step = i
	}
	run := 0
	for _, r := range h.Records {
		if r.Kind == Started {
			run++
		}
		if r.Step < 0 {
			continue
		}
		o := &all[r.Step]
		unknown := o.begun && o.run < run && (o.last.Kind == Begun || o.last.Kind == Failed)
		if r.Kind == Skipped && o.last.Kind != "" || r.Kind == Refused && unknown {
			continue
		}
		*o = outcome{last: r, run: run, begun: o.begun || r.Kind == Begun}
	}
	return all
}

// Count counts the steps whose last word is one of the kinds.
func (h *History) Count(kinds ...Kind) int {
	n := 0
	for _, o := range h.outcomes() {
		if slices.Contains(kinds, o.last.Kind) {
			n++
		}
	}
	return n
}

// The states of a plan.
const (
	Planned    = "planned"     // nothing was begun
	Applying   = "applying"    // a process is at it
	Applied    = "applied"     // every step is done
	Partial    = "partial"     // some steps are done and not undone, or were begun with an end that nobody knows
	RolledBack = "rolled-back" // a plan that undoes it was applied
	NotDone    = "failed"      // it was tried, and nothing was changed
)

// State sums a history up.
func (h *History) State() string {
	done := h.Count(Done)
	switch {
	case h.Running:
		return Applying
	case h.Undone:
		return RolledBack
	case done == len(h.Plan.Steps) && (done > 0 || len(h.Records) > 0) && h.UndoneBy == "":
		return Applied
	case slices.ContainsFunc(h.outcomes(), outcome.changed):
		return Partial
	case h.Count(Refused, Failed, Skipped) > 0:
		return NotDone
	}
	return Planned
}

// Summary is one line of the list, as other programs read it.
type Summary struct {
	ID      string    `json:"id"`
	State   string    `json:"state"`
	Created time.Time `json:"created"`
	Steps   int       `json:"steps"`
	Done    int       `json:"done"`
	Refused int       `json:"refused"`
}

// Summary sums a history up for a list.
func (h *History) Summary() Summary {
	return Summary{
		ID: h.Plan.ID, State: h.State(), Created: h.Plan.Created, Steps: len(h.Plan.Steps), Done: h.Count(Done), Refused: h.Count(Refused),
	}
}
