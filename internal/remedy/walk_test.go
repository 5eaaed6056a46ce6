package remedy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"surety/internal/plan"
	"surety/internal/remedy"
	"surety/internal/resource"
)

// shelf is a service of things that hold one number each, "" for a thing that
// cannot be read.
type shelf struct {
	holds map[string]string
	dies  bool // the next write takes effect and then the program dies
}

// died is what the program's end looks like to a test.
type died struct{}

func (*shelf) Describe(s *plan.Step) error { s.Call.API, s.Reversible = "shelf:Put", true; return nil }

func (v *shelf) Read(_ context.Context, s plan.Step) (remedy.State, error) {
	if v.holds[string(s.Resource)] == "" {
		return remedy.State{}, errors.New("there is no such thing")
	}
	return remedy.State{Content: json.RawMessage(v.holds[string(s.Resource)])}, nil
}

func (*shelf) Same(a, b json.RawMessage) bool { return string(a) == string(b) }

func (v *shelf) Write(_ context.Context, s plan.Step, _ string) error {
	v.holds[string(s.Resource)] = string(s.After)
	if v.dies {
		panic(died{})
	}
	return nil
}

func (*shelf) Judge(plan.Step, json.RawMessage) error { return nil }

// stage is a journal, a shelf, and the plans that were made.
type stage struct {
	*shelf
	dir   string
	files *remedy.Files
	plans map[string]*plan.Plan
}

func (g *stage) apply(p *plan.Plan, resume bool) (said string) {
	defer func() {
		if end := recover(); end != nil {
			if _, is := end.(died); !is {
				panic(end)
			}
			g.dies, said = false, "died"
		}
	}()
	a := remedy.Applier{Journal: g.files, Actors: map[string]remedy.Actor{"put": g.shelf}, Now: func() time.Time { return p.Created }}
	r, err := a.Apply(context.Background(), p, resume)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d done, %d refused, %d failed, already %v", r.Done, r.Refused, r.Failed, r.Already)
}

