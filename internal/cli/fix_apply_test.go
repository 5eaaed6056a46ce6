package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"surety/internal/awssim"
	"surety/internal/plan"
)

// handOver seals a plan and writes it to a file.
func (b *bench) handOver(p *plan.Plan, file string) {
	b.t.Helper()
	if err := p.Seal(); err != nil {
		b.t.Fatal(err)
	}
	text, err := p.Encode()
	if err == nil {
		err = os.WriteFile(b.home+"/"+file, text, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// The first interrupt lets the step that is on its way end, and nothing more is
// begun; the second ends the program at once. Either way the list tells the truth,
// and the plan can go on.
func TestInterruptedApply(t *testing.T) {
	t.Parallel()
	for _, twice := range []bool{false, true} {
		b := newBench(t, true)
		b.plan()
		c := b.command("fix", "apply", "plan.json", "--yes")
		heard, err := c.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		started, gone := make(chan struct{}), make(chan struct{})
		var once sync.Once
		said := ""
		b.watch(func(_ int, after bool) {
			if n := b.sim.Count(awssim.Calls{API: "PutResourcePolicy"}); n == 1 && after {
				once.Do(func() {
					<-started
					_ = c.Process.Signal(os.Interrupt)
					if twice {
						<-gone
					}
				})
			}
		})
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		close(started)
		for lines := bufio.NewScanner(heard); lines.Scan(); { // ends with the program
			said += lines.Text() + "\n"
			if twice && strings.Contains(lines.Text(), "interrupted:") {
				_ = c.Process.Signal(os.Interrupt)
			}
		}
		close(gone)
		_ = c.Wait() // its status is looked at
		b.watch(nil)
		if exit := c.ProcessState.ExitCode(); twice && exit != 130 || !twice && (exit != 1 || !strings.Contains(said, "stopped before step 2")) {
			t.Errorf("interrupted (twice: %v): exit %d\n%s", twice, exit, said)
		}
		if l := b.listed()[0]; l.State != "partial" || !twice && l.Done != 1 {
			t.Errorf("interrupted (twice: %v), and the list says %+v", twice, l)
		}
		if n := b.sim.Count(awssim.Calls{API: "PutResourcePolicy"}); n != 1 {
			t.Errorf("policies were written %d times", n)
		}
		b.must(0, "fix", "apply", "plan.json", "--yes", "--resume")
		if open, other := b.policies(); strings.Contains(open+other, "999988887777") {
			t.Errorf("resumed: %s %s", open, other)
		}
	}
}

// An old plan says so before anybody agrees to it.
func TestOldPlan(t *testing.T) {
	t.Parallel()
	b := newBench(t, true)
	b.plan()
	text, err := os.ReadFile(b.home + "/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	for age, says := range map[time.Duration]string{time.Hour: "", 75 * time.Hour: "this plan is 3 days old: "} {
		p, err := plan.Decode(bytes.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		p.ID, p.Created = fmt.Sprintf("p%d", age), p.Created.Add(-age)
		b.handOver(p, "old.json")
		if out := b.must(6, "fix", "apply", "old.json"); !strings.Contains(out, says) || says == "" && strings.Contains(out, "days old") {
			t.Errorf("%v old: it does not say %q:\n%s", age, says, out)
		}
	}
}

// Whoever hands a plan over may have written anything into it: it is shown for
// what it is, on one line each, before anybody agrees to it.
func TestHostilePlan(t *testing.T) {
	t.Parallel()
	const hostile = "\x1b[2J\u202e\x00\nnothing to do"
	b := newBench(t, true)
	step := plan.Step{Action: hostile, Resource: hostile, Qualifier: hostile, Before: json.RawMessage(`null`), After: json.RawMessage(`"` + `{\"a\\u001b\":\"\u001b[2J\"}` + `"`), Group: hostile,
		Guard: hostile, Permission: hostile, Rule: hostile, Call: plan.Call{API: hostile},
		Loses: []string{hostile}, Lost: []string{hostile}, Gains: []string{hostile}, Regains: []string{hostile}, Keeps: []string{hostile}, Proof: []string{hostile}, Warnings: []string{hostile}}
	for i, undoes := range []string{"", hostile} {
		p := &plan.Plan{Schema: plan.Schema, ID: "p" + strconv.Itoa(i), Program: hostile, Account: hostile, Undoes: undoes, Steps: []plan.Step{step}, Withheld: []plan.Step{step},
			Refused: []plan.Refusal{{Resource: hostile, Qualifier: hostile, Rule: hostile, Why: hostile}}}
		b.handOver(p, "hostile.json")
		out := b.must(1, "fix", "apply", "hostile.json", "--yes", "--accept-irreversible", "--accept-loss")
		if strings.ContainsAny(out, "\x1b\x00\u202e") || strings.Contains(out, "\nnothing to do") || !strings.Contains(out, "step 1: ") {
			t.Errorf("it is shown as\n%q", out)
		}
	}
}

// Who names no region applies, and rolls back, in the plan's own partition: its
// credentials are good nowhere else.
func TestApplyInPartition(t *testing.T) {
	t.Parallel()
	b := newBenchOf(t, &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333", Partition: "aws-cn", Regions: []*awssim.Region{{Name: "cn-north-1", Functions: []*awssim.Function{
		{Name: "open", Policies: map[string]string{"": strings.NewReplacer("arn:aws:", "arn:aws-cn:", "us-east-1", "cn-north-1").Replace(untidy)}},
	}}}}}})
	b.must(0, "fix", "plan", "--rate", "unlimited", "-q", "--rule", "Lambda-002", "--trust", trusting, "--region", "cn-north-1", "-o", "plan.json")
	var mu sync.Mutex
	var elsewhere []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if signed := r.Header.Get("Authorization"); !strings.Contains(signed, "/cn-north-1/") {
			mu.Lock()
			elsewhere = append(elsewhere, signed)
			mu.Unlock()
		}
		b.serve(w, r)
	}))
	defer server.Close()
	b.url = server.URL
	for _, command := range [][]string{{"fix", "apply", "plan.json", "--yes"}, {"fix", "rollback", b.listed()[0].ID, "--yes"}} {
		c := b.command(command...)
		c.Env = append(c.Env, "AWS_REGION=", "AWS_DEFAULT_REGION=")
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", command, err, out)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(elsewhere) > 0 {
		t.Errorf("signed for another region: %v", elsewhere)
	}
}
