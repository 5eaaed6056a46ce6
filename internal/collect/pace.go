package collect

import (
	"context"
	"math"
	"sync"
	"time"
)

const (
	raiseEvery  = 10 * time.Second // how often a lowered pace is raised
	raiseBy     = 0.05             // of the full pace
	lowestPart  = 1.0 / 32         // of the full pace; throttles never lower it further
	halveEvery  = time.Second      // throttles closer than this are one event
	longestHold = 30 * time.Second // of a pause that the service asks for
)

// pacer lets attempts go one by one at a steady pace. It saves up no burst, so
// the share holds over any window: n attempts take at least n-1.25 intervals, the
// quarter being what a late timer may make good.
type pacer struct {
	clock Clock
	full  float64 // attempts a second; +Inf: as fast as asked

	mu     sync.Mutex
	pace   float64   // now; at most full
	next   time.Time // the earliest moment of the next attempt
	raised time.Time // when the pace last changed
	halved time.Time // when it was last halved
}

func newPacer(clock Clock, perSecond float64, share Rate) *pacer {
	full := perSecond * float64(share)
	if share.unlimited() {
		full = math.Inf(1)
	}
	return &pacer{clock: clock, full: full, pace: full}
}

// pacer is the pace of one partition's calls, or of everybody's.
func (q Quota) pacer(clock Clock, share Rate) *pacer {
	if q.Together == nil {
		return newPacer(clock, q.PerSecond, share)
	}
	q.Together.once.Do(func() { q.Together.pacer = newPacer(clock, q.PerSecond, share) })
	return q.Together.pacer
}

// wait returns when the next attempt may be sent, or when ctx ends.
func (p *pacer) wait(ctx context.Context) error {
	p.mu.Lock()
	now := p.clock.Now()
	p.raise(now)
	slot := p.next
	if math.IsInf(p.pace, 1) {
		p.mu.Unlock()
		return p.until(ctx, now, slot)
	}
	interval := p.interval()
	if earliest := now.Add(-interval / 4); slot.Before(earliest) {
		slot = earliest
	}
	p.next = slot.Add(interval)
	p.mu.Unlock()
	return p.until(ctx, now, slot)
}

func (p *pacer) until(ctx context.Context, now, slot time.Time) error {
	if d := slot.Sub(now); d > 0 {
		return p.clock.Sleep(ctx, d)
	}
	return ctx.Err()
}

// throttled halves the pace and keeps still for as long as the service asks.
func (p *pacer) throttled(hold time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	p.raise(now)
	if resume := now.Add(min(hold, longestHold)); p.next.Before(resume) {
		p.next = resume
	}
	if math.IsInf(p.full, 1) || (!p.halved.IsZero() && now.Sub(p.halved) < halveEvery) {
		return
	}
	p.pace = max(p.pace/2, p.full*lowestPart)
	p.halved, p.raised = now, now
}

// raise makes up for the time since the pace last changed.
func (p *pacer) raise(now time.Time) {
	if p.pace >= p.full {
		return
	}
	steps := math.Floor(float64(now.Sub(p.raised)) / float64(raiseEvery))
	if steps <= 0 {
		return
	}
	p.pace = min(p.full, p.pace+steps*raiseBy*p.full)
	p.raised = p.raised.Add(time.Duration(steps) * raiseEvery)
}

func (p *pacer) interval() time.Duration {
	return time.Duration(math.Ceil(float64(time.Second) / p.pace))
}

// timeFor is how long n more attempts take; 0 when nothing limits them.
func (p *pacer) timeFor(n int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if math.IsInf(p.pace, 1) || n <= 0 {
		return 0
	}
	return time.Duration(float64(n) / p.pace * float64(time.Second))
}
