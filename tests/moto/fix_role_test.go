package moto_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withSharedRole makes two functions of one role, for one test.
func (w *world) withSharedRole(t *testing.T, role string, names ...string) []string {
	t.Helper()
	w.must(t, mending, strings.Fields("iam create-role --role-name "+role+" --assume-role-policy-document file://trust.json --tags Key=team,Value=web")...)
	w.must(t, mending, strings.Fields("iam put-role-policy --role-name "+role+" --policy-name table --policy-document file://everything.json")...)
	t.Cleanup(func() {
		for _, command := range []string{"iam delete-role-policy --policy-name table --role-name " + role, "iam delete-role --role-name " + role} {
			if _, err := w.aws(context.Background(), mending, strings.Fields(command)...); err != nil {
				t.Error(err)
			}
		}
	})
	var arns []string
	for _, name := range names {
		w.must(t, mending, strings.Fields("lambda create-function --function-name "+name+" --role "+os.Expand("$ROLE/"+role+" $CODE", abbreviation))...)
		t.Cleanup(func() {
			if _, err := w.aws(context.Background(), mending, "lambda", "delete-function", "--function-name", name); err != nil {
				t.Error(err)
			}
		})
		arns = append(arns, "arn:aws:lambda:"+mending+":"+owner+":function:"+name)
	}
	return arns
}

// roleOf is the role that the aws command line says a function has.
func (w *world) roleOf(t *testing.T, name string) string {
	t.Helper()
	return strings.TrimSpace(w.must(t, mending, strings.Fields("lambda get-function-configuration --query Role --output text --function-name "+name)...))
}

// Two functions that share a role no longer do, and rolling back takes away what
// was made and nothing else.
func TestFixRole(t *testing.T) {
	w := shared
	arns := w.withSharedRole(t, "pair-first", "pair-first", "pair-second")
	before := w.roleOf(t, "pair-second")
	role := w.must(t, mending, strings.Fields("iam get-role --role-name pair-first")...)
	journal, file := filepath.Join(t.TempDir(), "journal"), filepath.Join(t.TempDir(), "plan.json")
	out, problems, exit := w.surety(t, nil, "fix", "plan", "--rate", "unlimited", "--region", mending, "--rule", "Lambda-006", "-o", file, "--journal", journal)
	if exit != 0 || !strings.Contains(out, "pair-first keeps the role") {
		t.Fatalf("fix plan: exit %d\n%s\n%s", exit, out, problems)
	}
	if out, problems, exit := w.surety(t, nil, "fix", "apply", file, "--yes", "--journal", journal); exit != 0 {
		t.Fatalf("fix apply: exit %d\n%s\n%s", exit, out, problems)
	}
	if got, want := w.roleOf(t, "pair-second"), "arn:aws:iam::"+owner+":role/surety/pair-second"; got != want {
		t.Errorf("its role is %s, want %s", got, want)
	}
	checks, _, _ := w.scan(t, "--region", mending, "--rule", "Lambda-006")
	for _, arn := range arns {
		if got := checks["Lambda-006 "+arn].Status; got != "pass" {
			t.Errorf("%s: %s, want pass", arn, got)
		}
	}
	out, _, _ = w.surety(t, nil, "fix", "list", "--format", "json", "--journal", journal)
	var listed struct{ ID string }
	if err := json.Unmarshal([]byte(out), &listed); err != nil {
		t.Fatalf("fix list: %v %s", err, out)
	}
	if out, problems, exit := w.surety(t, nil, "fix", "rollback", listed.ID, "--yes", "--journal", journal); exit != 0 {
		t.Fatalf("fix rollback: exit %d\n%s\n%s", exit, out, problems)
	}
	if got := w.roleOf(t, "pair-second"); got != before {
		t.Errorf("rolled back, its role is %s, want %s", got, before)
	}
	if _, err := w.aws(t.Context(), mending, "iam", "get-role", "--role-name", "pair-second"); err == nil || !strings.Contains(err.Error(), "NoSuchEntity") {
		t.Errorf("the role that was made is still there: %v", err)
	}
	if d := cmp.Diff(role, w.must(t, mending, strings.Fields("iam get-role --role-name pair-first")...)); d != "" {
		t.Errorf("the shared role was touched:\n%s", d)
	}
}
