package collect

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// The scopes of a scan: which policies of a function are read.
const (
	AllQualifiers   = "all"      // the function, its aliases, its published versions
	AliasQualifiers = "aliases"  // the function and its aliases
	NoQualifiers    = "function" // the function alone
)

// DefaultCallTimeout is how long one attempt may take when the plan says nothing.
const DefaultCallTimeout = 20 * time.Second

// Plan says what to read and how fast.
//
// Header names account, partition, regions, facets and qualifiers; ID and
// Program are taken over as they are, and a zero Started is set from the clock.
// Qualifiers "" is [AllQualifiers].
type Plan struct {
	Header inventory.Header

	// Only narrows the reads that cost a call for each resource to these
	// (unqualified ARNs); lists are still read whole, because joins need them.
	// Empty: all.
	Only []resource.ID

	Rate        Rate          // share of each quota; 0 is one half
	CallTimeout time.Duration // of one attempt; 0 is [DefaultCallTimeout]
	MaxTime     time.Duration // of the whole run, after which the rest are gaps; 0: no limit
	Begun       time.Time     // when MaxTime began to run; zero: with the run
	MaxAge      time.Duration // how old what AWS Config recorded may be; 0: Config is not asked
	Clock       Clock         // nil: the machine's

	// Places is how many calls may be in flight at a time; 0 is what suits an
	// account that is read alone. Where many are read at once, it keeps one that
	// does not answer from taking the room of the others.
	Places int

	// Checkpoint is a file that keeps every answer as it comes; "" for none. It
	// is removed when the run ends without having been stopped or having given up
	// a quota. With Resume an existing file's answers are taken as read.
	Checkpoint string
	Resume     bool
}

// complete checks a plan and fills in what it leaves out.
func (p Plan) complete(readers []Reader) (Plan, error) {
	h := &p.Header
	h.Schema = inventory.Schema
	h.Qualifiers = cmp.Or(h.Qualifiers, AllQualifiers)
	h.Regions = slices.Compact(slices.Sorted(slices.Values(h.Regions)))
	h.Facets = slices.Compact(slices.Sorted(slices.Values(h.Facets)))
	p.Clock = cmp.Or[Clock](p.Clock, wallClock{})
	p.Rate = cmp.Or(p.Rate, DefaultRate)
	p.CallTimeout = cmp.Or(p.CallTimeout, DefaultCallTimeout)
	p.Places = cmp.Or(p.Places, placesOfRun)
	if p.Begun.IsZero() {
		p.Begun = p.Clock.Now()
	}
	if h.Started.IsZero() {
		h.Started = p.Clock.Now().UTC()
	}
	switch {
	case h.Account == "":
		return p, errors.New("no account is named")
	case len(h.Regions) == 0:
		return p, errors.New("no region is named: use --region, or regions: in surety.yaml")
	case !slices.Contains([]string{AllQualifiers, AliasQualifiers, NoQualifiers}, h.Qualifiers):
		return p, fmt.Errorf("no scope is called %q: use all, aliases or function", h.Qualifiers)
	case !p.Rate.unlimited() && !p.Rate.share():
		return p, fmt.Errorf("rate %s is no share of a quota: %s", p.Rate, whatRate)
	case p.CallTimeout < 0 || p.MaxTime < 0 || p.MaxAge < 0:
		return p, errors.New("a time limit is below zero")
	case p.Places < 0:
		return p, errors.New("the number of calls at a time is below zero")
	}
	for _, f := range h.Facets {
		if !slices.ContainsFunc(readers, func(r Reader) bool { return slices.Contains(r.Facets(), f) }) {
			return p, fmt.Errorf("nothing here reads %s", f)
		}
	}
	return p, nil
}

// ask is what every partition has in common.
func (p Plan) ask() Ask {
	a := Ask{
		Partition: p.Header.Partition, Account: p.Header.Account, Qualifiers: p.Header.Qualifiers,
		Started: p.Header.Started, MaxAge: p.MaxAge,
		facets: map[resource.Facet]bool{}, only: map[resource.ID]bool{},
	}
	for _, f := range p.Header.Facets {
		a.facets[f] = true
	}
	for _, id := range p.Only {
		a.only[id] = true
	}
	return a
}

// Rate is the share of an AWS quota that a run may use, from 0.001 to 1. At the
// lowest a scan makes one call in a minute or so; below it nobody would wait for
// the end.
type Rate float64

const (
	lowestRate Rate = 0.001
	whatRate        = "use a number from 0.001 to 1, such as 0.5, or unlimited"
)

// DefaultRate leaves half of each quota to the customer's own deployments.
const DefaultRate Rate = 0.5

// Unlimited is for servers without quotas.
var Unlimited = Rate(math.Inf(1))

// ParseRate reads a share such as "0.5", or "unlimited".
func ParseRate(s string) (Rate, error) {
	if s == "unlimited" {
		return Unlimited, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !Rate(f).share() {
		return 0, fmt.Errorf("rate %q is no share of a quota: %s", s, whatRate)
	}
	return Rate(f), nil
}

// String writes r so that [ParseRate] reads it.
func (r Rate) String() string {
	if r.unlimited() {
		return "unlimited"
	}
	return strconv.FormatFloat(float64(r), 'g', -1, 64)
}

func (r Rate) unlimited() bool { return math.IsInf(float64(r), 1) }

// share is false for what is not a number, too.
func (r Rate) share() bool { return r >= lowestRate && r <= 1 }
