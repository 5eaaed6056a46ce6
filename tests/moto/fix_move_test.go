package moto_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// script runs a script for the aws command line.
func (w *world) script(t *testing.T, text string) {
	t.Helper()
	script := exec.CommandContext(t.Context(), "sh", "-s")
	script.Dir, script.Stdin = w.work, strings.NewReader(text)
	for _, v := range w.environment(mending) {
		if path, is := strings.CutPrefix(v, "PATH="); is {
			v = "PATH=" + filepath.Join(w.venv, "bin") + ":" + path
		}
		script.Env = append(script.Env, v)
	}
	if said, err := script.CombinedOutput(); err != nil {
		t.Fatalf("the script: %v\n%s", err, said)
	}
}

// aliasOf is the version that the aws command line says an alias points to.
func (w *world) aliasOf(t *testing.T, function, alias string) string {
	t.Helper()
	return strings.TrimSpace(w.must(t, mending, strings.Fields("lambda get-alias --query FunctionVersion --output text --function-name "+function+" --name "+alias)...))
}

// versionsOf are the numbers of a function's versions.
func (w *world) versionsOf(t *testing.T, function string) string {
	t.Helper()
	return strings.Join(strings.Fields(w.must(t, mending, strings.Fields("lambda list-versions-by-function --query Versions[].Version --output text --function-name "+function)...)), " ")
}

// A version that an alias runs keeps the shared role: the function is published
// with its own, the alias moved, and the old version deleted, so that the check
// passes. Rolling back what can be rolled back takes the new version away again.
func TestFixPublished(t *testing.T) {
	w := shared
	arns := w.withSharedRole(t, "keep-first", "keep-first", "keep-second")
	for _, command := range []string{
		"lambda publish-version --function-name keep-second --description one", "lambda create-alias --function-name keep-second --name live --function-version 1",
	} {
		w.must(t, mending, strings.Fields(command)...)
	}
	dir := t.TempDir()
	file, journal := filepath.Join(dir, "plan.json"), filepath.Join(dir, "journal")
	run := func(want int, args ...string) string {
		t.Helper()
		out, problems, exit := w.surety(t, nil, append(args, "--journal", journal)...)
		if exit != want {
			t.Fatalf("%v: exit %d, want %d\n%s\n%s", args, exit, want, out, problems)
		}
		return out
	}
	plan := func(flags ...string) string {
		t.Helper()
		return run(0, append([]string{"fix", "plan", "--rate", "unlimited", "--region", mending, "--rule", "Lambda-006", "-o", file}, flags...)...)
	}
	if out := plan("--move-aliases"); !strings.Contains(out, "version 1 keeps the shared role") || !strings.Contains(out, "is used by alias live") {
		t.Errorf("the plan does not say who uses the old version:\n%s", out)
	}
	run(0, "fix", "apply", file, "--yes")
	if got := w.aliasOf(t, "keep-second", "live"); got != "2" || w.versionsOf(t, "keep-second") != "$LATEST 1 2" {
		t.Errorf("the alias points to %s of %s", got, w.versionsOf(t, "keep-second"))
	}
	var listed struct{ ID string }
	if err := json.Unmarshal([]byte(run(0, "fix", "list", "--format", "json")), &listed); err != nil {
		t.Fatal(err)
	}
	run(0, "fix", "rollback", listed.ID, "--yes")
	if got := w.aliasOf(t, "keep-second", "live"); got != "1" || w.versionsOf(t, "keep-second") != "$LATEST 1" || !strings.HasSuffix(w.roleOf(t, "keep-second"), "/keep-first") {
		t.Errorf("rolled back, the alias points to %s of %s, with %s", got, w.versionsOf(t, "keep-second"), w.roleOf(t, "keep-second"))
	}

	w.script(t, plan("--move-aliases", "--as", "aws")) // the same by the aws command line
	if got := w.aliasOf(t, "keep-second", "live"); got != "2" || !strings.HasSuffix(w.roleOf(t, "keep-second"), "/surety/keep-second") {
		t.Errorf("after the script the alias points to %s of %s, with %s", got, w.versionsOf(t, "keep-second"), w.roleOf(t, "keep-second"))
	}
	plan("--delete-unused-versions")
	run(1, "fix", "apply", file, "--yes")
	run(0, "fix", "apply", file, "--yes", "--accept-irreversible")
	if got := w.versionsOf(t, "keep-second"); strings.Contains(got, " 1") {
		t.Errorf("the old version is still there: %s", got)
	}
	checks, _, _ := w.scan(t, "--region", mending, "--rule", "Lambda-006")
	for _, arn := range arns {
		if got := checks["Lambda-006 "+arn].Status; got != "pass" {
			t.Errorf("%s: %s, want pass", arn, got)
		}
	}
	for _, command := range []string{"iam delete-role-policy --policy-name table --role-name keep-second", "iam delete-role --role-name keep-second"} {
		w.must(t, mending, strings.Fields(command)...)
	}
}
