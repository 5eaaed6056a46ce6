package collect

import (
	"context"
	"fmt"
	"sync"
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// progressEvery bounds how often an observer hears of progress.
const progressEvery = 250 * time.Millisecond

// run is one reading of one account.
type run struct {
	clock       Clock
	share       Rate
	callTimeout time.Duration
	places      chan struct{}
	count       counter
	checkpoint  *checkpoint
	partitions  []*partition
	cancel      context.CancelFunc

	mu        sync.Mutex // guards all below, and calls of the observer; taken after a partition's lock
	snapshot  *inventory.Snapshot
	watch     Observer
	stopped   *Stop
	told      time.Time // of progress
	resources int
	began     time.Time
	unkept    error // why the checkpoint is not being written any more
	gaveUp    bool  // a lane was left
}

// Run reads what the plan asks for and returns it. See the package's comment
// for interrupts and errors.
func Run(ctx context.Context, plan Plan, readers []Reader, watch Observer) (Result, error) {
	plan, err := plan.complete(readers)
	if err != nil {
		return Result{}, fmt.Errorf("planning what to read: %w", err)
	}
	kept, unkept := openCheckpoint(&plan)
	if unkept != nil && plan.Resume {
		return Result{}, unkept
	}
	if plan.Resume && watch.Resumed != nil {
		watch.Resumed(kept.resumed(plan))
	}
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &run{
		clock: plan.Clock, share: plan.Rate, callTimeout: plan.CallTimeout, places: make(chan struct{}, plan.Places),
		checkpoint: kept, unkept: unkept, cancel: cancel, began: plan.Clock.Now(), snapshot: inventory.New(plan.Header), watch: watch,
	}
	r.begin(plan, readers)
	disarm := r.arm(ctx, reading, plan)
	defer disarm()
	r.read(reading)
	return r.end(), nil
}

// begin makes the partitions.
func (r *run) begin(plan Plan, readers []Reader) {
	base := plan.ask()
	for _, reader := range readers {
		if !anyAsked(base, reader) {
			continue
		}
		regions := plan.Header.Regions
		if reader.Global() {
			regions = []resource.Region{""}
		}
		for _, region := range regions {
			ask := base
			ask.Region, ask.Home = region, region
			if region == "" {
				ask.Home = plan.Header.Regions[0]
			}
			r.partitions = append(r.partitions, newPartition(r, reader, ask))
		}
	}
}

func anyAsked(a Ask, reader Reader) bool {
	for _, f := range reader.Facets() {
		if a.Facet(f) {
			return true
		}
	}
	return false
}

// arm makes the two things that end a run from outside: an interrupt and the
// time limit.
func (r *run) arm(outer, reading context.Context, plan Plan) (disarm func() bool) {
	disarm = context.AfterFunc(outer, func() {
		r.stop(Stop{Code: resource.CodeInterrupted, Reason: "the scan was interrupted"})
	})
	if limit := plan.MaxTime; limit > 0 {
		go func() {
			if r.clock.Sleep(reading, plan.Begun.Add(limit).Sub(r.clock.Now())) == nil {
				r.stop(Stop{Code: resource.CodeInterrupted, Reason: fmt.Sprintf("the scan reached its time limit of %s (--max-time)", limit)})
			}
		}()
	}
	return disarm
}

func (r *run) read(ctx context.Context) {
	var all sync.WaitGroup
	for _, p := range r.partitions {
		all.Go(func() {
			p.read(ctx)
			r.progress(true)
		})
	}
	all.Wait()
}

// end seals what was read.
func (r *run) end() Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(r.checkpoint.close(r.stopped == nil && !r.gaveUp))
	foot := &r.snapshot.Footer
	foot.Finished, foot.Interrupted = r.clock.Now().UTC(), r.stopped != nil
	foot.Calls, foot.Throttled = int(r.count.calls.Load()), int(r.count.throttled.Load())
	r.snapshot.Seal()
	return Result{Snapshot: r.snapshot, Stopped: r.stopped, GaveUp: r.gaveUp, Unkept: r.unkept}
}

// stop ends reading; the first reason counts.
func (r *run) stop(s Stop) {
	r.mu.Lock()
	if r.stopped == nil {
		r.stopped = &s
	}
	r.mu.Unlock()
	r.cancel()
}

// stopFault is the fault of everything that a stopped run leaves unread.
func (r *run) stopFault() Fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == nil {
		return Fault{Code: resource.CodeInterrupted, Reason: "the scan was interrupted"}
	}
	return Fault{Code: r.stopped.Code, Reason: "not read: " + r.stopped.Reason}
}
