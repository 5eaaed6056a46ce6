package policy

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the tests get into the golden files")

// golden runs get on every input of an archive whose files are NAME/in and
// NAME/want, and compares.
func golden(t *testing.T, file string, get func(in []byte) string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		in, want := archive.Files[i], &archive.Files[i+1]
		name, ok := strings.CutSuffix(in.Name, "/in")
		if !ok || want.Name != name+"/want" {
			t.Fatalf("%s: %s and %s are no pair", file, in.Name, want.Name)
		}
		got := get(bytes.TrimSuffix(in.Data, []byte{'\n'})) + "\n"
		if *update {
			want.Data = []byte(got)
			continue
		}
		if got != string(want.Data) {
			t.Errorf("%s: %s:\n%swant\n%s", file, name, got, want.Data)
		}
	}
	if len(archive.Files) == 0 || len(archive.Files)%2 != 0 {
		t.Fatalf("%s holds %d files", file, len(archive.Files))
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