// do carries out one line of a story and says what came of it.
func (g *stage) do(t *testing.T, words []string) string {
	t.Helper()
	switch words[0] {
	case "plan": // plan NAME THING…: each from 1 to 2
		p := &plan.Plan{Schema: plan.Schema, ID: words[1], Account: "123412341234", Created: time.Date(2026, 11, 22, 9, len(g.plans), 0, 0, time.UTC)}
		for _, thing := range words[2:] {
			p.Steps = append(p.Steps, plan.Step{Action: "put", Resource: resource.ID(thing), Group: thing, Before: json.RawMessage(`1`), After: json.RawMessage(`2`), Reversible: true, Loses: []string{"stranger"}, Lost: []string{"s3:GetObject"}})
		}
		g.plans[words[1]] = sealed(t, p)
	case "apply", "resume":
		return g.apply(g.plans[words[1]], words[0] == "resume")
	case "rollback": // rollback NAME NEW
		h, err := g.files.Read(t.Context(), words[1])
		if err != nil {
			t.Fatal(err)
		}
		back, err := remedy.Rollback(t.Context(), h, map[string]remedy.Actor{"put": g.shelf})
		if err != nil {
			return err.Error()
		}
		said := ""
		for _, s := range back.Steps {
			said += fmt.Sprintf("%s loses %v %v gains %v %v notes %d; ", s.Resource, s.Loses, s.Lost, s.Gains, s.Regains, len(s.Warnings))
		}
		for _, r := range back.Refused {
			said += fmt.Sprintf("%s: %s; ", r.Resource, r.Why)
		}
		back.ID, back.Created = words[2], time.Date(2026, 11, 22, 9, len(g.plans), 0, 0, time.UTC)
		g.plans[words[2]] = sealed(t, back)
		if len(back.Steps) == 0 {
			return said + "nothing to do"
		}
		return said + g.apply(back, false)
	case "set":
		g.holds[words[1]] = words[2]
	case "lose":
		g.holds[words[1]] = ""
	case "holds":
		return g.holds[words[1]]
	case "die":
		g.dies = true
	case "garble":
		if err := os.WriteFile(filepath.Join(g.dir, words[1]+".jsonl"), []byte("garbled\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	case "state":
		h, err := g.files.Read(t.Context(), words[1])
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s %d/%d", h.State(), h.Count(remedy.Done), len(h.Plan.Steps))
	default:
		t.Fatalf("no such word: %q", words)
	}
	return ""
}

// What plans, their ways back and other people do to the same things, told as
// stories: a command a line, and behind the colon part of what comes of it.
func TestStories(t *testing.T) {
	for name, story := range map[string]string{
		"one thing that is gone keeps nothing else from going back": `
			plan p a b c
			apply p: 3 done
			lose b
			rollback p q: b: it stays as it is, and so does what the plan did before for the same function: there is no such thing; 2 done
			holds a: 1
			holds c: 1
			state q: applied 2/2
			state p: partial 3/3
			set b 2
			rollback p r: 1 done
			state p: rolled-back`,
		"what was so already is not undone": `
			plan p a
			plan q a
			apply p: 1 done
			apply q: 1 done
			state q: applied
			rollback q r: nothing to do
			holds a: 2
			rollback p s: 1 done
			holds a: 1`,
		"what was rolled back is not applied again": `
			plan p a b
			apply p: 2 done
			rollback p q: a loses [] [] gains [stranger] [s3:GetObject] notes 0; 2 done
			apply p: plan p was rolled back by plan q since it was applied: make a new plan
			resume p: plan p was rolled back by plan q since it was applied: make a new plan
			holds a: 1
			rollback p r: nothing to do`,
		"a rollback that is rolled back leaves the plan applied, and tells who loses again": `
			plan p a
			apply p: 1 done
			rollback p q: 1 done
			state p: rolled-back
			rollback q r: a loses [stranger] [s3:GetObject] gains [] [] notes 0; 1 done
			holds a: 2
			state q: rolled-back
			state p: applied
			apply p: 1 done, 0 refused, 0 failed, already true
			rollback p s: 1 done
			state p: rolled-back
			holds a: 1`,
		"what was begun and changed by somebody else is not said to be untouched": `
			plan p a
			die
			apply p: died
			state p: partial 0/1
			set a 9
			resume p: 0 done, 1 refused
			state p: partial 0/1
			rollback p q: notes 1; 0 done, 1 refused
			holds a: 9
			state p: partial
			set a 2
			rollback p r: notes 0; 1 done
			holds a: 1
			state p: rolled-back`,
		"what was refused before anything was written is": `
			plan p a
			set a 9
			apply p: 0 done, 1 refused
			state p: failed
			rollback p q: nothing to do`,
		"a file that cannot be read hides no other": `
			plan p a
			apply p: 1 done
			garble x
			state p: applied
			state x: x.jsonl line 1: it is no journal of a plan
			rollback p q: 1 done
			state p: rolled-back`,
		"plans that claim to undo each other": `
			plan p a
			apply p: 1 done
			rollback p q: 1 done
			rollback q r: 1 done
			rollback r s: 1 done
			state r: rolled-back
			state q: applied
			state p: rolled-back`,
	} {
		t.Run(name, func(t *testing.T) {
			files, dir := openJournal(t)
			g := &stage{shelf: &shelf{holds: map[string]string{"a": "1", "b": "1", "c": "1"}}, dir: dir, files: files, plans: map[string]*plan.Plan{}}
			for line := range strings.Lines(strings.TrimSpace(story)) {
				command, want, _ := strings.Cut(strings.TrimSpace(line), ": ")
				if said := g.do(t, strings.Fields(command)); !strings.Contains(said, want) {
					t.Errorf("%s: %q, want %q", command, said, want)
				}
			}
		})
	}
}

// Whatever is applied, resumed, rolled back, cut off and changed by others, in
// whatever order: what others wrote stays until they change it, nothing is said to
// be applied that is not, and what is said to be planned or failed left no trace.
func TestAnyStory(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		files, err := remedy.OpenFiles(filepath.Join(dir, "journal"))
		if err != nil {
			t.Fatal(err)
		}
		g := &stage{shelf: &shelf{holds: map[string]string{"a": "1", "b": "1"}}, dir: dir, files: files, plans: map[string]*plan.Plan{}}
		g.do(t, strings.Fields("plan p a b"))
		g.do(t, strings.Fields("plan q b a"))
		theirs := map[string]string{}
		var told []string
		for range rapid.IntRange(1, 12).Draw(r, "length") {
			var words []string
			names := slices.Sorted(maps.Keys(g.plans))
			name := rapid.SampledFrom(names).Draw(r, "plan")
			switch verb := rapid.SampledFrom([]string{"apply", "resume", "die", "rollback", "set"}).Draw(r, "verb"); verb {
			case "die":
				g.dies, words = true, []string{"apply", name}
			case "rollback":
				if _, err := files.Read(t.Context(), name); err != nil {
					continue // nothing is known of it yet
				}
				words = []string{verb, name, fmt.Sprintf("r%d", len(names))}
			case "set":
				thing, value := rapid.SampledFrom([]string{"a", "b"}).Draw(r, "thing"), rapid.SampledFrom([]string{"1", "9"}).Draw(r, "value")
				theirs[thing], words = value, []string{verb, thing, value}
			default:
				words = []string{verb, name}
			}
			said := g.do(t, words)
			g.dies = false
			told = append(told, strings.Join(words, " ")+": "+said)
			for thing, value := range theirs {
				if value == "9" && g.holds[thing] != "9" {
					r.Fatalf("somebody else's %s is gone:\n%s", thing, strings.Join(told, "\n"))
				}
			}
			if words[0] == "apply" && strings.Contains(said, "2 done, 0 refused, 0 failed, already false") && g.plans[words[1]].Undoes == "" && (g.holds["a"] != "2" || g.holds["b"] != "2") {
				r.Fatalf("it is not applied, %v:\n%s", g.holds, strings.Join(told, "\n"))
			}
		}
		h, err := files.Read(t.Context(), "p")
		if err != nil || h.State() != remedy.Planned && h.State() != remedy.NotDone {
			return
		}
		if said := g.do(t, []string{"rollback", "p", "last"}); !strings.HasSuffix(said, "nothing to do") {
			r.Fatalf("p is %s, and there is something to undo: %s\n%s", h.State(), said, strings.Join(told, "\n"))
		}
	})
}

// A folder that holds other things is not taken for a journal and keeps its mode.
func TestForeignFolder(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(filepath.Join(dir, "letter"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := remedy.OpenFiles(dir); err == nil || !strings.Contains(err.Error(), "name a folder of its own") {
		t.Errorf("a folder with a letter in it: %v", err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("its mode: %v, %v", info.Mode(), err)
	}
}
