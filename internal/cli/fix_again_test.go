package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"surety/internal/awssim"
)

// half applies a plan whose statements are added and not removed.
func half(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, false, awssim.Fault{Kind: awssim.AccessDenied, API: "RemovePermission"})
	b.plan()
	b.must(1, "fix", "apply", "plan.json", "--yes")
	return b
}

func (b *bench) strike(faults ...awssim.Fault) {
	b.t.Helper()
	if err := b.sim.Break(faults...); err != nil {
		b.t.Fatal(err)
	}
}

// A plan that was left half done is no obstacle for the next one, whichever way
// that goes: what stands already is not added again.
func TestNewPlanAfterHalf(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]awssim.Fault{
		"statement by statement": {{Kind: awssim.HTMLNotFound, API: "GetResourcePolicy"}},
		"whole policies":         nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := half(t)
			b.strike(faults...)
			b.plan()
			b.must(0, "fix", "apply", "plan.json", "--yes")
			open, other := b.policies()
			for _, policy := range []string{open, other} {
				if strings.Contains(policy, "999988887777") || strings.Count(policy, `"AWS:SourceArn"`)+strings.Count(policy, `"aws:SourceArn"`) == 0 || !strings.Contains(policy, trusting) {
					t.Errorf("not mended: %s", policy)
				}
			}
			b.must(0, "fix", "plan", "--rate", "unlimited", "-q", "--rule", "Lambda-002", "--trust", trusting)
			if out, _ := b.run("scan", "--rate", "unlimited", "-q", "--rule", "Lambda-002", "--trust", trusting); strings.Contains(out, "stranger") {
				t.Errorf("the scan says:\n%s", out)
			}
		})
	}
}

// Credentials of another account roll nothing back, and are not told that there is
// nothing to do.
func TestRollbackElsewhere(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.sim.Edit(func(w *awssim.World) {
		w.Accounts = append(w.Accounts, &awssim.Account{ID: trusting, Regions: []*awssim.Region{{Name: "us-east-1"}}})
	})
	b.plan()
	b.must(0, "fix", "apply", "plan.json", "--yes")
	c := b.command("fix", "rollback", b.listed()[0].ID, "--yes")
	c.Env = append(c.Env, "AWS_ACCESS_KEY_ID="+awssim.AccessKey(trusting))
	if out, err := c.CombinedOutput(); err == nil || !strings.Contains(string(out), "these credentials are of "+trusting) {
		t.Errorf("another account: %v\n%s", err, out)
	}
}

