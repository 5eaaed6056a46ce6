package collect_test

import (
	"context"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"testing"
	"time"

	"surety/internal/collect"
)

// leapClock stands still while anybody in the process works, and leaps to the
// end of the shortest sleep when nobody does. It serves benchmarks, which
// testing/synctest does not.
type leapClock struct {
	mu    sync.Mutex
	now   time.Time
	sleep []*sleeper // by end
}

type sleeper struct {
	end  time.Time
	wake chan struct{}
}

// Now implements [collect.Clock].
func (c *leapClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep implements [collect.Clock].
func (c *leapClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	s := &sleeper{wake: make(chan struct{})}
	c.mu.Lock()
	s.end = c.now.Add(d)
	i, _ := slices.BinarySearchFunc(c.sleep, s.end, func(x *sleeper, end time.Time) int { return x.end.Compare(end) })
	c.sleep = slices.Insert(c.sleep, i, s)
	c.mu.Unlock()
	select {
	case <-s.wake:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		if i := slices.Index(c.sleep, s); i >= 0 {
			c.sleep = slices.Delete(c.sleep, i, i+1)
		}
		return ctx.Err()
	}
}

// leap wakes whoever sleeps shortest.
func (c *leapClock) leap() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sleep) == 0 {
		return
	}
	c.now = c.sleep[0].end
	close(c.sleep[0].wake)
	c.sleep = slices.Delete(c.sleep, 0, 1)
}

// drive leaps whenever the process has nothing else to do.
func (c *leapClock) drive(ctx context.Context) {
	for calm := 0; ctx.Err() == nil; runtime.Gosched() {
		if calm++; !quiet() {
			calm = 0
		}
		if calm > 2 { // the counts are approximate
			c.leap()
			calm = 0
		}
	}
}

// quiet holds when no goroutine but the caller's runs or could run.
func quiet() bool {
	counts := []metrics.Sample{
		{Name: "/sched/goroutines/runnable:goroutines"}, {Name: "/sched/goroutines/running:goroutines"},
	}
	metrics.Read(counts)
	return counts[0].Value.Uint64() == 0 && counts[1].Value.Uint64() <= 1
}

// realClock is the machine's.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// clockFor is the clock of one run of a benchmark.
func clockFor(b *testing.B, leaps bool) collect.Clock {
	if !leaps {
		return realClock{}
	}
	// On one thread nothing is ever about to be woken on another.
	threads := runtime.GOMAXPROCS(1)
	b.Cleanup(func() { runtime.GOMAXPROCS(threads) })
	c := &leapClock{now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	go c.drive(b.Context())
	return c
}
