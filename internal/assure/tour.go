package assure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"surety/internal/aws/role"
	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/lockfile"
	"surety/internal/profile"
	"surety/internal/resource"
)

// tour is a fleet under way.
type tour struct {
	Fleet
	ctx     context.Context
	cancel  context.CancelCauseFunc
	profile *profile.Profile // that all accounts share; nil: each has its own
	global  bool
	began   time.Time
	kept    *logbook
	unkept  error // why there is no logbook; nil mostly

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
	if t.kept, err = openLogbook(f); err != nil && (f.Walk.Resume || !errors.Is(err, lockfile.ErrBusy)) {
		return nil, err
	}
	t.unkept = err
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
		v.Reading, err = t.read(ctx, w)
	}
	if err != nil {
		wall := &barrier{facet: facetIdentity, err: err}
		errors.As(err, &wall)
		gap := wall.gap(ctx, m.Account)
		v.Barred, v.Reading = &gap, t.blank(m, gap)
	}
	v.Ledger = v.ledger(t.global)
	v.Unkept = cmp.Or(v.Unkept, t.unkept, t.kept.keep(&v))
	return v
}

// read walks an account. A checkpoint that cannot be gone on with, since the
// account's regions changed or the file broke, is no reason not to read it.
func (t *tour) read(ctx context.Context, w Walk) (Reading, error) {
	got, err := w.Read(ctx)
	var wall *barrier
	if err != nil && w.Resume && !errors.As(err, &wall) {
		w.Resume = false
		return w.Read(ctx)
	}
	return got, err
}

// walk is the walk of one account, with its credentials.
func (t *tour) walk(ctx context.Context, m Member) (Walk, error) {
	w := t.Walk
	w.Watch = Watch{Proven: t.Walk.Watch.Proven}
	w.Account, w.Profile, w.State, w.ID = m.Account, t.profile, t.kept.folder(), w.ID+"-"+string(m.Account)
	w.Begun = t.began
	if limit := w.MaxTime; limit > 0 && w.now().Sub(w.Begun) >= limit {
		return w, &barrier{facet: role.Facet, code: resource.CodeInterrupted, err: fmt.Errorf("the scan reached its time limit of %s (--max-time) before the account was entered", limit)}
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
	t.whole = t.whole && v.Barred == nil && !v.open()
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
