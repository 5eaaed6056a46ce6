package assure

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"surety/internal/aws/role"
	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/profile"
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

// tour is a fleet under way.
type tour struct {
	Fleet
	ctx     context.Context
	cancel  context.CancelCauseFunc
	profile *profile.Profile // that all accounts share; nil: each has its own
	global  bool
	began   time.Time
	kept    *logbook

	mu     sync.Mutex // guards all below, and each
	each   func(Visit) error
	broken error
	whole  bool // every account in scope was entered and read to its end
	state  FleetProgress
}

func (f Fleet) begin(ctx context.Context, each func(Visit) error) (*tour, error) {
	f.Walk.AWS = collect.Pool(f.Walk.AWS, connectionsPerHost)
	f.Walk.Places, f.Walk.Lenient = placesOfMember, true
	t := &tour{Fleet: f, each: each, began: f.Walk.now(), whole: true, global: readsGlobal(f.Walk.Readers(f.Walk.AWS), f.Walk.Facets)}
	if f.Walk.Members != nil && f.Walk.Members.ID != "" {
		t.profile = f.Walk.Config.Resolve(*f.Walk.Members, t.began)
	}
	for _, m := range f.Members {
		if m.Left == nil {
			t.state.Accounts++
		}
	}
	var err error
	if t.kept, err = openLogbook(f); err != nil {
		return nil, err
	}
	t.ctx, t.cancel = context.WithCancelCause(ctx)
	return t, nil
}

// visit enters an account and walks it, or takes it from an earlier run.
func (t *tour) visit(ctx context.Context, m Member) Visit {
	if old, ok := t.kept.find(m, t.Kinds); ok {
		old.Profile = t.profileFor(old.Snapshot)
		return old
	}
	v := Visit{Member: m}
	w, err := t.walk(ctx, m)
	if err == nil {
		v.Reading, err = w.Read(ctx)
	}
	if err != nil {
		wall := &barrier{facet: facetIdentity, err: err}
		errors.As(err, &wall)
		gap := wall.gap(ctx, m.Account)
		v.Barred, v.Reading = &gap, t.blank(m, gap)
	}
	v.Ledger = v.ledger(t.global)
	if err := t.kept.keep(&v); err != nil && v.Unkept == nil {
		v.Unkept = err
	}
	return v
}

// walk is the walk of one account, with its credentials.
func (t *tour) walk(ctx context.Context, m Member) (Walk, error) {
	w := t.Walk
	w.Watch = Watch{Proven: t.Walk.Watch.Proven}
	w.Account, w.Profile, w.State, w.ID = m.Account, t.profile, t.kept.folder(), w.ID+"-"+string(m.Account)
	if limit := t.Walk.MaxTime; limit > 0 {
		if w.MaxTime = limit - w.now().Sub(t.began); w.MaxTime <= 0 {
			return w, &barrier{facet: role.Facet, code: resource.CodeInterrupted, err: fmt.Errorf("the scan reached its time limit of %s (--max-time) before the account was entered", limit)}
		}
	}
	if ctx.Err() != nil {
		return w, &barrier{facet: role.Facet, err: ctx.Err()}
	}
	var err error
	switch e := m.Entry; {
	case e.Profile != "":
		if w.AWS, err = t.Fleet.Profile(ctx, e.Profile); err == nil {
			w.AWS.HTTPClient = t.Walk.AWS.HTTPClient
		}
	case e.Role.Name != "":
		w.AWS, err = role.Enter(ctx, t.Walk.AWS, e.Role, t.Partition, m.Account)
	}
	if err != nil {
		return w, &barrier{facet: role.Facet, err: err}
	}
	return w, nil
}

// blank is the reading of an account that was not read.
func (t *tour) blank(m Member, g resource.Gap) Reading {
	h := inventory.Header{
		Schema: inventory.Schema, ID: t.Walk.ID + "-" + string(m.Account), Started: t.began, Program: t.Walk.Program, Partition: t.Partition,
		Account: m.Account, Qualifiers: t.Walk.Qualifiers, Facets: t.Walk.Facets,
	}
	if t.Walk.Members != nil {
		h.Organization = t.Walk.Members.ID
	}
	s := nothing(h)
	if g.Code != "" {
		s.AddGap(g)
		s.Footer.Interrupted = g.Code == resource.CodeInterrupted
	}
	s.Footer.Finished = t.Walk.now()
	return Reading{Snapshot: s, Profile: t.profileFor(s)}
}

func (t *tour) profileFor(s *inventory.Snapshot) *profile.Profile {
	if t.profile != nil {
		return t.profile
	}
	return t.Walk.Config.Resolve(profile.Organization{ID: s.Header.Organization}, s.Header.Started)
}

// hand gives a visit away and counts it.
func (t *tour) hand(v Visit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if v.Ledger == nil {
		v.Ledger = v.ledger(t.global)
	}
	if t.broken == nil {
		if t.broken = t.each(v); t.broken != nil {
			t.cancel(t.broken)
		}
	}
	if v.Left != nil {
		return
	}
	t.whole = t.whole && v.Barred == nil && v.Stopped == nil
	t.count(v)
}

func (t *tour) count(v Visit) {
	s := &t.state
	s.Done++
	if v.Barred != nil {
		s.Failed++
	}
	for _, kind := range v.Snapshot.Types() {
		s.Resources += len(v.Snapshot.Of(kind))
	}
	s.Calls += v.Snapshot.Footer.Calls
	s.Throttled += v.Snapshot.Footer.Throttled
	s.Left = t.Walk.now().Sub(t.began) / time.Duration(s.Done) * time.Duration(s.Accounts-s.Done)
	if t.Progress != nil {
		t.Progress(*s)
	}
}
