package assure_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"surety/internal/assure"
	"surety/internal/awssim"
	"surety/internal/lockfile"
	"surety/internal/report"
)

// TestResumeFleet takes up a scan in which one account refused and two lost their
// credentials, one of them with a checkpoint that is broken: only those are read
// again, and all are told again.
func TestResumeFleet(t *testing.T) {
	const accounts = 12
	regions := []string{"eu-west-1", "us-east-1"}
	refusing, losing, broken := accountNumber(3), accountNumber(5), accountNumber(7)
	state := t.TempDir()
	anew := 0 // how often there was nothing to go on with
	synctest.Test(t, func(t *testing.T) {
		sim, err := awssim.New(company(accounts, 4, regions), awssim.Options{Faults: []awssim.Fault{
			{Kind: awssim.ExpiredToken, Account: losing, First: 6}, {Kind: awssim.ExpiredToken, Account: broken, First: 6},
		}})
		if err != nil {
			t.Fatal(err)
		}
		sim.Edit(func(w *awssim.World) { w.Account(refusing).Roles[0].Name = "Other" })
		run := func(resume bool) *heard {
			f, err := fleet(t.Context(), sim, assure.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			f.Walk.State, f.Walk.Resume = state, resume
			f.Anew = func() { anew++ }
			h := newHeard()
			if _, err := scan(t.Context(), f, h); err != nil {
				t.Fatal(err)
			}
			return h
		}
		first := run(false)
		want(t, first.ledger[refusing+" "], report.Failed, "AccessDenied")
		if l := first.ledger[losing+" us-east-1"]; l.State != report.Failed && l.State != report.Partly {
			t.Errorf("%s lost its credentials: %+v", losing, l)
		}
		if err := os.WriteFile(filepath.Join(state, "fleet", broken+".jsonl"), []byte("no checkpoint\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		before := map[string]int{}
		for n := range accounts {
			before[accountNumber(n)] = sim.Count(awssim.Calls{Account: accountNumber(n), Bucket: awssim.BucketOther})
		}
		if err := sim.Break(); err != nil {
			t.Fatal(err)
		}
		sim.Edit(func(w *awssim.World) { w.Account(refusing).Roles[0].Name = "SuretyAudit" })
		second := run(true)
		if anew != 0 {
			t.Error("the second began anew")
		}
		if second.ends != accounts || second.checks != accounts*4*2 {
			t.Errorf("%d blocks and %d checks, want %d and %d", second.ends, second.checks, accounts, accounts*4*2)
		}
		for n := range accounts {
			id := accountNumber(n)
			again := sim.Count(awssim.Calls{Account: id, Bucket: awssim.BucketOther}) - before[id]
			if read := id == refusing || id == losing || id == broken; (again > 0) != read {
				t.Errorf("%s was read again with %d calls", id, again)
			}
			for _, r := range regions {
				want(t, second.ledger[id+" "+r], report.Read, "")
			}
		}
		// Nothing is left to be taken up: the next run reads all.
		third := run(true)
		if n := sim.Count(awssim.Calls{Account: accountNumber(1), API: "ListFunctions"}); third.ends != accounts || n != 2*len(regions) || anew != 1 {
			t.Errorf("after a whole scan, %d lists of an account, want %d", n, 2*len(regions))
		}
	})
}

// Two scans of many accounts at a time: the second keeps nothing where the first
// keeps its state, says so for every account, and cannot go on with it.
func TestFleetStateInUse(t *testing.T) {
	state := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sim, err := awssim.New(company(3, 4, []string{"eu-west-1"}), awssim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := fleet(t.Context(), sim, assure.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		f.Walk.State = state
		f.AtOnce = 1 // the callback below takes its time
		beside := 0
		err = f.Visit(t.Context(), func(v assure.Visit) error {
			if v.Unkept != nil {
				t.Errorf("the first, %s: %v", v.Account, v.Unkept)
			}
			if beside > 0 {
				return nil
			}
			g := f
			err := g.Visit(t.Context(), func(v assure.Visit) error {
				beside++
				if !errors.Is(v.Unkept, lockfile.ErrBusy) || v.Barred != nil {
					t.Errorf("the second, %s: unkept %v, barred %v", v.Account, v.Unkept, v.Barred)
				}
				return nil
			})
			g.Walk.Resume = true
			if err := g.Visit(t.Context(), func(assure.Visit) error { return nil }); !errors.Is(err, lockfile.ErrBusy) {
				t.Errorf("going on with a scan that is under way: %v", err)
			}
			return err
		})
		if err != nil || beside != 3 {
			t.Errorf("%d accounts beside the first, %v", beside, err)
		}
	})
}
