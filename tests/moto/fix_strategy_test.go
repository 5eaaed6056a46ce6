package moto_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withManagedPolicies is a server of its own that has AWS's policies too; loading
// them takes the others' time.
func withManagedPolicies(t *testing.T) *world {
	t.Helper()
	url, stop, err := serve(t.Context(), shared.venv, owner, "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	t.Cleanup(stop)
	if err != nil {
		t.Fatal(err)
	}
	own := *shared
	own.server = url
	return &own
}

// roleContent is all that the aws command line says of a role.
func (w *world) roleContent(t *testing.T, name string) string {
	t.Helper()
	var all strings.Builder
	for _, command := range []string{"get-role", "list-role-policies", "list-attached-role-policies"} {
		all.WriteString(w.must(t, mending, "iam", command, "--role-name", name))
	}
	return all.String()
}

// A role that allows less is made of AWS's own policies, or of what the
// configuration calls for; its function passes, and rolling back gives everything
// back. moto has no last accessed data, so least is refused until it is told to do
// without.
func TestFixByStrategies(t *testing.T) {
	w := withManagedPolicies(t)
	for _, command := range []string{
		"iam create-role --role-name jobs --assume-role-policy-document file://trust.json --max-session-duration 7200",
		"iam put-role-policy --role-name jobs --policy-name everything --policy-document file://everything.json",
		"iam attach-role-policy --role-name jobs --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
		"sqs create-queue --queue-name jobs --endpoint-url " + w.server, // this service has endpoints of its own in the command line
		"lambda create-function --function-name jobs --role $ROLE/jobs $CODE",
		"lambda create-function --function-name worker --role $ROLE/jobs $CODE",
		"lambda create-event-source-mapping --function-name worker --event-source-arn arn:aws:sqs:" + mending + ":" + owner + ":jobs",
	} {
		w.must(t, mending, strings.Fields(os.Expand(command, abbreviation))...)
	}
	before := w.roleContent(t, "jobs")
	for _, c := range []struct {
		name  string
		flags []string
		want  []string // in what the aws command line says of the new role
	}{
		{"managed", []string{"--strategy", "managed"}, []string{"AWSLambdaSQSQueueExecutionRole"}},
		{"least", []string{"--strategy", "least", "--without-usage-data", "--pin-trust"}, []string{"surety-called-for", "aws:SourceArn", `"MaxSessionDuration": 7200`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			journal, file := filepath.Join(t.TempDir(), "journal"), filepath.Join(t.TempDir(), "plan.json")
			args := append([]string{"fix", "plan", "--rate", "unlimited", "--region", mending, "--rule", "Lambda-006", "-o", file, "--journal", journal}, c.flags...)
			if out, problems, exit := w.surety(t, nil, args...); exit != 0 || !strings.Contains(out, "lost   * on any resource, beyond what stays (policy everything, statement 1)") {
				t.Fatalf("fix plan: exit %d\n%s\n%s", exit, out, problems)
			}
			if _, problems, exit := w.surety(t, nil, "fix", "apply", file, "--yes", "--journal", journal); exit != 1 || !strings.Contains(problems, "--accept-loss") {
				t.Fatalf("applied without consent to the loss: exit %d\n%s", exit, problems)
			}
			if out, problems, exit := w.surety(t, nil, "fix", "apply", file, "--yes", "--accept-loss", "--journal", journal); exit != 0 {
				t.Fatalf("fix apply: exit %d\n%s\n%s", exit, out, problems)
			}
			made := w.roleContent(t, "worker")
			for _, want := range c.want {
				if !strings.Contains(made, want) {
					t.Errorf("the new role has no %s:\n%s", want, made)
				}
			}
			checks, _, _ := w.scan(t, "--region", mending, "--rule", "Lambda-006")
			if got := checks["Lambda-006 arn:aws:lambda:"+mending+":"+owner+":function:worker"].Status; got != "pass" {
				t.Errorf("worker: %s, want pass", got)
			}
			w.rollBack(t, file, journal)
			if got, want := w.roleOf(t, "worker"), "arn:aws:iam::"+owner+":role/jobs"; got != want {
				t.Errorf("rolled back, its role is %s, want %s", got, want)
			}
			if d := cmp.Diff(before, w.roleContent(t, "jobs")); d != "" {
				t.Errorf("the shared role was touched:\n%s", d)
			}
		})
	}
	out, problems, exit := w.surety(t, nil, "fix", "plan", "--rate", "unlimited", "--region", mending, "--rule", "Lambda-006", "--strategy", "least", "--journal", t.TempDir())
	if exit != 0 || !strings.Contains(out, "what of the shared role is unused is not known") || !strings.Contains(out, "nothing to do") {
		t.Errorf("least without data: exit %d\n%s\n%s", exit, out, problems)
	}
}

// rollBack rolls back the plan of a file.
func (w *world) rollBack(t *testing.T, file, journal string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var plan struct{ ID string }
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	if out, problems, exit := w.surety(t, nil, "fix", "rollback", plan.ID, "--yes", "--journal", journal); exit != 0 {
		t.Fatalf("fix rollback: exit %d\n%s\n%s", exit, out, problems)
	}
}
