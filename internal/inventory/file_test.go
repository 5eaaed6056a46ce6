package inventory_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// thing is a resource of this test.
type thing struct {
	ARN    string          `json:"arn"`
	Region resource.Region `json:"region"`
	Text   string          `json:"text,omitempty"`
}

func (x *thing) Ref() resource.Ref {
	return resource.Ref{ID: resource.ID(x.ARN), Type: "test.thing", Account: "111122223333", Region: x.Region}
}

func kinds() []resource.Kind {
	return []resource.Kind{{Type: "test.thing", New: func() resource.Resource { return new(thing) }}}
}

func snapshot() *inventory.Snapshot {
	s := inventory.New(inventory.Header{
		Schema: inventory.Schema, ID: "scan-1", Started: time.Date(2026, 11, 22, 0, 31, 7, 0, time.UTC), Program: "surety 0.1.0",
		Partition: "aws", Account: "111122223333", Regions: []resource.Region{"eu-west-1", "us-east-1"}, Qualifiers: "all",
		Facets: []resource.Facet{"test:GetThing", "test:ListThings"},
	})
	s.Add(&thing{ARN: "arn:b", Region: "us-east-1", Text: "<&>\u2028\n\"quoted\""})
	s.Add(&thing{ARN: "arn:a", Region: "us-east-1"})
	s.AddGap(resource.Gap{Account: "111122223333", Region: "eu-west-1", Facet: "test:ListThings", Code: "AccessDeniedException", Reason: "no"})
	s.Footer = inventory.Footer{Finished: time.Date(2026, 11, 22, 0, 32, 0, 0, time.UTC), Calls: 12, Throttled: 1}
	s.Seal()
	return s
}

func encoded(t *testing.T, s *inventory.Snapshot) string {
	t.Helper()
	var b bytes.Buffer
	if err := inventory.Encode(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The file's form is a contract: other programs read it.
func TestForm(t *testing.T) {
	golden := filepath.Join("testdata", "snapshot.jsonl")
	got := encoded(t, snapshot())
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestWriteAndRead(t *testing.T) {
	for _, name := range []string{"s.jsonl", "s.jsonl.gz", "s.jsonl.zst"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			if err := inventory.Write(path, snapshot()); err != nil {
				t.Fatal(err)
			}
			got, err := inventory.Read(path, kinds())
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(encoded(t, snapshot()), encoded(t, got)); d != "" {
				t.Error(d)
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, error %v", info.Mode(), err)
			}
			if files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(files) > 0 {
				t.Errorf("left behind: %v", files)
			}
		})
	}
}

// A file that was cut off, wherever, is read up to there, and says of every
// facet that it may be more.
func TestCutOff(t *testing.T) {
	for _, name := range []string{"s.jsonl", "s.jsonl.gz", "s.jsonl.zst"} {
		whole := snapshot()
		for i := range 2000 { // enough for several blocks when packed
			whole.Add(&thing{ARN: "arn:" + strings.Repeat("x", i%7) + time.Duration(i*i*7919).String()})
		}
		path := filepath.Join(t.TempDir(), name)
		if err := inventory.Write(path, whole); err != nil {
			t.Fatal(err)
		}
		all, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, all[:len(all)*2/3], 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := inventory.Read(path, kinds())
		if name != "s.jsonl" && err != nil && strings.Contains(err.Error(), "breaks off") {
			continue // the first block did not come through
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		facets := map[resource.Facet]bool{}
		for _, g := range got.Gaps() {
			if g.Code == resource.CodeInterrupted && g.Region == "" && g.Resource == "" {
				facets[g.Facet] = true
			}
		}
		if !got.Footer.Interrupted || len(facets) != 2 {
			t.Errorf("%s: footer %+v, gaps %+v", name, got.Footer, got.Gaps())
		}
	}
}

// Each case of the archive is a file that is wrong, and the line that says so.
func TestWrongFiles(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "wrong.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		name, data, want := archive.Files[i].Name, archive.Files[i].Data, strings.TrimSpace(string(archive.Files[i+1].Data))
		t.Run(name, func(t *testing.T) {
			_, err := inventory.Decode(bytes.NewReader(data), kinds())
			if err == nil {
				t.Fatal("it was read")
			}
			if err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
		})
	}
}

func TestWritesNothingOnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no", "such", "folder", "s.jsonl")
	err := inventory.Write(path, snapshot())
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error: %v", err)
	}
	if _, err := inventory.Read(path, nil); err == nil {
		t.Error("a file that is not there was read")
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := inventory.Encode(&b, snapshot()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := inventory.Decode(bytes.NewReader(data), kinds())
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("not one line: %v", err)
			}
			return
		}
		again, err := inventory.Decode(strings.NewReader(encoded(t, s)), kinds())
		if err != nil {
			t.Fatalf("what was read and written cannot be read: %v", err)
		}
		if d := cmp.Diff(encoded(t, s), encoded(t, again)); d != "" {
			t.Error(d)
		}
	})
}
