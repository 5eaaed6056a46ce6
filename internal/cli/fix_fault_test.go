package cli_test

import (
	"os"
	"strings"
	"testing"

	"surety/internal/awssim"
)

func (b *bench) edit(function string, change func(*awssim.Function)) {
	b.sim.Edit(func(w *awssim.World) { change(w.Function("111122223333", "us-east-1", function)) })
}

// A deployment that has nothing to do with the policy moves its revision, once
// just before the write: the content is the same, so the step is done.
func TestUnrelatedDeployment(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	b.edit("open", func(f *awssim.Function) { f.RevisionID = "11111111-2222-3333-4444-555555555555" })
	moved := false
	b.watch(func(n int, after bool) {
		if n == 2 && after && !moved { // the program has just read the policy
			moved = true
			b.edit("open", func(f *awssim.Function) { f.RevisionID = "66666666-2222-3333-4444-555555555555" })
		}
	})
	b.must(0, "fix", "apply", "plan.json", "--yes")
	if open, _ := b.policies(); !moved || strings.Contains(open, "999988887777") {
		t.Errorf("not mended: %s", open)
	}
}

// A policy that somebody else changed is left alone; the other one is mended.
func TestOlderThanTheResource(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	changed := strings.Replace(untidy, `"Sid":"partner"`, `"Sid":"mine"`, 1)
	b.edit("open", func(f *awssim.Function) { f.Policies[""] = changed })
	out := b.must(5, "fix", "apply", "plan.json", "--yes")
	if !strings.Contains(out, "no longer as the plan found it") {
		t.Errorf("it does not say why:\n%s", out)
	}
	open, other := b.policies()
	if open != changed || strings.Contains(other, "999988887777") {
		t.Errorf("the changed policy is %s\nthe other %s", open, other)
	}
	if l := b.listed()[0]; l.State != "partial" || l.Done != 1 || l.Refused != 1 {
		t.Errorf("the list says %+v", l)
	}
	if out := b.must(1, "fix", "apply", "plan.json", "--yes"); !strings.Contains(out, "--resume") {
		t.Errorf("it was begun before, and is done again without a word:\n%s", out)
	}
}

// What the service refuses is told and leaves the rest of the resource alone.
func TestAccessDeniedInTheMiddle(t *testing.T) {
	t.Parallel()
	b := newBench(t, false, awssim.Fault{Kind: awssim.AccessDenied, API: "RemovePermission", Function: "open"})
	b.plan()
	out := b.must(1, "fix", "apply", "plan.json", "--yes")
	if !strings.Contains(out, "AccessDenied") {
		t.Errorf("it does not say why:\n%s", out)
	}
	open, other := b.policies()
	if !strings.Contains(open, `"stranger"`) || !strings.Contains(open, "surety") || strings.Contains(other, `"stranger"`) {
		t.Errorf("added, not removed: %s\nmended: %s", open, other)
	}
	l := b.listed()[0]
	if l.State != "partial" {
		t.Errorf("the list says %+v", l)
	}
	if err := b.sim.Break(awssim.Fault{Kind: awssim.HTMLNotFound, API: "GetResourcePolicy"}); err != nil { // allowed again
		t.Fatal(err)
	}
	b.must(0, "fix", "rollback", l.ID, "--yes")
	if open, other := b.policies(); strings.Contains(open+other, "surety") || !strings.Contains(open, `"stranger"`) || !strings.Contains(other, `"stranger"`) {
		t.Errorf("rolled back: %s\n%s", open, other)
	}
}

// Throttling and answers that are lost on the way are waited out.
func TestThrottledAndLost(t *testing.T) {
	t.Parallel()
	for _, kind := range []awssim.Kind{awssim.Throttle, awssim.Reset, awssim.ServerError, awssim.Truncated} {
		b := newBench(t, true, awssim.Fault{Kind: kind, API: "PutResourcePolicy", Times: 1})
		b.plan()
		b.must(0, "fix", "apply", "plan.json", "--yes")
		if open, other := b.policies(); strings.Contains(open+other, "999988887777") {
			t.Errorf("%s: not mended: %s\n%s", kind, open, other)
		}
	}
}

