package remedy

import (
	"context"
	"encoding/json"
	"errors"

	"surety/internal/plan"
)

// State is a resource as it is now.
type State struct {
	Content  json.RawMessage // in the form of Before and After; null: not there
	Revision string          // that the next write is guarded by; "" where the service has none
	// Held says why the step is not to be done although the content is as Before
	// says, such as what would be shipped with it, or who still uses what would be
	// deleted; "" when nothing speaks against it.
	Held string
}

// Actor carries out the steps of one action. It is safe for concurrent use.
type Actor interface {
	// Describe fills in what a step calls, which permission that needs and whether
	// it can be undone, from its resource, Before and After. An error means that
	// there is no such change.
	Describe(*plan.Step) error
	// Read reads the step's resource. An error leaves open how it is.
	Read(context.Context, plan.Step) (State, error)
	// Same reports whether two contents are one to the service: it may spell or
	// order what it stores in a way of its own.
	Same(a, b json.RawMessage) bool
	// Write makes the step's one call, guarded by the revision where it is not "".
	// It or the Read that follows waits until the service says that it is done.
	// [ErrMoved] means that the revision was not the present one and nothing was
	// written; any other error leaves open whether it was.
	Write(ctx context.Context, s plan.Step, revision string) error
	// Judge says what is wrong with the content that was read back, judged by the
	// step's detail; nil when it is as it should be.
	Judge(s plan.Step, found json.RawMessage) error
}

// MostAttempts is how often an actor makes a call that is throttled or answered by
// a fault of the service. It is more than a scan needs, which takes up what it
// could not read: a step that fails keeps the rest of its resource from being done.
const MostAttempts = 5

// ErrMoved is the error of a write whose revision is not the present one.
var ErrMoved = errors.New("the revision has moved")

// Guard says what protects a write against a change by somebody else.
type Guard string

// The guards. There is no way to write without one.
const (
	// ByRevision sends the revision that was read together with the content.
	ByRevision Guard = "revision"
	// ByContent compares the whole content just before the write and sends no
	// revision: for servers whose revisions do not work.
	ByContent Guard = "content"
)
