package collect

import (
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// Glimpse implements [Output].
func (p *partition) Glimpse(r resource.Resource) {
	p.run.show(r)
}

// Found implements [Output].
func (p *partition) Found(r resource.Resource) {
	p.run.found(r)
}

// Gap implements [Output].
func (p *partition) Gap(g resource.Gap) {
	g.Account, g.Region = p.ask.Account, p.ask.Region
	g.Reason = tidy(g.Reason)
	p.run.gap(g)
}

// Recorded implements [Output].
func (p *partition) Recorded(r inventory.Recorded) {
	r.Region = p.ask.Region
	r.Reason = tidy(r.Reason)
	p.run.recorded(r)
}

// estimate tells the cost once something is known of it, and again when the
// lists are complete.
func (p *partition) estimate() {
	firm := p.lists == 0
	if p.firm || (!firm && (p.estimated || p.closed == 0)) {
		return
	}
	p.estimated, p.firm = true, firm
	e := Estimate{Region: p.ask.Region, Resources: p.walk.Seen(), Firm: firm}
	later := p.walk.Later()
	for b, l := range p.lanes {
		calls := l.known + later[b]
		e.Calls += calls
		e.Time = max(e.Time, l.pacer.timeFor(calls-1))
	}
	p.run.estimate(e)
}

// measure sums up what is left to do.
func (p *partition) measure() {
	later := p.walk.Later()
	remaining, left := 0, time.Duration(0)
	for b, l := range p.lanes {
		n := l.waiting.Len() + l.flying + later[b]
		remaining += n
		left = max(left, l.pacer.timeFor(n))
	}
	p.remaining.Store(int64(remaining))
	p.left.Store(int64(left))
}
