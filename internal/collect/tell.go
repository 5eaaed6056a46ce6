package collect

import (
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

func (r *run) found(x resource.Resource) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.snapshot.Add(x)
	r.resources++
	if r.watch.Resource != nil {
		r.watch.Resource(x, true)
	}
}

func (r *run) show(x resource.Resource) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watch.Resource != nil {
		r.watch.Resource(x, false)
	}
}

func (r *run) gap(g resource.Gap) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.snapshot.AddGap(g)
	if r.watch.Gap != nil {
		r.watch.Gap(g)
	}
}

func (r *run) recorded(x inventory.Recorded) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.snapshot.Footer.Recorded = append(r.snapshot.Footer.Recorded, x)
}

func (r *run) estimate(e Estimate) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watch.Estimate != nil {
		r.watch.Estimate(e)
	}
}

// progress tells the observer, now or when it is time again.
func (r *run) progress(now bool) {
	if r.watch.Progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.clock.Now()
	if !now && at.Sub(r.told) < progressEvery {
		return
	}
	r.told = at
	s := Progress{
		Regions: len(r.partitions), Resources: r.resources,
		Calls: int(r.count.calls.Load()), Throttled: int(r.count.throttled.Load()),
	}
	var longest time.Duration
	for _, p := range r.partitions {
		if p.finished.Load() {
			s.RegionsDone++
		}
		s.Remaining += int(p.remaining.Load())
		longest = max(longest, time.Duration(p.left.Load()))
	}
	if r.share.unlimited() && s.Calls > 0 {
		longest = time.Duration(float64(at.Sub(r.began)) / float64(s.Calls) * float64(s.Remaining))
	}
	s.Left = longest
	r.watch.Progress(s)
}

// checkpointFailed remembers why answers are not kept any more; reading goes on.
func (r *run) checkpointFailed(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(err)
}

// leave remembers that a lane was left: its calls may be answered another time.
func (r *run) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gaveUp = true
}

// keep remembers the first error of the checkpoint.
func (r *run) keep(err error) {
	if r.unkept == nil {
		r.unkept = err
	}
}
