package collect

import (
	"context"

	"surety/internal/resource"
)

const (
	placesOfPartition = 32 // calls of one partition in flight
	placesOfLane      = 30 // and of one lane: one that hangs leaves room to the others
	placesOfRun       = 512
	giveUpAfter       = 20 // calls in a row without an answer, after which a lane is left
	giveUpUnheard     = 8  // the same, where every answer since the beginning was a throttle
	putBackTimes      = 2  // how often a throttled call goes to the end of its lane
)

// lane holds the calls of one quota in one partition. Its fields but pacer and
// places are guarded by the partition's lock.
type lane struct {
	pacer  *pacer
	places chan struct{}
	wake   chan struct{} // holds one token when there may be something to do

	waiting line
	turn    int
	flying  int
	known   int    // calls ever put here, retries left out
	missed  int    // calls in a row without an answer
	heard   bool   // a call of it was answered, by whatever but a throttle
	left    *Fault // why nothing more is tried; nil: going on
}

func newLane(p *pacer) *lane {
	return &lane{pacer: p, places: make(chan struct{}, placesOfLane), wake: make(chan struct{}, 1)}
}

func (l *lane) put(c Call, again int) {
	l.turn++
	l.waiting.put(queued{Call: c, turn: l.turn, again: again})
	l.nudge()
}

func (l *lane) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// judge counts calls without an answer and decides when to leave the lane; it
// reports whether that is now.
func (l *lane) judge(f Fault) (leave bool) {
	if f.Kind != Unanswered && f.Kind != Throttled {
		l.missed, l.heard = 0, true
		return false
	}
	most := giveUpAfter
	if f.Kind == Throttled && !l.heard { // each call was tried several times, ever slower
		most = giveUpUnheard
	}
	if l.missed++; l.missed < most || l.left != nil {
		return false
	}
	l.left = &Fault{Code: f.Code, Reason: "given up after many calls in a row without an answer; the last: " + f.Reason}
	return true
}

// dispatch lets the lane's calls go, until ctx ends or the partition is done. A
// token is taken before the call is chosen, so the most urgent call goes.
func (p *partition) dispatch(ctx context.Context, l *lane) {
	for p.hasWork(ctx, l) {
		if !p.board(ctx, l) {
			return
		}
		q, abandoned, ok := p.next(l)
		if !ok || abandoned != nil {
			p.leave(l)
			if ok {
				p.abandon(q, *abandoned)
			}
			continue
		}
		p.flying.Add(1)
		go func() {
			defer p.flying.Done()
			defer p.leave(l)
			p.make(ctx, l, q)
		}()
	}
}

// hasWork waits until the lane holds a call; false when there will be none.
func (p *partition) hasWork(ctx context.Context, l *lane) bool {
	for {
		if ctx.Err() != nil {
			return false
		}
		p.mu.Lock()
		n := l.waiting.Len()
		p.mu.Unlock()
		if n > 0 {
			return true
		}
		select {
		case <-l.wake:
		case <-p.done:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// board takes a place in the lane and the partition, then a token, and then a
// place in the run, so that whoever waits for its pace is in nobody's way.
func (p *partition) board(ctx context.Context, l *lane) bool {
	if !enter(ctx, l.places) {
		return false
	}
	if !enter(ctx, p.places) {
		<-l.places
		return false
	}
	if (p.isLeft(l) || l.pacer.wait(ctx) == nil) && enter(ctx, p.run.places) {
		return true
	}
	<-l.places
	<-p.places
	return false
}

// enter takes a place; false when ctx ends first.
func enter(ctx context.Context, places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *partition) leave(l *lane) {
	<-l.places
	<-p.places
	<-p.run.places
}

func (p *partition) isLeft(l *lane) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return l.left != nil
}

// next takes the most urgent call, and the reason not to make it, if there is one.
func (p *partition) next(l *lane) (q queued, abandoned *Fault, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.waiting.Len() == 0 {
		return queued{}, nil, false
	}
	q = l.waiting.take()
	if l.left == nil {
		l.flying++
	}
	return q, l.left, true
}

// lanesOf makes a lane for every quota of a reader.
func lanesOf(r Reader, clock Clock, share Rate) map[resource.Bucket]*lane {
	lanes := map[resource.Bucket]*lane{}
	for _, q := range r.Quotas() {
		lanes[q.Bucket] = newLane(q.pacer(clock, share))
	}
	return lanes
}
