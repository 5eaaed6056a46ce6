package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// fate is what becomes of a change.
type fate int

const (
	noticed fate = iota
	survives
	broken // it does not build
)

func (f fate) String() string { return [...]string{"noticed", "SURVIVED", "does not build"}[f] }

type result struct {
	mutant mutant
	fate   fate
}

// trial tries changes until as many as are wanted have built.
type trial struct {
	options
	dir string // for overlays

	mu      sync.Mutex
	next    int
	results []result
	broken  int
}

func newTrial(ctx context.Context, o options) (*trial, error) {
	dir, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return nil, fmt.Errorf("making room for the changed sources: %w", err)
	}
	return &trial{options: o, dir: dir}, ctx.Err()
}

// sound makes sure that the tests pass before anything is changed.
func (t *trial) sound(ctx context.Context) error {
	for _, pkg := range []string{"./policy", "./policy/prove"} {
		if out, err := t.test(ctx, 0, pkg, ""); err != nil {
			return fmt.Errorf("the tests of %s fail without any change: %w\n%s", pkg, err, out)
		}
	}
	return nil
}

// tryAll tries the mutants in their order. Those behind the last that is needed
// may be begun, so that every worker has work; they do not count.
func (t *trial) tryAll(ctx context.Context, all []mutant) {
	fates := make([]fate, len(all))
	done := make([]bool, len(all))
	var workers sync.WaitGroup
	for worker := range t.workers {
		workers.Go(func() {
			for {
				i, ok := t.take(len(all), done, fates)
				if !ok || ctx.Err() != nil {
					return
				}
				f := t.try(ctx, worker, all[i])
				t.mu.Lock()
				fates[i], done[i] = f, true
				fmt.Printf("%4d %-14s %s\n", i, f, all[i])
				t.mu.Unlock()
			}
		})
	}
	workers.Wait()
	for i := range all {
		switch {
		case !done[i] || len(t.results) == t.count:
			return
		case fates[i] == broken:
			t.broken++
		default:
			t.results = append(t.results, result{all[i], fates[i]})
		}
	}
}

// take returns the next mutant to try; false once enough have built.
func (t *trial) take(n int, done []bool, fates []fate) (int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	built := 0
	for i := range t.next {
		if !done[i] || fates[i] != broken {
			built++
		}
	}
	if built >= t.count || t.next == n {
		return 0, false
	}
	t.next++
	return t.next - 1, true
}

// try runs the tests of the package that was changed, and for the evaluator
// then those of the prover, which stands on it.
func (t *trial) try(ctx context.Context, worker int, m mutant) fate {
	overlay, err := t.overlay(worker, m)
	if err != nil {
		return broken
	}
	packages := []string{"./policy/prove"}
	if filepath.Dir(m.file) == "policy" {
		packages = []string{"./policy", "./policy/prove"}
	}
	for _, pkg := range packages {
		_, err := t.test(ctx, worker, pkg, overlay)
		switch {
		case err == nil:
			continue
		case errors.Is(err, errBroken):
			return broken
		}
		return noticed
	}
	return survives
}

// overlay writes the changed source and the file that puts it in place.
func (t *trial) overlay(worker int, m mutant) (string, error) {
	at, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	changed := filepath.Join(t.dir, fmt.Sprintf("%d.go", worker))
	if err := os.WriteFile(changed, m.apply(), 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {at: changed}})
	if err != nil {
		return "", err
	}
	name := filepath.Join(t.dir, fmt.Sprintf("%d.json", worker))
	return name, os.WriteFile(name, text, 0o600)
}

// errBroken is the error of sources that do not build.
var errBroken = errors.New("does not build")

// rounds are the tests that run one after the other: first those that notice
// most changes in the least time, and each only against what is still unnoticed.
var rounds = [...]string{
	"-test.run=^TestExamples$",
	"-test.run=^TestAnswersStayAsTheyAre$",
	"-test.skip=^(TestExamples|TestAnswersStayAsTheyAre)$",
}

// test builds the tests of one package and runs them, fewer random ones than
// usual.
func (t *trial) test(ctx context.Context, worker int, pkg, overlay string) ([]byte, error) {
	binary := filepath.Join(t.dir, fmt.Sprintf("%d.test", worker))
	args := []string{"test", "-c", "-o", binary}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	if out, err := exec.CommandContext(ctx, "go", append(args, pkg)...).CombinedOutput(); err != nil {
		return out, errors.Join(errBroken, ctx.Err())
	}
	for _, which := range rounds {
		run := exec.CommandContext(ctx, binary, which, "-test.failfast", "-test.timeout="+t.limit.String(),
			"-rapid.checks=60", "-rapid.nofailfile", "-rapid.shrinktime=1ms", "-rapid.seed=1")
		run.Dir = filepath.FromSlash(pkg)
		if out, err := run.CombinedOutput(); err != nil {
			return out, errors.Join(err, ctx.Err())
		}
	}
	return nil, nil
}
