package collect

import (
	"context"
	"maps"
	"slices"
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// Probed is what a first look at one service in one partition found.
type Probed struct {
	Service   string
	Region    resource.Region // "" for what is global
	Trials    []Trial         // in the order they were made
	Resources int             // seen
	Calls     int             // that reading it takes, as far as the look shows
	Time      time.Duration   // of the slowest quota at the plan's share; 0 when unlimited
	More      bool            // there are further pages still, so Resources, Calls and Time are the least
}

// Trial is one read that was tried for its permission.
type Trial struct {
	Facet resource.Facet
	Fault *Fault // nil when it was answered
}

// probedPages is how many pages of a list a probe follows behind the first: with
// them, the cost of most regions is known for sure.
const probedPages = 4

// Probe makes the first call of a reader in a region, one call for each further
// facet, on the first resource that offers it, and a few pages of the list:
// enough to know what is refused and, mostly, what a run would cost. A facet
// that nothing in the partition calls for is not tried.
func Probe(ctx context.Context, plan Plan, reader Reader, region resource.Region) Probed {
	ask := plan.ask()
	ask.Region, ask.Home = region, region
	if region == "" && len(plan.Header.Regions) > 0 {
		ask.Home = plan.Header.Regions[0]
	}
	p := probe{Probed: Probed{Service: reader.Service(), Region: region}, walk: reader.Walk(ask, unkept{}), calls: map[resource.Bucket]int{}}
	p.add(p.walk.Begin())
	for p.next(ctx) {
	}
	p.More = slices.ContainsFunc(p.open, laterPage)
	for bucket, later := range p.walk.Later() {
		p.calls[bucket] += later
	}
	p.cost(reader, plan.Rate)
	return p.Probed
}

// probe is one Probe under way.
type probe struct {
	Probed
	walk  Walk
	calls map[resource.Bucket]int
	open  []Call
	pages int // followed
}

func (p *probe) add(calls []Call) {
	for _, c := range calls {
		p.calls[c.Bucket]++
	}
	p.open = append(p.open, calls...)
}

// laterPage holds for the call of a further page of a list.
func laterPage(c Call) bool { return c.Page != "" && c.Resource == "" }

// next makes the first open call of a facet that was not tried, or the call of
// a further page while there may be more; false when there is neither.
func (p *probe) next(ctx context.Context) bool {
	i := slices.IndexFunc(p.open, func(c Call) bool { return !p.tried(c.Facet) })
	if i < 0 && p.pages < probedPages {
		i = slices.IndexFunc(p.open, laterPage)
		p.pages++
	}
	if i < 0 {
		return false
	}
	c := p.open[i]
	p.open = slices.Delete(p.open, i, i+1)
	answer, err := p.walk.Read(ctx, c)
	var calls []Call
	if err == nil {
		calls, err = p.walk.Take(c, answer)
	} else {
		calls = p.walk.Lost(c, Classify(err))
	}
	p.note(c.Facet, err)
	p.add(calls)
	p.Resources = p.walk.Seen()
	return true
}

// note keeps the first answer to a facet, and any fault after it.
func (p *probe) note(f resource.Facet, err error) {
	if err == nil && p.tried(f) {
		return
	}
	trial := Trial{Facet: f}
	if err != nil {
		fault := Classify(err)
		trial.Fault = &fault
	}
	p.Trials = append(p.Trials, trial)
}

func (p *probe) tried(f resource.Facet) bool {
	return slices.ContainsFunc(p.Trials, func(t Trial) bool { return t.Facet == f })
}

// cost adds up calls, and the time of the quota that takes longest.
func (p *probe) cost(reader Reader, rate Rate) {
	for _, n := range slices.Collect(maps.Values(p.calls)) {
		p.Calls += n
	}
	if rate.unlimited() {
		return
	}
	for _, q := range reader.Quotas() {
		seconds := float64(p.calls[q.Bucket]) / (q.PerSecond * float64(rate))
		p.Time = max(p.Time, time.Duration(seconds*float64(time.Second)))
	}
}

// unkept is an Output that nobody reads.
type unkept struct{}

func (unkept) Glimpse(resource.Resource)   {}
func (unkept) Found(resource.Resource)     {}
func (unkept) Gap(resource.Gap)            {}
func (unkept) Recorded(inventory.Recorded) {}
