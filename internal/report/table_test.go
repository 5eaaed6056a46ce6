package report_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"surety/internal/report"
)

var update = flag.Bool("update", false, "write what comes out into testdata")

func TestTable(t *testing.T) {
	files, err := filepath.Glob("testdata/table/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := table(t, part(archive, "events.jsonl"), string(part(archive, "flags")))
			if *update {
				archive.Files[2].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(part(archive, "want")), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func table(t interface{ Fatal(...any) }, events []byte, flags string) string {
	var out bytes.Buffer
	sink := report.NewTable(&out, report.TableOptions{
		Color: strings.Contains(flags, "color"), All: strings.Contains(flags, "all"), Ungrouped: strings.Contains(flags, "ungrouped"),
		Titles: map[string]string{"Lambda-002": "Function can be invoked by an unknown account", "Lambda-006": "Execution role is shared with another function"},
	})
	if err := report.Decode(bytes.NewReader(events), sink.Event); err != nil && !errors.Is(err, report.ErrCutOff) {
		t.Fatal(err)
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func part(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// TestHarmless: whatever a name holds, what is printed has no controls, no
// marks that turn text around, and only good UTF-8; plain text stays.
func TestHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		got := report.Harmless(s)
		for _, r := range got {
			if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffd || r == 0xfeff {
				t.Fatalf("%q became %q, which holds %U", s, got, r)
			}
		}
	})
	for in, want := range map[string]string{
		"orders":          "orders",
		"größe 日本":        "größe 日本",
		"a\x1b[31mb":      `a\u{1b}[31mb`,
		"a\u202eb":        `a\u{202e}b`,
		"a\xffb":          `a\xffb`,
		"a\nb\tc":         `a\u{a}b\u{9}c`,
		"e\u0301":         `e\u{301}`,
		"\u2066x\u2069":   `\u{2066}x\u{2069}`,
		"tag\U000e0041":   `tag\u{e0041}`,
		"replaced \ufffd": `replaced \u{fffd}`,
	} {
		if got := report.Harmless(in); got != want {
			t.Errorf("Harmless(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestWrap: no text and no room, not even none, loses a character or goes on for ever.
func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := report.Harmless(rapid.String().Draw(t, "text"))
		room := rapid.IntRange(-3, 20).Draw(t, "room")
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		lines := report.Wrap(text, room)
		if got := bare(strings.Join(lines, "")); got != bare(text) {
			t.Fatalf("%q in %d columns became %q", text, room, lines)
		}
		for _, line := range lines {
			if n := len([]rune(line)); n > max(room, 1) {
				t.Fatalf("%q has %d characters, for %d columns", line, n, room)
			}
		}
	})
}

// TestTableWithoutRoom: a file that somebody else wrote may name a type, or begin
// a cause, with more than a line's width.
func TestTableWithoutRoom(t *testing.T) {
	long := strings.Repeat("x", 3000)
	got := table(t, []byte(`{"scan":{"schema":1,"id":"a","started":"2026-11-22T00:00:00Z","source":"aws","program":"p","partition":"aws","account":"123412341234","regions":[],"regions_chosen":false,"qualifiers":"all","rules":[]}}
{"check":{"id":"1","rule":"R","name":"r","status":"fail","risk":"low","resource":"arn:`+long+`","type":"a.`+long+`","account":"123412341234","region":"`+long+`","message":"m","evidence":{},"causes":[{"text":"`+strings.Repeat(" ", 200)+`stranger","detail":"`+long+`"}]}}
`), "")
	for line := range strings.Lines(got) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > report.Width {
			t.Errorf("a line of %d columns: %.100s", n, line)
		}
	}
	if !strings.Contains(got, "stranger") {
		t.Errorf("the cause is gone: %s", got)
	}
}
