package moto_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// cfn-lint has nothing against the templates of the export package's cases, whole
// policies among them, which no plan against moto has. Two of the cases hold what
// AWS would not store, and are for other tests.
func TestTemplatesLint(t *testing.T) {
	dir, args := t.TempDir(), []string{}
	for _, name := range []string{"plain", "regions", "removed"} {
		archive, err := txtar.ParseFile("../../services/lambda/actions/export/testdata/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name != "template.json" {
				continue
			}
			file := filepath.Join(dir, name+".json")
			if err := os.WriteFile(file, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
		}
	}
	if len(args) != 3 {
		t.Fatalf("there are %d templates, want 3", len(args))
	}
	if said, err := exec.CommandContext(t.Context(), filepath.Join(shared.venv, "bin", "cfn-lint"), args...).CombinedOutput(); err != nil {
		t.Errorf("cfn-lint: %v\n%s", err, said)
	}
}
