package cli_test

import (
	"encoding/json"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// rolledback rolls back a plan that was written to a file, or the newest one of the
// journal.
func rolledback(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: rolledback [PLAN]")
	}
	var text string
	if len(args) == 1 {
		text = ts.ReadFile(args[0])
	} else {
		ts.Check(ts.Exec("surety", "fix", "list", "--format", "json"))
		text, _, _ = strings.Cut(ts.ReadFile("stdout"), "\n")
	}
	var plan struct{ ID string }
	ts.Check(json.Unmarshal([]byte(text), &plan))
	ts.Check(ts.Exec("surety", "fix", "rollback", plan.ID, "--yes"))
}

// samechecks compares the checks of two scans, evidence and all.
func samechecks(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samechecks EVENTS EVENTS")
	}
	if d := cmp.Diff(checksOf(ts, args[0]), checksOf(ts, args[1])); d != "" {
		ts.Fatalf("%s and %s differ:\n%s", args[0], args[1], d)
	}
}

func checksOf(ts *testscript.TestScript, file string) map[string]any {
	found := map[string]any{}
	for line := range strings.Lines(ts.ReadFile(file)) {
		var e struct{ Check map[string]any }
		ts.Check(json.Unmarshal([]byte(line), &e))
		if id, is := e.Check["id"].(string); is {
			found[id] = e.Check
		}
	}
	if len(found) == 0 {
		ts.Fatalf("%s holds no checks", file)
	}
	return found
}
