package collect

import (
	"context"
	"sync"
	"sync/atomic"

	"surety/internal/resource"
)

// partition is the walk of one reader in one region, and the state of its calls.
type partition struct {
	run    *run
	reader Reader
	ask    Ask
	lanes  map[resource.Bucket]*lane
	places chan struct{}
	done   chan struct{} // closed when no call is open
	flying sync.WaitGroup

	mu        sync.Mutex // guards all below, and the walk
	walk      Walk
	open      int // calls waiting or in flight
	lists     int // of these, lists
	closed    int // calls that ended, one way or the other
	estimated bool
	firm      bool

	// Read by the run while another partition reports.
	remaining atomic.Int64
	left      atomic.Int64 // nanoseconds
	finished  atomic.Bool
}

func newPartition(r *run, reader Reader, ask Ask) *partition {
	p := &partition{
		run: r, reader: reader, ask: ask, lanes: lanesOf(reader, r.clock, r.share),
		places: make(chan struct{}, placesOfPartition), done: make(chan struct{}),
	}
	p.walk = reader.Walk(ask, p)
	return p
}

// read walks to the end, or until ctx ends; what is then open becomes gaps.
func (p *partition) read(ctx context.Context) {
	p.mu.Lock()
	p.push(p.walk.Begin())
	p.settle()
	p.mu.Unlock()

	var dispatchers sync.WaitGroup
	for _, l := range p.lanes {
		dispatchers.Go(func() { p.dispatch(ctx, l) })
	}
	dispatchers.Wait()
	p.flying.Wait()
	p.finish()
}

// finish gives up what is still waiting and lets the walk hand out the rest.
func (p *partition) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for again := true; again; { // a lost call may bring others, in any lane
		again = false
		for _, l := range p.lanes {
			for l.waiting.Len() > 0 {
				p.lose(l.waiting.take().Call, p.run.stopFault())
				again = true
			}
		}
	}
	p.walk.Finish()
	p.finished.Store(true)
	p.remaining.Store(0)
	p.left.Store(0)
}

// push queues calls; those that the checkpoint has answered are taken at once.
func (p *partition) push(calls []Call) {
	for len(calls) > 0 {
		c := calls[0]
		calls = calls[1:]
		if answer, ok := p.recall(c); ok {
			more, err := p.walk.Take(c, answer)
			if err == nil {
				calls = append(calls, more...)
				continue
			}
			p.gap(c, Classify(err))
			calls = append(calls, more...)
			continue
		}
		p.open++
		if c.Resource == "" {
			p.lists++
		}
		l := p.lanes[c.Bucket]
		l.known++
		l.put(c, 0)
	}
}

// make reads one call and uses what comes back.
func (p *partition) make(ctx context.Context, l *lane, q queued) {
	flight := &flight{clock: p.run.clock, limit: p.run.callTimeout, pacer: l.pacer, count: &p.run.count, prepaid: true}
	answer, err := p.walk.Read(withFlight(ctx, flight), q.Call)
	line, unwritable := p.run.checkpoint.encode(p.key(q.Call), answer, err)

	p.mu.Lock()
	defer p.mu.Unlock()
	l.flying--
	switch {
	case err == nil:
		l.judge(Fault{})
		p.take(q.Call, answer, line)
		p.run.checkpointFailed(unwritable)
	case ctx.Err() != nil:
		p.lose(q.Call, p.run.stopFault())
	default:
		p.failed(l, q, Classify(err))
	}
	p.settle()
}

func (p *partition) take(c Call, answer any, line []byte) {
	more, err := p.walk.Take(c, answer)
	if err != nil {
		p.gap(c, Classify(err))
	} else {
		p.run.checkpointFailed(p.run.checkpoint.append(line))
	}
	p.push(more)
	p.close(c)
}

func (p *partition) failed(l *lane, q queued, f Fault) {
	if l.judge(f) && !q.Spare {
		p.run.leave()
	}
	switch {
	case f.Kind == Credentials && !q.Spare:
		p.run.stop(Stop{Code: f.Code, Reason: "the credentials expired or could not be renewed: get new ones"})
	case f.Kind == Throttled && q.again < putBackTimes && l.left == nil:
		l.put(q.Call, q.again+1)
		return
	}
	p.lose(q.Call, f)
}

// abandon loses a call of a lane that was left.
func (p *partition) abandon(q queued, f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose(q.Call, f)
	p.settle()
}

// lose records why a call has no answer and goes on with what waited for it.
func (p *partition) lose(c Call, f Fault) {
	p.gap(c, f)
	p.push(p.walk.Lost(c, f))
	p.close(c)
}

func (p *partition) close(c Call) {
	p.open--
	p.closed++
	if c.Resource == "" {
		p.lists--
	}
}

// settle is called after every change: it tells the observer, and ends the
// partition when nothing is open.
func (p *partition) settle() {
	p.estimate()
	p.measure()
	p.run.progress(false)
	if p.open == 0 {
		select {
		case <-p.done:
		default:
			close(p.done)
		}
	}
}

func (p *partition) gap(c Call, f Fault) {
	if c.Spare {
		return
	}
	p.run.gap(resource.Gap{
		Resource: c.Resource, Account: p.ask.Account, Region: p.ask.Region,
		Facet: c.Facet, Qualifier: c.Qualifier, Code: f.Code, Reason: f.Reason,
	})
}