func TestTamperedPlan(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	text, err := os.ReadFile(b.home + "/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(text), "222233334444", "999988887777")
	if err := os.WriteFile(b.home+"/changed.json", []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := b.must(1, "fix", "apply", "changed.json", "--yes"); !strings.Contains(out, "was changed after it was made") {
		t.Errorf("it does not say why:\n%s", out)
	}
	if open, _ := b.policies(); open != untidy {
		t.Errorf("something was written: %s", open)
	}
}

// Two appliers of one plan: one does it, the other finds somebody at it or all
// done. A second plan of the same change finds nothing to do.
func TestTwoAppliers(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	first := listed{}
	if all := b.listed(); len(all) == 1 {
		first = all[0]
	}
	held, resume := make(chan struct{}), make(chan struct{})
	b.watch(func(n int, after bool) {
		if n == 2 && !after {
			close(held)
			<-resume
		}
	})
	c := b.command("fix", "apply", "plan.json", "--yes")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	<-held
	if l := b.listed()[0]; l.ID != first.ID || l.State != "applying" {
		t.Errorf("somebody is at it, and the list says %+v", l)
	}
	if out, exit := b.run("fix", "apply", "plan.json", "--yes"); exit != 1 || !strings.Contains(out, "somebody else is at it") {
		t.Errorf("the second applier: exit %d\n%s", exit, out)
	}
	b.plan()
	close(resume)
	if err := c.Wait(); err != nil {
		t.Fatalf("the first applier: %v", err)
	}
	b.watch(nil)
	if out := b.must(0, "fix", "apply", first.ID, "--yes"); !strings.Contains(out, "was applied before: nothing was done") {
		t.Errorf("a second time: %s", out)
	}
	b.must(0, "fix", "apply", "plan.json", "--yes")
	if n := b.sim.Count(awssim.Calls{API: "PutResourcePolicy"}); n != 2 {
		t.Errorf("two policies were written %d times", n)
	}
}

// Nobody at a terminal and no --yes is no consent; another account's credentials
// apply nothing.
func TestConsent(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	b.must(6, "fix", "apply", "plan.json")
	c := b.command("fix", "apply", "plan.json", "--yes")
	c.Env = append(c.Env, "AWS_ACCESS_KEY_ID=AKIANOBODY")
	if err := c.Run(); err == nil {
		t.Error("unknown credentials applied a plan")
	}
	if open, _ := b.policies(); open != untidy {
		t.Errorf("something was written: %s", open)
	}
	if l := b.listed()[0]; l.State != "planned" {
		t.Errorf("the list says %+v", l)
	}
}

// A function of a stack is for its stack to mend.
func TestOwnedByAStack(t *testing.T) {
	t.Parallel()
	for tag, owner := range map[string]string{"aws:cloudformation:stack-name": "CloudFormation stack", "ManagedBy": "Terraform"} {
		b := newBench(t, true)
		b.edit("open", func(f *awssim.Function) { f.Tags = map[string]string{tag: "terraform-shop"} })
		out := b.must(0, "fix", "plan", "--rate", "unlimited", "-q", "--trust", trusting, "--function", mended)
		if !strings.Contains(out, owner) || !strings.Contains(out, "for the owner of "+mended) || !strings.Contains(out, "nothing to do") {
			t.Errorf("%s: %s", tag, out)
		}
		out = b.must(0, "fix", "plan", "--rate", "unlimited", "-q", "--trust", trusting, "--function", mended, "--allow-drift")
		if !strings.Contains(out, "steps: 1, resources: 1") {
			t.Errorf("%s with --allow-drift: %s", tag, out)
		}
	}
}
