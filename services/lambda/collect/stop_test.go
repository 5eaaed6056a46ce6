package collect_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/inventory"
	"surety/internal/resource"
	"surety/services/lambda"
)

func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func generated(t *testing.T, functions int, o awssim.Options, regions ...string) *awssim.Sim {
	return collecttest.Simulate(t, awssim.Generate(awssim.Size{Account: account, Functions: functions, Regions: regions}), o)
}

// unread counts the places without an answer: every policy, list or region that
// a whole scan reads is either in the snapshot or in a gap.
func unread(s *inventory.Snapshot, code string) (n int, wrong []resource.Gap) {
	for _, g := range s.Gaps() {
		if g.Code == code {
			n++
		} else {
			wrong = append(wrong, g)
		}
	}
	return n, wrong
}

// A scan that is stopped, from inside or outside, keeps what it read, says that
// the rest is not read, and reads on with --resume without asking again.
func TestStopAndResume(t *testing.T) {
	const functions = 300
	for _, c := range []struct {
		name string
		stop func(*collect.Plan, context.CancelFunc)
		word string
	}{
		{"interrupt", func(_ *collect.Plan, cancel context.CancelFunc) { time.AfterFunc(20*time.Second, cancel) }, "interrupted"},
		{"time limit", func(p *collect.Plan, _ context.CancelFunc) { p.MaxTime = 20 * time.Second }, "--max-time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				whole := generated(t, functions, awssim.Options{})
				want := run(t.Context(), t, whole, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot
				all := whole.Count(awssim.Calls{})

				sim := generated(t, functions, awssim.Options{})
				plan := planFor(audit, "us-east-1")
				plan.Checkpoint = filepath.Join(t.TempDir(), "scan", "checkpoint")
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				first := plan
				c.stop(&first, cancel)
				half := run(ctx, t, sim, first, collect.Observer{})
				n, wrong := unread(half.Snapshot, resource.CodeInterrupted)
				if half.Stopped == nil || !strings.Contains(half.Stopped.Reason, c.word) || !half.Snapshot.Footer.Interrupted {
					t.Errorf("stopped: %+v", half.Stopped)
				}
				if n == 0 || len(wrong) > 0 {
					t.Errorf("%d gaps of the interrupt, and %v", n, wrong)
				}
				if len(half.Snapshot.Of(lambda.FunctionType)) != functions {
					t.Errorf("%d functions", len(half.Snapshot.Of(lambda.FunctionType)))
				}

				before := sim.Count(awssim.Calls{})
				plan.Resume = true
				plan.Header.ID = "scan-2"
				rest := run(t.Context(), t, sim, plan, collect.Observer{})
				if repeated := sim.Count(awssim.Calls{}) - all; repeated*100 > all || before < 100 {
					t.Errorf("%d of %d calls were made a second time; %d before the stop", repeated, all, before)
				}
				if rest.Stopped != nil || len(rest.Snapshot.Gaps()) > 0 || rest.Snapshot.Header.ID != "scan-1" || !rest.Snapshot.Header.Started.Equal(half.Snapshot.Header.Started) {
					t.Errorf("resumed: %+v, %+v", rest.Stopped, rest.Snapshot.Header)
				}
				if d := cmp.Diff(want.Of(lambda.FunctionType), rest.Snapshot.Of(lambda.FunctionType)); d != "" {
					t.Errorf("resumed and whole differ:\n%s", d)
				}
				if _, err := os.Stat(plan.Checkpoint); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the checkpoint is still there: %v", err)
				}
			})
		})
	}
}

// Credentials that expire stop everything at once.
func TestExpiredCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 100, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.ExpiredToken, First: 120}}}, "us-east-1", "eu-west-1")
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1", "eu-west-1"), collect.Observer{})
		if got.Stopped == nil || !strings.HasPrefix(got.Stopped.Code, "ExpiredToken") || !strings.Contains(got.Stopped.Reason, "credentials") {
			t.Fatalf("stopped: %+v", got.Stopped)
		}
		if n, wrong := unread(got.Snapshot, got.Stopped.Code); n < 100 || len(wrong) > 0 {
			t.Errorf("%d gaps say so, and %v", n, wrong)
		}
		if n := sim.Count(awssim.Calls{}); n > 125 {
			t.Errorf("%d calls were made, with credentials that expired at the 120th", n)
		}
	})
}

