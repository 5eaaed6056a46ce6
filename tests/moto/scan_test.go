package moto_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The trust of testdata/account.txtar.
var trusting = []string{"--trust", "222233334444", "--trust-org", "o-a1b2c3d4e5"}

// An event of `scan --format json`, as far as these tests read it.
type event struct {
	Scan  *struct{ Account string }
	Check *check
	Gap   *struct {
		Region, Facet, Code string
		Needed              bool
	}
	End *struct {
		Exit   int
		Counts map[string]int
	}
}

type check struct {
	Rule, Status, Resource, Message string
	Evidence                        struct {
		Grants []struct {
			Kind, Door, Qualifier, Sid string
			Statement                  int
			Witness                    json.RawMessage
		}
		Roles []struct {
			ARN       string
			Functions []struct{ Function string }
		}
	}
	Gaps []struct{ Facet, Code string }
}

// surety runs the program and returns both outputs and the exit code.
func (w *world) surety(t *testing.T, extra []string, args ...string) (out, problems string, exit int) {
	t.Helper()
	if w.broken != nil {
		t.Fatal(w.broken)
	}
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(t.Context(), w.program, args...)
	c.Dir, c.Stdout, c.Stderr = w.work, &stdout, &stderr
	c.Env = append(w.environment("us-east-1"), extra...)
	err := c.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("surety %s: %v", strings.Join(args, " "), err)
	}
	return stdout.String(), stderr.String(), c.ProcessState.ExitCode()
}

// scan runs a scan and returns its checks by rule and resource, the events, and
// the exit code, which the end event must tell as well.
func (w *world) scan(t *testing.T, args ...string) (map[string]check, []event, int) {
	t.Helper()
	out, problems, exit := w.surety(t, nil, append([]string{"scan", "--format", "json", "--rate", "unlimited", "--all"}, args...)...)
	checks, events := readEvents(t, out)
	if len(events) < 2 || events[0].Scan == nil || events[len(events)-1].End == nil {
		t.Fatalf("the stream of %d events does not go from scan to end; exit %d, stderr:\n%s", len(events), exit, problems)
	}
	if said := events[len(events)-1].End.Exit; said != exit {
		t.Errorf("the end event says exit %d, the program ends with %d", said, exit)
	}
	return checks, events, exit
}

// readEvents returns the checks, by rule and resource, and all events.
func readEvents(t *testing.T, out string) (map[string]check, []event) {
	t.Helper()
	var events []event
	checks := map[string]check{}
	for line := range strings.Lines(out) {
		var e event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("not an event: %v: %s", err, line)
		}
		events = append(events, e)
		if e.Check != nil {
			checks[e.Check.Rule+" "+e.Check.Resource] = *e.Check
		}
	}
	return checks, events
}

// told is how account.txtar writes what a check says.
func (c check) told() string {
	words := []string{c.Status}
	for _, g := range c.Evidence.Grants {
		words = append(words, g.Kind+"/"+g.Door)
	}
	slices.Sort(words[1:])
	return strings.Join(slices.Compact(words), " ")
}

// TestScan reads every region that moto says is enabled and compares each
// function's checks with what the account's file wants.
func TestScan(t *testing.T) {
	checks, events, exit := shared.scan(t, trusting...)
	want, got := map[string]string{}, map[string]string{}
	for _, f := range shared.account.functions {
		for rule, w := range f.want {
			want[rule+" "+f.region+"/"+f.name] = w
		}
	}
	for _, c := range checks {
		part := strings.Split(c.Resource, ":")
		if len(part) != 7 {
			t.Fatalf("%s is not the ARN of a function", c.Resource)
		}
		got[c.Rule+" "+part[3]+"/"+part[6]] = c.told()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-wanted +got):\n%s", diff)
	}
	if exit != 3 {
		t.Errorf("exit %d, want 3: checks failed", exit)
	}
	// Of all that is needed, one read alone is refused: the poisoned policy.
	for _, e := range events {
		if e.Gap != nil && e.Gap.Needed && e.Gap.Region != "ap-northeast-1" {
			t.Errorf("a needed gap: %+v", *e.Gap)
		}
	}
}

// TestSharedRoles looks at the members that Lambda-006 names: across regions,
// and by way of a published version.
func TestSharedRoles(t *testing.T) {
	checks, _, _ := shared.scan(t, append([]string{"--rule", "Lambda-006"}, trusting...)...)
	for role, functions := range map[string][]string{
		"both-regions": {"eu-west-1:orders", "us-east-1:orders"},
		"former":       {"ap-southeast-2:heir", "us-east-1:moved-on"},
	} {
		for _, f := range functions {
			region, name, _ := strings.Cut(f, ":")
			c := checks["Lambda-006 "+function{region: region, name: name}.arn()]
			var members []string
			for _, r := range c.Evidence.Roles {
				if r.ARN == "arn:aws:iam::"+owner+":role/"+role {
					for _, m := range r.Functions {
						part := strings.Split(m.Function, ":")
						members = append(members, part[3]+":"+part[6])
					}
				}
			}
			slices.Sort(members)
			if diff := cmp.Diff(functions, members); diff != "" {
				t.Errorf("%s: who has role %s (-wanted +got):\n%s", f, role, diff)
			}
		}
	}
}

