package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"surety/internal/awssim"
)

const (
	mended   = "arn:aws:lambda:us-east-1:111122223333:function:open"
	untidy   = `{"Version":"2012-10-17", "Id":"x","Statement":[ {"Sid":"partner","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222233334444:root"},"Action":"lambda:InvokeFunction","Resource":"` + mended + `"}, {"Sid":"stranger","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"lambda:InvokeFunction","Resource":"` + mended + `"},{"Sid":"events","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + mended + `"}]}`
	trusting = "222233334444"
)

// bench is a simulated AWS with one open function, and the built program in
// front of it.
type bench struct {
	t    *testing.T
	sim  *awssim.Sim
	url  string
	home string

	mu    sync.Mutex
	calls int
	// at hears of every call that may be one of an apply, numbered from 1, before
	// and after it is answered.
	at func(n int, after bool)
}

// newBench makes a bench. Without whole policies AddPermission is all there is.
func newBench(t *testing.T, whole bool, faults ...awssim.Fault) *bench {
	t.Helper()
	world := &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333", Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{
		{Name: "open", Policies: map[string]string{"": untidy}},
		{Name: "other", Policies: map[string]string{"": strings.ReplaceAll(untidy, ":open", ":other")}},
	}}}}}}
	if !whole {
		faults = append(faults, awssim.Fault{Kind: awssim.HTMLNotFound, API: "GetResourcePolicy"})
	}
	return newBenchOf(t, world, faults...)
}

// newBenchOf makes a bench of a world.
func newBenchOf(t *testing.T, world *awssim.World, faults ...awssim.Fault) *bench {
	t.Helper()
	sim, err := awssim.New(world, awssim.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, sim: sim, home: t.TempDir()}
	server := httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *bench) serve(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.calls++
	n, at := b.calls, b.at
	b.mu.Unlock()
	if at != nil {
		at(n, false)
	}
	b.sim.Handler().ServeHTTP(w, r)
	if at != nil {
		at(n, true)
	}
}

// watch counts calls anew.
func (b *bench) watch(at func(n int, after bool)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls, b.at = 0, at
}

func (b *bench) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(b.t.Context(), "surety", args...)
	c.Dir = b.home
	c.Env = append(os.Environ(), "HOME="+b.home, "XDG_STATE_HOME=", "AWS_ENDPOINT_URL="+b.url, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID="+awssim.AccessKey("111122223333"),
		"AWS_SECRET_ACCESS_KEY=x", "AWS_PROFILE=", "AWS_CONFIG_FILE="+b.home+"/none", "AWS_SHARED_CREDENTIALS_FILE="+b.home+"/none", "AWS_EC2_METADATA_DISABLED=true")
	return c
}

// run runs the program to its end.
func (b *bench) run(args ...string) (out string, exit int) {
	b.t.Helper()
	c := b.command(args...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	var failed *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &failed) {
		b.t.Fatal(err)
	}
	return said.String(), c.ProcessState.ExitCode()
}

// must runs the program and wants an exit code.
func (b *bench) must(exit int, args ...string) string {
	b.t.Helper()
	out, got := b.run(args...)
	if got != exit {
		b.t.Fatalf("surety %s: exit %d, want %d\n%s", strings.Join(args, " "), got, exit, out)
	}
	return out
}

func (b *bench) plan(args ...string) {
	b.t.Helper()
	b.must(0, append([]string{"fix", "plan", "--rate", "unlimited", "-q", "--rule", "Lambda-002", "--trust", trusting, "-o", "plan.json"}, args...)...)
}

// policies are what the service holds now.
func (b *bench) policies() (open, other string) {
	b.sim.Edit(func(w *awssim.World) {
		open, other = w.Function("111122223333", "us-east-1", "open").Policies[""], w.Function("111122223333", "us-east-1", "other").Policies[""]
	})
	return open, other
}

type listed struct {
	ID, State            string
	Steps, Done, Refused int
}