// One file of the journal that cannot be read hides no plan and keeps none from
// going back; the list names it and says that it is not whole.
func TestDamagedJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	b.must(0, "fix", "apply", "plan.json", "--yes")
	id := b.listed()[0].ID
	if err := os.WriteFile(b.home+"/.local/state/surety/journal/20260101-000000-0000.jsonl", []byte("\x1b[2J{\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := b.must(1, "fix", "list")
	if !strings.Contains(out, id+"  applied") || !strings.Contains(out, "20260101-000000-0000.jsonl line 1") || strings.Contains(out, "\x1b") {
		t.Errorf("the list is\n%s", out)
	}
	back := b.must(0, "fix", "rollback", id, "--yes")
	if !strings.Contains(back, "gains  arn:aws:iam::999988887777:root (statement stranger)") {
		t.Errorf("it does not say who is let in again:\n%s", back)
	}
	if open, _ := b.policies(); open != untidy {
		t.Errorf("not rolled back: %s", open)
	}
	if out := b.must(1, "fix", "apply", "plan.json", "--yes"); !strings.Contains(out, "was rolled back by plan") {
		t.Errorf("a plan that was rolled back:\n%s", out)
	}
}

// A function that is gone keeps no other from going back.
func TestRollbackOfWhatIsGone(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	b.must(0, "fix", "apply", "plan.json", "--yes")
	b.sim.Edit(func(w *awssim.World) {
		r := w.Accounts[0].Regions[0]
		r.Functions = []*awssim.Function{r.Function("other")}
	})
	out := b.must(5, "fix", "rollback", b.listed()[0].ID, "--yes")
	if !strings.Contains(out, "not rolled back: "+mended) {
		t.Errorf("it does not say what stays:\n%s", out)
	}
	b.sim.Edit(func(w *awssim.World) {
		if other := w.Function("111122223333", "us-east-1", "other").Policies[""]; !strings.Contains(other, "999988887777") {
			t.Errorf("the other function was not rolled back: %s", other)
		}
	})
	if l := b.listed()[1]; l.State != "partial" {
		t.Errorf("the list says %+v", l)
	}
}

// Somebody else adds a statement of theirs before any call of an apply, and before
// any of a way back: it is never overwritten, who is trusted is never without, and
// what is said to be applied is.
func TestSomebodyElseWrites(t *testing.T) {
	t.Parallel()
	const theirs = `{"Sid":"theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222233334444:role/theirs"},"Action":"lambda:InvokeFunction","Resource":"` + mended + `"}`
	for _, whole := range []bool{true, false} {
		probe := newBench(t, whole)
		probe.plan()
		calls := probe.calledApply()
		for _, back := range []bool{false, true} {
			for n := 2; n <= calls; n += 3 * stride {
				t.Run(fmt.Sprintf("whole=%v/back=%v/call=%d", whole, back, n), func(t *testing.T) {
					t.Parallel()
					b := newBench(t, whole)
					b.plan()
					id := b.listed()[0].ID
					if back {
						b.must(0, "fix", "apply", id, "--yes")
					}
					b.watch(func(at int, after bool) {
						if at == n && !after {
							b.edit("open", func(f *awssim.Function) {
								f.Policies[""] = strings.TrimSuffix(f.Policies[""], "]}") + "," + theirs + "]}"
								f.RevisionID = "99999999-2222-3333-4444-555555555555"
							})
						}
						if open, _ := b.policies(); !strings.Contains(open, trusting+":root") {
							t.Errorf("call %d: somebody trusted is without access: %s", at, open)
						}
					})
					command := []string{"fix", "apply", id, "--yes"}
					if back {
						command[1] = "rollback"
					}
					out, exit := b.run(command...)
					b.watch(nil)
					open, _ := b.policies()
					if !strings.Contains(open, `"theirs"`) {
						t.Errorf("what somebody else wrote is gone: %s\n%s", open, out)
					}
					l := b.listed()[0]
					if stranger := strings.Contains(open, `"stranger"`); (exit == 0) != (l.State == "applied") || exit == 0 && stranger != back {
						t.Errorf("exit %d, the list says %+v, and the policy is %s\n%s", exit, l, open, out)
					}
				})
			}
		}
	}
}

// A rollback that is rolled back takes permissions away again, and asks for that as
// the plan did.
func TestRollbackRolledBack(t *testing.T) {
	t.Parallel()
	b := newMove(t)
	b.sim.Edit(func(w *awssim.World) {
		w.Accounts[0].Roles[0].Inline = []awssim.InlinePolicy{{Name: "p", Document: `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`}}
	})
	b.planMove("--strategy", "least", "--without-usage-data")
	b.must(0, "fix", "apply", "plan.json", "--yes", "--accept-loss")
	first := b.listed()[0].ID
	if out := b.must(0, "fix", "rollback", first, "--yes"); !strings.Contains(out, "again  s3:GetObject on any resource") {
		t.Errorf("it does not say what comes back:\n%s", out)
	}
	back := b.listed()[0].ID
	if out := b.must(1, "fix", "rollback", back, "--yes"); !strings.Contains(out, "permissions that would be lost: 1") {
		t.Errorf("it takes a permission away unasked:\n%s", out)
	}
	b.must(0, "fix", "rollback", back, "--yes", "--accept-loss")
	states := map[string]string{}
	for _, l := range b.listed() {
		states[l.ID] = l.State
	}
	if states[first] != "applied" || states[back] != "rolled-back" {
		t.Errorf("the list says %v", states)
	}
}

// What was rolled back is not turned round once more, however its policies are
// written: its statements may have come back in another order.
func TestRollbackTwice(t *testing.T) {
	t.Parallel()
	for _, documents := range []bool{true, false} {
		b := newBench(t, documents)
		b.plan()
		b.must(0, "fix", "apply", "plan.json", "--yes")
		id := b.listed()[0].ID
		b.must(0, "fix", "rollback", id, "--yes")
		if out := b.must(0, "fix", "rollback", id, "--yes"); !strings.Contains(out, "nothing to do: plan "+id+" was rolled back by plan ") || len(b.listed()) != 2 {
			t.Errorf("by documents %t:\n%s", documents, out)
		}
	}
}