// TestExits runs scans whose exit codes differ.
func TestExits(t *testing.T) {
	quiet, poisoned := function{region: "eu-north-1", name: "quiet"}, function{region: "ap-northeast-1", name: "poisoned"}
	for _, c := range []struct {
		name  string
		args  []string
		exit  int
		rule  string
		of    function
		wants string
	}{
		{"nothing failed", []string{"--region", "eu-north-1"}, 0, "Lambda-002", quiet, "pass"},
		{"something was not seen", []string{"--region", "ap-northeast-1"}, 4, "Lambda-002", poisoned, "unknown"},
		{"failed wins over not seen", []string{"--region", "ap-northeast-1", "--region", "eu-west-1"}, 3, "Lambda-002", poisoned, "unknown"},
		{"failures may be accepted", []string{"--region", "eu-west-1", "--fail-on", "never"}, 0,
			"Lambda-002", function{region: "eu-west-1", name: "orders"}, "fail foreign-account/direct"},
		{"one function", []string{"--rule", "Lambda-002", "--function", function{region: "us-east-1", name: "partner"}.arn()}, 0,
			"Lambda-002", function{region: "us-east-1", name: "partner"}, "pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checks, _, exit := shared.scan(t, append(c.args, trusting...)...)
			if got := checks[c.rule+" "+c.of.arn()].told(); exit != c.exit || got != c.wants {
				t.Errorf("exit %d, %s %s: %q; want exit %d, %q", exit, c.rule, c.of.name, got, c.exit, c.wants)
			}
		})
	}
}

// TestNobodyTrusted takes the trust away: what passed because of it fails.
func TestNobodyTrusted(t *testing.T) {
	checks, _, exit := shared.scan(t, "--region", "us-east-1", "--rule", "Lambda-002")
	for name, want := range map[string]string{
		"partner":          "fail foreign-account/direct",
		"our-organisation": "fail foreign-org/direct",
		"topic-of-partner": "fail service-foreign-source/service",
		"web-of-partner":   "fail foreign-account/url",
		"own-account":      "pass",
		"no-policy":        "pass",
	} {
		if got := checks["Lambda-002 "+function{region: "us-east-1", name: name}.arn()].told(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if exit != 3 {
		t.Errorf("exit %d, want 3", exit)
	}
}

// TestWitnesses puts each witness to the policy that moto serves, by way of
// `surety evaluate`, where that policy is one that AWS could have stored.
func TestWitnesses(t *testing.T) {
	checks, _, _ := shared.scan(t, append([]string{"--region", "us-east-1", "--rule", "Lambda-002"}, trusting...)...)
	for _, name := range []string{"stranger-root", "anyone", "their-organisation", "bucket-of-whom", "bucket-of-stranger", "topic-of-stranger", "any-topic", "version"} {
		grants := checks["Lambda-002 "+function{region: "us-east-1", name: name}.arn()].Evidence.Grants
		if len(grants) == 0 {
			t.Errorf("%s: no grant in the evidence", name)
		}
		policy := shared.must(t, "us-east-1", "lambda", "get-policy", "--query", "Policy", "--output", "text", "--function-name", name)
		for i, g := range grants {
			if err := shared.evaluate(t, fmt.Sprint(name, i), policy, g.Witness); err != nil {
				t.Errorf("%s: witness %s: %v", name, g.Witness, err)
			}
		}
	}
}

func (w *world) evaluate(t *testing.T, name, policy string, witness []byte) error {
	files := [2]string{filepath.Join(w.work, name+".policy.json"), filepath.Join(w.work, name+".request.json")}
	if err := errors.Join(os.WriteFile(files[0], []byte(policy), 0o600), os.WriteFile(files[1], witness, 0o600)); err != nil {
		return err
	}
	out, problems, exit := w.surety(t, nil, "evaluate", files[0], "--request", files[1])
	if exit != 0 || !strings.Contains(out, `"decision":"Allow"`) {
		return fmt.Errorf("evaluate ends with %d and says %s%s", exit, out, problems)
	}
	return nil
}

// TestOrganization resolves the owner's organisation: the account is alone in
// it, so the partner is a stranger and the owner is not.
func TestOrganization(t *testing.T) {
	config := filepath.Join(shared.work, "organization.yaml")
	if err := os.WriteFile(config, []byte("version: 1\ntrust:\n  organization: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	checks, events, _ := shared.scan(t, "--config", config, "--region", "us-east-1", "--rule", "Lambda-002")
	for name, want := range map[string]string{"partner": "fail foreign-account/direct", "own-account": "pass"} {
		if got := checks["Lambda-002 "+function{region: "us-east-1", name: name}.arn()].told(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, e := range events {
		if e.Gap != nil && strings.HasPrefix(e.Gap.Facet, "organizations:") {
			t.Errorf("moto answers for the organisation, yet there is a gap: %+v", *e.Gap)
		}
	}
}

// TestCannot lets nothing answer: one line says what to do.
func TestCannot(t *testing.T) {
	for name, extra := range map[string][]string{
		"nobody listens":  {"AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_MAX_ATTEMPTS=1"},
		"no credentials":  {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
		"no such profile": {"AWS_PROFILE=nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems, exit := shared.surety(t, extra, "scan", "--quiet")
			if exit != 1 || strings.Count(problems, "\n") != 1 {
				t.Errorf("exit %d, want 1 and one line; it says:\n%s", exit, problems)
			}
		})
	}
}