// listed reads the list, newest first.
func (b *bench) listed() []listed {
	b.t.Helper()
	var all []listed
	d := json.NewDecoder(strings.NewReader(b.must(0, "fix", "list", "--format", "json")))
	for d.More() {
		var one listed
		if err := d.Decode(&one); err != nil {
			b.t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

// calledApply is how many calls applying makes when nothing happens to it.
func (b *bench) calledApply() int {
	b.t.Helper()
	b.watch(nil)
	b.must(0, "fix", "apply", "plan.json", "--yes")
	return b.calls
}

// TestKilledAnywhere kills the program at every call of an apply, before the
// service hears of it and after the service did it: between two calls lie all
// points of the journal. Each time the list tells the truth, and the plan can be
// resumed, or rolled back.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, whole := range []bool{true, false} {
		probe := newBench(t, whole)
		probe.plan()
		calls := probe.calledApply()
		if calls < 5 {
			t.Fatalf("an apply makes %d calls: the table would be empty", calls)
		}
		wanted, _ := probe.policies()
		for n := 2; n <= calls; n += stride { // the first asks who we are
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("whole=%v/call=%d/after=%v", whole, n, after), func(t *testing.T) {
					t.Parallel()
					killAt(t, whole, n, after, wanted)
				})
			}
		}
	}
}

// killed applies a plan and kills the program at one of its calls, before the
// service hears of it or after.
func (b *bench) killed(n int, after bool) {
	b.t.Helper()
	started := make(chan *exec.Cmd, 1)
	var once sync.Once
	b.watch(func(at int, late bool) {
		if at == n && late == after {
			once.Do(func() {
				c := <-started
				_ = c.Process.Kill() // SIGKILL: nothing is tidied up
				_, _ = c.Process.Wait()
			})
		}
	})
	c := b.command("fix", "apply", "plan.json", "--yes")
	if err := c.Start(); err != nil {
		b.t.Fatal(err)
	}
	started <- c
	_ = c.Wait() // it was killed
	b.watch(nil)
}

func killAt(t *testing.T, whole bool, n int, after bool, wanted string) {
	b := newBench(t, whole)
	b.plan()
	b.killed(n, after)
	open, other := b.policies()
	done := 0
	for _, policy := range []string{open, other} {
		if !strings.Contains(policy, "999988887777") && !strings.Contains(policy, `"events.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:open"}]`) {
			done++
		}
		if !strings.Contains(policy, trusting) {
			t.Errorf("a trusted account lost its access on the way: %s", policy)
		}
	}
	l := b.listed()[0]
	if l.State == "applying" || l.State == "rolled-back" || l.Done > l.Steps {
		t.Errorf("nobody is at it, and the list says %+v", l)
	}
	if l.State == "applied" && done != 2 || l.State == "planned" && (open != untidy) {
		t.Errorf("the list says %+v, and %d of 2 policies are mended", l, done)
	}
	if whole && l.Done > done {
		t.Errorf("the journal says %d steps are done, and %d are", l.Done, done)
	}
	if n%2 == 0 { // turn back
		b.must(0, "fix", "rollback", l.ID, "--yes")
		if open, _ := b.policies(); whole && open != untidy {
			t.Errorf("rolled back, and the policy is not what it was:\n%s\n%s", untidy, open)
		} else if !whole && (!strings.Contains(open, `"stranger"`) || strings.Contains(open, "surety")) {
			t.Errorf("rolled back, and the statements are not what they were: %s", open)
		}
		return
	}
	b.must(0, "fix", "apply", "plan.json", "--yes", "--resume")
	if open, _ := b.policies(); open != wanted {
		t.Errorf("resumed, and the policy is\n%s\nwant\n%s", open, wanted)
	}
	if l := b.listed()[0]; l.State != "applied" || l.Done != l.Steps {
		t.Errorf("resumed, and the list says %+v", l)
	}
}