// A region that never answers is left after some tries; the others are whole.
func TestSilentRegion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 200, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Hang, Region: "eu-west-1", API: "GetPolicy"}}}, "us-east-1", "eu-west-1")
		began := time.Now()
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1", "eu-west-1"), collect.Observer{}).Snapshot
		if took := time.Since(began); took > 3*time.Minute {
			t.Errorf("took %s", took)
		}
		n, wrong := unread(got, resource.CodeTimeout)
		if n != 200+40+60 || len(wrong) > 0 { // functions, aliases, versions
			t.Errorf("%d gaps of the silence, and %v", n, wrong)
		}
		for _, g := range got.Gaps() {
			if g.Region != "eu-west-1" || g.Resource == "" {
				t.Errorf("a gap elsewhere: %+v", g)
			}
		}
	})
}

// A quota that lets nothing through from the beginning is left in less than two
// minutes, and nothing of it counts as seen.
func TestNothingGetsThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 200, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Throttle, API: "GetPolicy"}}})
		began := time.Now()
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot
		if took := time.Since(began); took > 2*time.Minute {
			t.Errorf("took %s", took)
		}
		n, wrong := unread(got, "TooManyRequestsException")
		if n != 200+40+60 || len(wrong) > 0 { // functions, aliases, versions
			t.Errorf("%d gaps of the throttle, and %v", n, wrong)
		}
	})
}

// A quota that others use up for a while from the beginning is waited for.
func TestBusyAtFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 200, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Throttle, API: "GetPolicy", Times: 25}}})
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot
		if len(got.Gaps()) > 0 || got.Footer.Throttled != 25 {
			t.Errorf("%d throttles, gaps %v", got.Footer.Throttled, got.Gaps())
		}
	})
}

// A region that falls silent in the middle is given up, and what was read is kept:
// once it answers again, only the rest is read.
func TestGivenUpAndResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := generated(t, 200, awssim.Options{})
		want := run(t.Context(), t, whole, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot
		sim := generated(t, 200, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Reset, API: "GetPolicy", First: 81}}})
		plan := planFor(audit, "us-east-1")
		plan.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
		first := run(t.Context(), t, sim, plan, collect.Observer{})
		if n, wrong := unread(first.Snapshot, resource.CodeUnreachable); !first.GaveUp || first.Stopped != nil || n < 100 || len(wrong) > 0 {
			t.Fatalf("gave up: %t, stopped: %v, %d gaps, and %v", first.GaveUp, first.Stopped, n, wrong)
		}
		if err := sim.Break(); err != nil {
			t.Fatal(err)
		}
		made := sim.Count(awssim.Calls{})
		plan.Resume = true
		second := run(t.Context(), t, sim, plan, collect.Observer{})
		if d := cmp.Diff(want.Of(lambda.FunctionType), second.Snapshot.Of(lambda.FunctionType)); d != "" || len(second.Snapshot.Gaps()) > 0 || second.GaveUp {
			t.Errorf("gaps %v\n%s", second.Snapshot.Gaps(), d)
		}
		if left, made := whole.Count(awssim.Calls{API: "GetPolicy"})-80, sim.Count(awssim.Calls{})-made; made != left {
			t.Errorf("%d calls were made for %d that were left", made, left)
		}
		if _, err := os.Stat(plan.Checkpoint); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the checkpoint is still there: %v", err)
		}
	})
}

// A scan that is cut off again and again ends with what one whole scan sees.
func TestManyStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := generated(t, 120, awssim.Options{}, "us-east-1", "eu-west-1")
		want := run(t.Context(), t, whole, planFor(audit, "us-east-1", "eu-west-1"), collect.Observer{}).Snapshot
		sim := generated(t, 120, awssim.Options{Latency: 30 * time.Millisecond}, "us-east-1", "eu-west-1")
		plan := planFor(audit, "us-east-1", "eu-west-1")
		plan.Checkpoint, plan.Resume = filepath.Join(t.TempDir(), "checkpoint"), true
		plan.MaxTime = 3700 * time.Millisecond
		var got collect.Result
		stops := 0
		for got = run(t.Context(), t, sim, plan, collect.Observer{}); got.Stopped != nil; stops++ {
			if stops > 100 {
				t.Fatal("the scan gets nowhere")
			}
			got = run(t.Context(), t, sim, plan, collect.Observer{})
		}
		if d := cmp.Diff(want.Of(lambda.FunctionType), got.Snapshot.Of(lambda.FunctionType)); d != "" || len(got.Snapshot.Gaps()) > 0 {
			t.Errorf("gaps %v\n%s", got.Snapshot.Gaps(), d)
		}
		// Each stop may lose the calls that are under way, one a quota and region.
		if repeated := sim.Count(awssim.Calls{}) - whole.Count(awssim.Calls{}); stops < 3 || repeated > 4*(stops+1) {
			t.Errorf("%d calls were made again in %d stops", repeated, stops)
		}
	})
}
