package moto_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const mending = "sa-east-1" // no function of the account is here

// withFunction makes a function with permissions, for one test.
func (w *world) withFunction(t *testing.T, name string, permissions ...string) (arn string) {
	t.Helper()
	w.must(t, mending, strings.Fields("lambda create-function --function-name "+name+" --role "+os.Expand("$ROLE/alone $CODE", abbreviation))...)
	t.Cleanup(func() {
		if _, err := w.aws(context.Background(), mending, "lambda", "delete-function", "--function-name", name); err != nil {
			t.Error(err) // the test's own context has ended by now
		}
	})
	for _, p := range permissions {
		w.must(t, mending, strings.Fields("lambda add-permission --action lambda:InvokeFunction --function-name "+name+" "+p)...)
	}
	return "arn:aws:lambda:" + mending + ":" + owner + ":function:" + name
}

// statements returns what the aws command line says of a function's policy: each
// statement as text, sorted, since moto changes their order.
func (w *world) statements(t *testing.T, name string) []string {
	t.Helper()
	text, err := w.aws(t.Context(), mending, strings.Fields("lambda get-policy --query Policy --output text --function-name "+name)...)
	if err != nil && strings.Contains(err.Error(), "ResourceNotFoundException") {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return statementsOf(t, text)
}

// judged says how Lambda-002 judges a function now.
func (w *world) judged(t *testing.T, arn string, args ...string) string {
	t.Helper()
	checks, _, _ := w.scan(t, append([]string{"--region", mending, "--rule", "Lambda-002"}, args...)...)
	return checks["Lambda-002 "+arn].Status
}

// A mended function passes, everybody trusted is let in as before, and rolling
// back brings every statement back. The strategies differ in what is left.
func TestFixAccess(t *testing.T) {
	stranger := "--statement-id stranger --principal 999988887777"
	partner := "--statement-id partner --principal 222233334444"
	bucket := "--statement-id uploads --principal s3.amazonaws.com --source-arn arn:aws:s3:::uploads"
	for _, c := range []struct {
		name        string
		permissions []string
		flags       []string
		kept        []string // Sids that must be untouched
		left        int      // statements afterwards
	}{
		{"revoke", []string{partner, stranger}, nil, []string{"partner"}, 1},
		{"last", []string{stranger}, nil, nil, 0},
		{"narrow", []string{bucket, partner}, []string{"--strategy", "narrow"}, []string{"partner"}, 3}, // one for each of the two trusted accounts: AddPermission takes one at a time
		{"replace", []string{stranger}, []string{"--strategy", "replace", "--with", "222233334444"}, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, name := shared, "mend-"+c.name
			arn := w.withFunction(t, name, c.permissions...)
			before := w.statements(t, name)
			trust := []string{"--trust", "222233334444"}
			if got := w.judged(t, arn, trust...); got != "fail" {
				t.Fatalf("before: %s, want fail", got)
			}
			journal := filepath.Join(t.TempDir(), "journal")
			file := filepath.Join(t.TempDir(), "plan.json")
			args := append([]string{"fix", "plan", "--rate", "unlimited", "--region", mending, "--function", arn, "--rule", "Lambda-002", "-o", file, "--journal", journal}, append(trust, c.flags...)...)
			if out, problems, exit := w.surety(t, nil, args...); exit != 0 || !strings.Contains(out, "AddPermission") && !strings.Contains(out, "RemovePermission") {
				t.Fatalf("fix plan: exit %d\n%s\n%s", exit, out, problems)
			}
			if d := cmp.Diff(before, w.statements(t, name)); d != "" {
				t.Fatalf("planning changed the policy:\n%s", d)
			}
			if out, problems, exit := w.surety(t, nil, "fix", "apply", file, "--yes", "--guard", "content", "--journal", journal); exit != 0 {
				t.Fatalf("fix apply: exit %d\n%s\n%s", exit, out, problems)
			}
			after := w.statements(t, name)
			if got := w.judged(t, arn, trust...); got != "pass" || len(after) != c.left {
				t.Errorf("after: %s with %d statements, want pass with %d: %s", got, len(after), c.left, after)
			}
			for _, s := range before {
				var said struct{ Sid string }
				if err := json.Unmarshal([]byte(s), &said); err != nil {
					t.Fatal(err)
				}
				if slices.Contains(c.kept, said.Sid) && !slices.Contains(after, s) {
					t.Errorf("%s is trusted and was touched: %s", said.Sid, after)
				}
			}
			out, _, _ := w.surety(t, nil, "fix", "list", "--format", "json", "--journal", journal)
			var listed struct{ ID, State string }
			if err := json.Unmarshal([]byte(out), &listed); err != nil || listed.State != "applied" {
				t.Fatalf("fix list: %v %s", err, out)
			}
			if out, problems, exit := w.surety(t, nil, "fix", "rollback", listed.ID, "--yes", "--guard", "content", "--journal", journal); exit != 0 {
				t.Fatalf("fix rollback: exit %d\n%s\n%s", exit, out, problems)
			}
			if d := cmp.Diff(before, w.statements(t, name)); d != "" {
				t.Errorf("rolled back, and yet:\n%s", d)
			}
		})
	}
}

// moto keeps one policy for the function and its alias: it is mended once, and the
// statement is named by the alias that it was written for.
func TestFixAlias(t *testing.T) {
	w := shared
	arn := w.withFunction(t, "mend-alias", "--statement-id own --principal 123412341234")
	w.must(t, mending, strings.Fields("lambda publish-version --function-name mend-alias")...)
	w.must(t, mending, strings.Fields("lambda create-alias --function-name mend-alias --name live --function-version 1")...)
	w.must(t, mending, strings.Fields("lambda add-permission --function-name mend-alias --qualifier live --action lambda:InvokeFunction --statement-id stranger --principal 999988887777")...)
	before, dir := w.statements(t, "mend-alias"), t.TempDir()
	file, journal := filepath.Join(dir, "plan.json"), filepath.Join(dir, "journal")
	for _, args := range [][]string{
		{"fix", "plan", "--rate", "unlimited", "--region", mending, "--function", arn, "--rule", "Lambda-002", "-o", file, "--journal", journal},
		{"fix", "apply", file, "--yes", "--guard", "content", "--journal", journal},
	} {
		if out, problems, exit := w.surety(t, nil, args...); exit != 0 {
			t.Fatalf("%v: exit %d\n%s\n%s", args, exit, out, problems)
		}
	}
	if got := w.judged(t, arn); got != "pass" {
		t.Errorf("after: %s, want pass: %s", got, w.statements(t, "mend-alias"))
	}
	out, _, _ := w.surety(t, nil, "fix", "list", "--format", "json", "--journal", journal)
	var listed struct{ ID string }
	if err := json.Unmarshal([]byte(out), &listed); err != nil {
		t.Fatalf("fix list: %v %s", err, out)
	}
	if out, problems, exit := w.surety(t, nil, "fix", "rollback", listed.ID, "--yes", "--guard", "content", "--journal", journal); exit != 0 {
		t.Fatalf("fix rollback: exit %d\n%s\n%s", exit, out, problems)
	}
	if d := cmp.Diff(before, w.statements(t, "mend-alias")); d != "" {
		t.Errorf("rolled back, and yet:\n%s", d)
	}
}
