package collect_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/lockfile"
	"surety/internal/resource"
)

// A place that cannot be written costs the checkpoint, not the scan.
func TestNoPlaceForCheckpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 5, awssim.Options{})
		plan := planFor(audit, "us-east-1")
		plan.Checkpoint = t.TempDir() // a folder is no file
		got := run(t.Context(), t, sim, plan, collect.Observer{})
		if got.Unkept == nil || got.Stopped != nil || len(got.Snapshot.Gaps()) > 0 {
			t.Errorf("unkept %v, stopped %v, gaps %v", got.Unkept, got.Stopped, got.Snapshot.Gaps())
		}
	})
}

// Who resumes is told what there is to go on with, also when there is nothing.
func TestResumedIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 50, awssim.Options{})
		plan := planFor(audit, "us-east-1")
		plan.Checkpoint, plan.MaxTime, plan.Resume = filepath.Join(t.TempDir(), "checkpoint"), 2*time.Second, true
		var told []collect.Resumed
		watch := collect.Observer{Resumed: func(r collect.Resumed) { told = append(told, r) }}
		first := run(t.Context(), t, sim, plan, watch)
		answers := strings.Count(string(contents(t, plan.Checkpoint)), "\n") - 1
		time.Sleep(time.Hour)
		run(t.Context(), t, sim, plan, watch)
		want := []collect.Resumed{{}, {Since: first.Snapshot.Header.Started, Answers: answers}}
		if d := cmp.Diff(want, told); d != "" || answers < 5 {
			t.Errorf("%d answers\n%s", answers, d)
		}
	})
}

// A checkpoint serves the scan that it is of, and no other.
func TestCheckpointOfAnotherScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 50, awssim.Options{}, "us-east-1", "eu-west-1")
		plan := planFor(audit, "us-east-1")
		plan.Header.Program = "surety 1"
		plan.Checkpoint, plan.MaxTime = filepath.Join(t.TempDir(), "checkpoint"), time.Second
		run(t.Context(), t, sim, plan, collect.Observer{})
		kept := contents(t, plan.Checkpoint)

		plan.Resume, plan.Header.Regions = true, []resource.Region{"eu-west-1"}
		_, err := collect.Run(t.Context(), plan, readers(sim), collect.Observer{})
		if err == nil {
			t.Error("a checkpoint of other regions was taken")
		}
		for _, bad := range []string{
			"garbage\n", `{"checkpoint":99,"header":{}}` + "\n", `{"checkpoint":1,"header":{}}` + "\n", string(kept) + "garbage\n", string(kept) + "\n",
			strings.Replace(string(kept), `"program":"surety 1"`, `"program":"surety 2"`, 1),
			// Damaged answers would pass for answers that there is nothing.
			damage(t, kept, `"answer":\{"entries".*\},"sum"`, `"answer":{},"sum"`),
			damage(t, kept, `"answer":\{"entries".*\},"sum"`, `"answer":null,"sum"`),
			damage(t, kept, `,"sum":"[0-9a-f]+"`, ""),
			damage(t, kept, `role/`, "role\x00"),
			damage(t, kept, `"call":"lambda`, `"call":"iam`),
		} {
			if err := os.WriteFile(plan.Checkpoint, []byte(bad), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := collect.Run(t.Context(), planOf(plan, "us-east-1"), readers(sim), collect.Observer{})
			if err == nil || !strings.Contains(err.Error(), plan.Checkpoint) || !strings.Contains(err.Error(), "--resume") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error: %v", err)
			}
		}
		// A last line that broke off is the usual end of a scan that was killed.
		if err := os.WriteFile(plan.Checkpoint, kept[:len(kept)-7], 0o600); err != nil {
			t.Fatal(err)
		}
		resumed := planOf(plan, "us-east-1")
		resumed.MaxTime = 0
		if got := run(t.Context(), t, sim, resumed, collect.Observer{}).Snapshot; len(got.Gaps()) > 0 {
			t.Errorf("gaps: %v", got.Gaps())
		}
	})
}

// damage changes what a pattern finds first in a checkpoint.
func damage(t *testing.T, kept []byte, pattern, with string) string {
	t.Helper()
	at := regexp.MustCompile(pattern).FindIndex(kept)
	if at == nil {
		t.Fatalf("nothing like %s in the checkpoint", pattern)
	}
	return string(kept[:at[0]]) + with + string(kept[at[1]:])
}

func planOf(p collect.Plan, region resource.Region) collect.Plan {
	p.Header.Regions = []resource.Region{region}
	return p
}

// Two scans of one account at a time: the second leaves the checkpoint of the
// first alone and says so, and does not go on with it.
func TestCheckpointInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := generated(t, 300, awssim.Options{})
		run(t.Context(), t, whole, planFor(audit, "us-east-1"), collect.Observer{})
		sim := generated(t, 300, awssim.Options{})
		plan := planFor(audit, "us-east-1")
		plan.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
		first := plan
		first.MaxTime = 20 * time.Second
		ended := make(chan collect.Result)
		go func() { ended <- run(t.Context(), t, sim, first, collect.Observer{}) }()
		time.Sleep(10 * time.Second)

		other := generated(t, 5, awssim.Options{})
		second := run(t.Context(), t, other, plan, collect.Observer{})
		if !errors.Is(second.Unkept, lockfile.ErrBusy) || second.Stopped != nil || len(second.Snapshot.Gaps()) > 0 {
			t.Errorf("beside the first: unkept %v, stopped %v", second.Unkept, second.Stopped)
		}
		resumed := plan
		resumed.Resume = true
		if _, err := collect.Run(t.Context(), resumed, readers(other), collect.Observer{}); !errors.Is(err, lockfile.ErrBusy) || !strings.Contains(err.Error(), plan.Checkpoint) {
			t.Errorf("going on with a scan that is under way: %v", err)
		}

		if got := <-ended; got.Stopped == nil || got.Unkept != nil {
			t.Fatalf("the first: stopped %v, unkept %v", got.Stopped, got.Unkept)
		}
		if got := run(t.Context(), t, sim, resumed, collect.Observer{}); got.Stopped != nil || len(got.Snapshot.Gaps()) > 0 {
			t.Errorf("the first resumed: %+v", got.Stopped)
		}
		if all := whole.Count(awssim.Calls{}); sim.Count(awssim.Calls{}) > all+all/100 {
			t.Errorf("%d calls were made for %d", sim.Count(awssim.Calls{}), all)
		}
	})
}
