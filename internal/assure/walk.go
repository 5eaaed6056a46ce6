package assure

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"surety/internal/aws/identity"
	"surety/internal/check"
	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
)

// Walk says what to read of an account, and how.
type Walk struct {
	AWS     aws.Config // with credentials; its region answers for what is global
	Readers func(aws.Config) []collect.Reader
	Config  *profile.Config
	Members *profile.Organization // from a file, where Organizations may not be asked; nil: ask
	Rules   []*rule.Rule          // those that the snapshot is judged by
	Facets  []resource.Facet      // what to read
	Regions []resource.Region     // by flag; nil: those of Config, else every enabled one
	Account resource.Account      // whose credentials AWS must hold; "": whoever it is
	Profile *profile.Profile      // what Config says, made ready; nil: it is made ready here
	Lenient bool                  // a chosen region that is not enabled is skipped, not refused
	Only    []resource.ID         // read only these where a read costs a call each; nil: all

	ID         string // of the scan, unique
	Program    string // "surety 0.1.0"
	Qualifiers string // see package collect
	Rate       collect.Rate
	CallTime   time.Duration // of one attempt; 0: collect's default
	MaxTime    time.Duration // 0: no limit
	Begun      time.Time     // when MaxTime began to run; zero: with Read
	MaxAge     time.Duration // how old what AWS Config recorded may be; 0: Config is not asked
	Places     int           // calls in flight; 0: collect's default
	State      string        // folder for the checkpoints of unfinished scans; "" for none
	Resume     bool
	Clock      collect.Clock // nil: the machine's

	Watch Watch
}

// Watch hears what a walk does while it does it. Its functions may be nil and
// are called one at a time.
type Watch struct {
	// Begin comes once everything is known that the scan event says.
	Begin func(inventory.Header)
	// Resumed comes next where the walk goes on with an earlier one.
	Resumed  func(collect.Resumed)
	Estimate func(collect.Estimate)
	Progress func(collect.Progress)
	// Proven hears of failing checks as they are proven, each once; what is
	// told in the end may hold more, never less.
	Proven func(check.Check)
}

// Reading is what a walk brings home.
type Reading struct {
	Snapshot *inventory.Snapshot // sealed
	Profile  *profile.Profile
	Stopped  *collect.Stop            // nil when everything was tried
	GaveUp   bool                     // something was left after many calls without an answer
	Skipped  map[resource.Region]Left // regions of the account that are out of scope, as far as they are known
	Unkept   error                    // why the checkpoint could not be written; nil mostly
}

// Read walks. Ending ctx stops the reading, and what is there is returned; an
// error means that nothing could be read.
func (w Walk) Read(ctx context.Context) (Reading, error) {
	if w.Begun.IsZero() {
		w.Begun = w.now()
	}
	who, err := identity.Get(ctx, w.AWS)
	if err == nil {
		err = w.same(who)
	}
	if err != nil {
		return Reading{}, &barrier{facet: facetIdentity, err: err}
	}
	regions, chosen, skipped, err := w.regions(ctx, who)
	if err != nil {
		return Reading{}, &barrier{facet: facetRegions, err: err}
	}
	org, orgGap := w.organization(ctx, who.Account)
	header := inventory.Header{
		Schema: inventory.Schema, ID: w.ID, Started: w.now(), Program: w.Program, Partition: who.Partition, Account: who.Account,
		Organization: org.ID, Regions: regions, RegionsChosen: chosen, Qualifiers: w.Qualifiers, Facets: w.Facets,
	}
	p := w.Profile
	if p == nil {
		p = w.Config.Resolve(org, header.Started)
	}
	if len(regions) == 0 { // of those chosen, the account has none enabled
		return Reading{Snapshot: nothing(header), Profile: p, Skipped: skipped}, nil
	}
	if w.Watch.Begin != nil {
		w.Watch.Begin(header)
	}
	plan := collect.Plan{
		Header: header, Only: w.Only, Rate: w.Rate, CallTimeout: w.CallTime, MaxTime: w.MaxTime, Begun: w.Begun, MaxAge: w.MaxAge, Clock: w.Clock, Places: w.Places,
		Checkpoint: w.checkpoint(who.Account), Resume: w.Resume,
	}
	result, err := collect.Run(ctx, plan, w.Readers(w.AWS), w.observer(header, p))
	if err != nil {
		return Reading{}, err
	}
	if orgGap != nil {
		result.Snapshot.AddGap(*orgGap)
		result.Snapshot.Seal()
	}
	return Reading{Snapshot: result.Snapshot, Profile: p, Stopped: result.Stopped, GaveUp: result.GaveUp, Unkept: result.Unkept, Skipped: skipped}, nil
}

// same refuses credentials that are of another account than was meant.
func (w Walk) same(who identity.Identity) error {
	if w.Account != "" && w.Account != who.Account {
		return fmt.Errorf("the credentials are of account %s, not of %s: check the profile or the role", who.Account, w.Account)
	}
	return nil
}

// nothing is the snapshot of an account of which nothing was to be read.
func nothing(h inventory.Header) *inventory.Snapshot {
	s := inventory.New(h)
	s.Footer.Finished = h.Started
	s.Seal()
	return s
}

// checkpoint is the file that keeps an unfinished scan of an account.
func (w Walk) checkpoint(a resource.Account) string {
	if w.State == "" {
		return ""
	}
	return filepath.Join(w.State, string(a)+".jsonl")
}

func (w Walk) now() time.Time {
	if w.Clock == nil {
		return time.Now().UTC()
	}
	return w.Clock.Now().UTC()
}

// observer passes on what collect tells, and judges what comes along.
func (w Walk) observer(header inventory.Header, p *profile.Profile) collect.Observer {
	o := collect.Observer{Resumed: w.Watch.Resumed, Estimate: w.Watch.Estimate, Progress: w.Watch.Progress}
	if w.Watch.Proven == nil {
		return o
	}
	whole := judge.Case{Snapshot: inventory.New(header), Rules: w.Rules, Profile: p, Now: header.Started}
	// At a first look nothing counts as read, so that a rule does not take for
	// absent what is still to come. A fail needs no more than what it shows.
	header.Facets = nil
	glimpse := whole
	glimpse.Snapshot = inventory.New(header)
	told := map[string]bool{}
	o.Resource = func(r resource.Resource, done bool) {
		if w.Only != nil && !slices.Contains(w.Only, r.Ref().ID) {
			return
		}
		c := glimpse
		if done {
			c = whole
		}
		for _, found := range judge.Early(c, r) {
			if !told[found.ID] {
				told[found.ID] = true
				w.Watch.Proven(found)
			}
		}
	}
	return o
}
