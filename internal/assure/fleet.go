package assure

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"surety/internal/report"
	"surety/internal/resource"
)

const (
	// DefaultAtOnce is how many accounts are read at a time. Each is read within
	// its own quotas, so what bounds it is this machine.
	DefaultAtOnce = 32
	// placesOfMember is how many calls one account may have in flight: one that
	// does not answer holds no more.
	placesOfMember = 64
	// connectionsPerHost bounds the connections to one regional endpoint.
	connectionsPerHost = 256
)

// Fleet says which accounts are walked together, and how.
type Fleet struct {
	Members   []Member
	Partition string // aws, aws-cn, aws-us-gov
	// Walk is what all walks have in common; its AWS is what accounts are
	// entered from, its State holds the fleet's state, and its Watch is not used
	// but for Proven.
	Walk   Walk
	AtOnce int             // accounts at a time; 0: [DefaultAtOnce]
	Kinds  []resource.Kind // of what snapshots may hold, to take them up again
	// Profile loads the AWS settings of a profile; nil where no member has one.
	Profile  func(ctx context.Context, name string) (aws.Config, error)
	Progress func(FleetProgress) // nil, or called after every account, one at a time
	Anew     func()              // nil, or called where there was no earlier scan to go on with
}

// FleetProgress is the state of a fleet's scan.
type FleetProgress struct {
	Accounts, Done   int // in scope; done one way or the other
	Failed           int // of those done, could not be entered
	Resources, Calls int
	Throttled        int
	Left             time.Duration // until the end at the present pace; 0 when unknown
}

// Visit is what came of one account.
type Visit struct {
	Member
	Reading               // its Snapshot is never nil
	Barred  *resource.Gap // why the account could not be entered; nil when it was
	Ledger  []report.Ledger
}

// open reports whether a later run can still read something of the account.
func (v Visit) open() bool { return v.Stopped != nil || v.GaveUp }

// Visit walks the accounts and hands over each as it is done, one at a time;
// those that are left out come first. An account that does not answer holds up
// no other. Ending ctx stops the reading: what is there is handed over, and the
// rest as barred. It ends early with each's error.
func (f Fleet) Visit(ctx context.Context, each func(Visit) error) error {
	t, err := f.begin(ctx, each)
	if err != nil {
		return err
	}
	defer t.cancel(nil)
	defer t.kept.close()
	if f.Walk.Resume && f.Anew != nil && (t.kept == nil || !t.kept.old) {
		f.Anew()
	}
	turn := make(chan struct{}, f.atOnce())
	var all sync.WaitGroup
	for _, m := range f.Members {
		if m.Left != nil {
			t.hand(Visit{Member: m, Reading: t.blank(m, resource.Gap{})})
			continue
		}
		turn <- struct{}{}
		all.Go(func() {
			defer func() { <-turn }()
			t.hand(t.visit(t.ctx, m))
		})
	}
	all.Wait()
	if t.broken != nil {
		return t.broken
	}
	return t.kept.end(t.whole)
}

func (f Fleet) atOnce() int {
	if f.AtOnce > 0 {
		return f.AtOnce
	}
	return DefaultAtOnce
}
