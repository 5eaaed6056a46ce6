package export_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"surety/internal/plan"
	"surety/internal/resource"
	iamactions "surety/services/iam/actions"
	"surety/services/lambda/actions"
	"surety/services/lambda/actions/export"
)

var update = flag.Bool("update", false, "write what other tools get anew")

// planned is the account of every plan here.
const planned = "111122223333"

// step is a step of a case: what it changes, and nothing that follows from that.
type step struct {
	Action, Qualifier, Group string
	Resource                 resource.ID
	Before, After            json.RawMessage // a policy stands as an object
	Withheld                 bool
}

// planOf makes the plan of a case. Its calls are described by those who make them.
func planOf(t *testing.T, text []byte) *plan.Plan {
	t.Helper()
	actors := actions.New(aws.Config{})
	maps.Copy(actors, iamactions.New(aws.Config{}, nil))
	p := &plan.Plan{Schema: plan.Schema, ID: "20261122-021545-1f0c", Account: planned}
	for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
		var s step
		if err := d.Decode(&s); err != nil {
			t.Fatalf("reading the case: %v", err)
		}
		one := plan.Step{Action: s.Action, Resource: s.Resource, Qualifier: s.Qualifier, Group: s.Group, Rule: "Lambda-002", Before: content(t, s, s.Before), After: content(t, s, s.After)}
		if one.Group == "" {
			one.Group = string(s.Resource) + " policy " + s.Qualifier
		}
		if actors[s.Action] == nil {
			t.Fatalf("nobody does %q", s.Action)
		}
		if err := actors[s.Action].Describe(&one); err != nil {
			t.Fatalf("describing the step on %s: %v", s.Resource, err)
		}
		to := &p.Steps
		if s.Withheld {
			to = &p.Withheld
		}
		*to = append(*to, one)
	}
	return p
}

// content is a policy as the text that a step holds.
func content(t *testing.T, s step, raw json.RawMessage) json.RawMessage {
	t.Helper()
	if !strings.HasPrefix(s.Action, "lambda-p") || string(raw) == "null" {
		return raw
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(compact.String())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// forms are the tools, by the file of a case that holds what each gets.
func forms() map[string]func(*plan.Plan) (string, error) {
	return map[string]func(*plan.Plan) (string, error){"script.sh": export.AWS, "template.json": export.CloudFormation, "main.tf": export.Terraform}
}

// cases are the plans of testdata, by name.
func cases(t *testing.T) map[string]*txtar.Archive {
	t.Helper()
	all := map[string]*txtar.Archive{}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 3 {
		t.Fatalf("looking for cases: %d, %v", len(files), err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = archive
	}
	return all
}

func fileOf(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// What each tool gets stays as it is; a plan that one of them cannot be given is
// refused with the reason.
func TestOtherToolsGet(t *testing.T) {
	for file, archive := range cases(t) {
		p := planOf(t, fileOf(archive, "plan"))
		for name, write := range forms() {
			got, err := write(p)
			if err != nil {
				got = "error: " + err.Error() + "\n"
			}
			want := string(fileOf(archive, name))
			if *update {
				archive.Files = append(dropped(archive.Files, name), txtar.File{Name: name, Data: []byte(got)})
				continue
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s (-update writes it anew):\n%s", file, name, d)
			}
		}
		if *update {
			order := map[string]int{"plan": 0, "script.sh": 1, "template.json": 2, "main.tf": 3}
			sorted := make([]txtar.File, len(order))
			for _, f := range archive.Files {
				sorted[order[f.Name]] = f
			}
			archive.Files = sorted
			if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func dropped(files []txtar.File, name string) []txtar.File {
	var kept []txtar.File
	for _, f := range files {
		if f.Name != name {
			kept = append(kept, f)
		}
	}
	return kept
}
