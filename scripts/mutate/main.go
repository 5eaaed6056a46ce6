// Command mutate asks what the tests of the evaluator and the prover are worth.
// It changes their sources in one small way at a time (a condition negated, < for
// <=, a statement left out …), runs the tests against each change and counts the
// changes that they notice. The checkout is never touched: a change is an overlay.
//
// usage: go run ./scripts/mutate [-n 200] [-seed 1] [-workers 2] [-only walk.go]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

// goal is the share of changes, in percent, that tests must notice.
const goal = 90

type options struct {
	count, workers int
	seed           uint64
	only, again    string
	limit          time.Duration
	list           bool
}

func main() {
	var o options
	flag.IntVar(&o.count, "n", 200, "how many `changes` that build to try")
	flag.IntVar(&o.workers, "workers", 2, "how many to try at a time")
	flag.Uint64Var(&o.seed, "seed", 1, "which changes: the same seed picks the same of the same sources")
	flag.StringVar(&o.only, "only", "", "change only files whose path holds this `text`")
	flag.DurationVar(&o.limit, "limit", 2*time.Minute, "how long the tests of one package may run against one change")
	flag.StringVar(&o.again, "again", "", "try only the changes that survived in the output of an earlier run, kept in this `file`")
	flag.BoolVar(&o.list, "list", false, "name the changes that would be tried first, and stop")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	var all []mutant
	for _, dir := range []string{"policy", "policy/prove"} {
		found, err := mutants(dir, o.only)
		if err != nil {
			return fmt.Errorf("reading %s: %w", dir, err)
		}
		all = append(all, found...)
	}
	shuffle(all, o.seed)
	if o.again != "" {
		before, err := os.ReadFile(o.again)
		if err != nil {
			return fmt.Errorf("reading the earlier run: %w", err)
		}
		all = survivors(all, string(before))
	}
	fmt.Printf("%d changes can be made; trying %d of them that build (seed %d)\n", len(all), min(o.count, len(all)), o.seed)
	if o.list {
		for _, m := range all[:min(o.count, len(all))] {
			fmt.Println(m)
		}
		return nil
	}
	t, err := newTrial(ctx, o)
	if err != nil {
		return err
	}
	defer os.RemoveAll(t.dir)
	if err := t.sound(ctx); err != nil {
		return err
	}
	t.tryAll(ctx, all)
	if err := ctx.Err(); err != nil {
		return err
	}
	return t.report()
}

// report prints what survived and whether that is too much.
func (t *trial) report() error {
	var survived []string
	for _, r := range t.results {
		if r.fate == survives {
			survived = append(survived, r.mutant.String())
		}
	}
	tried := len(t.results)
	if tried == 0 {
		return fmt.Errorf("no change could be tried")
	}
	share := 100 * float64(tried-len(survived)) / float64(tried)
	fmt.Printf("\n%d of %d changes noticed (%.1f %%); %d more did not build\n", tried-len(survived), tried, share, t.broken)
	if len(survived) > 0 {
		fmt.Printf("not noticed:\n  %s\n", strings.Join(survived, "\n  "))
	}
	if share < goal {
		return fmt.Errorf("fewer than %d %% of the changes were noticed", goal)
	}
	return nil
}
