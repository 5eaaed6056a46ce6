package awssim

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how a world behaves; the zero value is a world without quotas,
// faults and latency, by the machine's clock.
type Options struct {
	Clock   Clock         // nil: the machine's
	Quotas  Quotas        // see RealQuotas
	Faults  []Fault       // tried in order, after the world's own
	Latency time.Duration // of every call, slept by the clock
	Trace   bool          // keep every call for Sim.Trace; costs memory
}

// Sim answers calls out of a world. It is safe for concurrent use.
type Sim struct {
	clock    Clock
	quotas   Quotas
	latency  time.Duration
	meter    meter
	faults   faults
	apis     map[string]api
	requests atomic.Int64

	mu       sync.RWMutex // holds world and sessions; edits and writing calls take it alone
	world    *World
	accounts map[string]*Account // by id
	callers  map[string]Caller   // by access key id
	sessions map[string]session  // by access key id
	reports  map[string]*report  // of last accessed data, by job

	traceMu sync.Mutex
	trace   []Call
	tracing bool
}

// New makes a Sim of a world, which it takes over. It fails when the world holds
// what could not be in AWS, and names the place.
func New(world *World, options Options) (*Sim, error) {
	if err := world.settle(); err != nil {
		return nil, fmt.Errorf("building the simulated AWS: %w", err)
	}
	s := &Sim{
		clock: options.Clock, quotas: options.Quotas, latency: options.Latency, tracing: options.Trace,
		world: world, sessions: map[string]session{}, reports: map[string]*report{}, apis: apis(),
		meter: meter{buckets: map[Calls]*tokens{}, series: map[Calls]*series{}},
	}
	if s.clock == nil {
		s.clock = wallClock{}
	}
	all := slices.Concat(world.Faults, options.Faults)
	for _, f := range all {
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("building the simulated AWS: %w", err)
		}
	}
	s.faults.set(all)
	s.index()
	return s, nil
}

// index makes the look-ups that every call needs.
func (s *Sim) index() {
	s.callers = s.world.callers()
	s.accounts = make(map[string]*Account, len(s.world.Accounts))
	for _, a := range s.world.Accounts {
		s.accounts[a.ID] = a
	}
}

// Edit gives the world to do alone, while no call is being answered. What do
// puts in must be complete: defaults are filled in by New only.
func (s *Sim) Edit(do func(*World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(s.world)
	s.index()
}

// Break replaces all faults, those of the world too, and begins to count anew.
func (s *Sim) Break(fs ...Fault) error {
	for _, f := range fs {
		if err := f.check(); err != nil {
			return err
		}
	}
	s.faults.set(fs)
	return nil
}

// Call is one call that arrived.
type Call struct {
	At                  time.Time
	Caller              string // label
	Account, Region     string // Region is "" for IAM, Organizations and Account
	Service, API        string
	Function, Qualifier string // where the call names a function; "" otherwise
	Marker              string // of the page that was asked for
	Throttled           bool   // over the quota
	Fault               Kind   // that struck it; "" for none
}

// Trace lists the calls that arrived so far, in order; empty without Options.Trace.
func (s *Sim) Trace() []Call {
	s.traceMu.Lock()
	defer s.traceMu.Unlock()
	return slices.Clone(s.trace)
}

// Handler serves every API at one address; requests are told apart by path,
// signature and form, never by host.
func (s *Sim) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Sim) serve(w http.ResponseWriter, r *http.Request) {
	id := uuid("request", fmt.Sprint(s.requests.Add(1)))
	c, err := s.read(r)
	if err != nil {
		refuse(c, err).write(w, id)
		return
	}
	out := s.answer(r.Context(), c)
	if out == nil { // the caller went away, or is to be left alone
		hangUp(w)
		return
	}
	out.write(w, id)
}

// answer takes a call through quota, latency and faults to its API. It answers
// nil when the connection is to be dropped.
func (s *Sim) answer(ctx context.Context, c *call) *reply {
	now := s.clock.Now()
	c.at = now
	bucket := bucketOf(c.service, c.api)
	key := Calls{Caller: c.caller.Label, Account: c.account.ID, Region: c.region, Bucket: bucket, API: c.api}
	admitted, wait := s.meter.admit(now, key, s.quotas.of(bucket))
	if admitted {
		c.fault = s.faults.strike(c)
	}
	s.note(now, c, !admitted)
	if s.latency > 0 && s.clock.Sleep(ctx, s.latency) != nil {
		return nil
	}
	if !admitted {
		return refuse(c, throttled(c.service, wait))
	}
	if out, done := c.fault.before(ctx, c); done {
		return out
	}
	return c.fault.after(s.run(c))
}

// run does what the API does and puts its answer on the wire while the world
// stands still.
func (s *Sim) run(c *call) *reply {
	a := s.apis[c.service+":"+c.api]
	if a.writes {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	out, err := a.do(s, c)
	if err != nil {
		return refuse(c, err)
	}
	return render(c, a, out)
}

func (s *Sim) note(now time.Time, c *call, over bool) {
	if !s.tracing {
		return
	}
	one := Call{At: now, Caller: c.caller.Label, Account: c.account.ID, Region: c.region, Service: c.service, API: c.api,
		Function: c.function, Qualifier: c.qualifier, Marker: c.marker(), Throttled: over}
	if c.fault != nil {
		one.Fault = c.fault.Kind
	}
	s.traceMu.Lock()
	defer s.traceMu.Unlock()
	s.trace = append(s.trace, one)
}
