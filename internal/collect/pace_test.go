package collect

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// stillClock moves only when somebody sleeps.
type stillClock struct{ now time.Time }

func (c *stillClock) Now() time.Time { return c.now }

func (c *stillClock) Sleep(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(max(d, 0))
	return ctx.Err()
}

func start() *stillClock { return &stillClock{time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)} }

// Whatever comes between, attempts never need a burst above one and a quarter of
// a bucket that fills at the share.
func TestPaceNeverExceedsItsShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := start()
		perSecond := rapid.Float64Range(0.1, 100).Draw(t, "per second")
		share := rapid.Float64Range(0.05, 1).Draw(t, "share")
		p := newPacer(clock, perSecond, Rate(share))
		level, last := 0.0, clock.now
		for range rapid.IntRange(1, 200).Draw(t, "attempts") {
			switch rapid.IntRange(0, 9).Draw(t, "before") {
			case 0:
				clock.now = clock.now.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(t, "idle")))
			case 1:
				p.throttled(time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "hold")))
			case 2:
				clock.now = clock.now.Add(time.Duration(rapid.Int64Range(0, int64(50*time.Millisecond)).Draw(t, "late")))
			}
			if err := p.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			level = max(0, level-clock.now.Sub(last).Seconds()*perSecond*share) + 1
			last = clock.now
			if level > 1.2501 {
				t.Fatalf("a burst of %f is needed", level)
			}
		}
	})
}

// A throttle halves the pace; it comes back by a twentieth of the share every
// ten seconds, and never above the share.
func TestPaceFallsAndRises(t *testing.T) {
	clock := start()
	p := newPacer(clock, 20, 0.5)
	steps := []struct {
		name string
		do   func()
		want float64
	}{
		{"at first", func() {}, 10},
		{"a throttle", func() { p.throttled(0) }, 5},
		{"another of the same moment", func() { p.throttled(0) }, 5},
		{"another after a second", func() { clock.now = clock.now.Add(time.Second); p.throttled(0) }, 2.5},
		{"nine seconds", func() { clock.now = clock.now.Add(9 * time.Second) }, 2.5},
		{"ten seconds", func() { clock.now = clock.now.Add(time.Second) }, 3},
		{"half a minute more", func() { clock.now = clock.now.Add(30 * time.Second) }, 4.5},
		{"an hour", func() { clock.now = clock.now.Add(time.Hour) }, 10},
		{"throttles without end", func() {
			for range 20 {
				clock.now = clock.now.Add(2 * time.Second)
				p.throttled(0)
			}
		}, 10 * lowestPart},
	}
	for _, s := range steps {
		s.do()
		p.raise(clock.now)
		if p.pace < s.want-1e-9 || p.pace > s.want+1e-9 {
			t.Errorf("%s: %f attempts a second, want %f", s.name, p.pace, s.want)
		}
	}
}

// The pause that a service asks for is kept, within reason, also without a limit.
func TestPaceHolds(t *testing.T) {
	for _, share := range []Rate{0.5, Unlimited} {
		clock := start()
		p := newPacer(clock, 20, share)
		began := clock.now
		p.throttled(3 * time.Second)
		if err := p.wait(t.Context()); err != nil || clock.now.Sub(began) != 3*time.Second {
			t.Errorf("share %s: waited %s, error %v", share, clock.now.Sub(began), err)
		}
		p.throttled(time.Hour)
		if err := p.wait(t.Context()); err != nil || clock.now.Sub(began) != 33*time.Second {
			t.Errorf("share %s: waited until %s, error %v", share, clock.now.Sub(began), err)
		}
	}
}

func TestParseRate(t *testing.T) {
	for _, s := range []string{"0.5", "1", "0.001", "unlimited"} {
		r, err := ParseRate(s)
		if err != nil || r.String() != s {
			t.Errorf("%s is read as %s, error %v", s, r, err)
		}
	}
	for _, s := range []string{"", "0", "-1", "1.5", "50%", "NaN", "Inf", "fast", "1e-300", "1e-9", "0.0009"} {
		if r, err := ParseRate(s); err == nil {
			t.Errorf("%q is read as %s", s, r)
		}
	}
}
