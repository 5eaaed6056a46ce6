package remedy_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"surety/internal/plan"
	"surety/internal/remedy"
)

func newPlan(t *testing.T, id string, steps int) *plan.Plan {
	t.Helper()
	p := &plan.Plan{Schema: plan.Schema, ID: id, Created: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Account: "123412341234"}
	for i := range steps {
		p.Steps = append(p.Steps, plan.Step{Action: "set", Resource: "r", Group: string(rune('a' + i)), Before: json.RawMessage(`1`), After: json.RawMessage(`2`), Reversible: true})
	}
	return sealed(t, p)
}

func sealed(t *testing.T, p *plan.Plan) *plan.Plan {
	t.Helper()
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	return p
}

func openJournal(t *testing.T) (*remedy.Files, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "journal")
	j, err := remedy.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	return j, dir
}

// The state of a plan by what its journal holds, in the order of its records.
func TestState(t *testing.T) {
	for _, c := range []struct{ records, want string }{
		{"", remedy.Planned},
		{"start", remedy.Planned},
		{"start begin0", remedy.Partial},
		{"start begin0 done0", remedy.Partial},
		{"start begin0 done0 begin1 done1 end", remedy.Applied},
		{"start begin0 done0 begin1 done1", remedy.Applied},
		{"start refused0 refused1 end", remedy.NotDone},
		{"start failed0 skipped1 end", remedy.NotDone},
		{"start begin0 failed0 skipped1 end", remedy.Partial},   // nobody could read how step 0 is now
		{"start begin0 start skipped0 failed1", remedy.Partial}, // nobody knows how step 0 ended
		{"start begin0 failed0 end start begin0 done0 done1 end", remedy.Applied},
	} {
		j, _ := openJournal(t)
		p := newPlan(t, "p", 2)
		log, err := j.Open(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range strings.Fields(c.records) {
			r := remedy.Record{Kind: remedy.Kind(strings.TrimRight(word, "01")), Step: -1}
			if n := word[len(word)-1]; n == '0' || n == '1' {
				r.Step = int(n - '0')
			}
			if err := log.Append(r); err != nil {
				t.Fatal(err)
			}
		}
		if h, err := j.Read(t.Context(), "p"); err != nil || h.State() != remedy.Applying {
			t.Errorf("%s: it is open, and its state is %v, %v", c.records, h, err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		h, err := j.Read(t.Context(), "p")
		if err != nil || h.State() != c.want {
			t.Errorf("%s: %s, %v, want %s", c.records, h.State(), err, c.want)
		}
	}
}

// A line that a crash cut off is as if it had never been; the next one begins a
// line. Modes keep others out. Damage in the middle is named.
func TestCutOffLine(t *testing.T) {
	j, dir := openJournal(t)
	p := newPlan(t, "p", 1)
	log, err := j.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(log.Append(remedy.Record{Kind: remedy.Begun}), log.Close()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "p.jsonl")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file: %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode of the folder: %v, %v", info.Mode(), err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(whole, `{"at":"2026-11-22T09:00:00Z","event":"do`...), 0o600); err != nil {
		t.Fatal(err)
	}
	if h, err := j.Read(t.Context(), "p"); err != nil || h.State() != remedy.Partial {
		t.Errorf("a line cut off: %v, %v", h, err)
	}
	if log, err = j.Open(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(log.Append(remedy.Record{Kind: remedy.Done}), log.Close()); err != nil {
		t.Fatal(err)
	}
	if h, err := j.Read(t.Context(), "p"); err != nil || h.State() != remedy.Applied || len(h.Records) != 2 {
		t.Errorf("after the next line: %v, %v", h, err)
	}
	if err := os.WriteFile(file, append(whole, "garbled\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := j.List(t.Context()); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("a garbled line: %v", err)
	}
}

func TestOneWriter(t *testing.T) {
	j, _ := openJournal(t)
	p := newPlan(t, "p", 1)
	log, err := j.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Open(t.Context(), p); !errors.Is(err, remedy.ErrBusy) {
		t.Errorf("opened twice: %v", err)
	}
	unlock, err := j.Lock(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Lock(t.Context(), "r"); !errors.Is(err, remedy.ErrBusy) {
		t.Errorf("locked twice: %v", err)
	}
	unlock()
	again, err := j.Lock(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	again()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	other := newPlan(t, "p", 2)
	if _, err := j.Open(t.Context(), other); err == nil || !strings.Contains(err.Error(), "another plan of that id") {
		t.Errorf("another plan of one id: %v", err)
	}
	if _, err := j.Read(context.Background(), "nobody"); !errors.Is(err, remedy.ErrUnknown) {
		t.Errorf("no plan: %v", err)
	}
}
