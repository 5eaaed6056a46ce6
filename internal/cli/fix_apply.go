package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"surety/internal/aws/identity"
	"surety/internal/plan"
	"surety/internal/remedy"
	"surety/services/all"
)

func newFixApply(a *app) *cobra.Command {
	var f guardFlags
	var j journalFlag
	var resume bool
	c := &cobra.Command{
		Use: "apply PLAN", Short: "Do what a plan says, and nothing else",
		Long: `Apply shows the plan, asks, and does its steps in order. A step is done only
while its resource is as the plan found it; an unrelated deployment that moves
nothing but the revision does not matter. After each step the resource is read
back and judged again. What happened is in the journal, also when the program is
killed.

PLAN is a file that fix plan wrote, or the id of a plan of the journal.`,
		Example: `  surety fix apply plan.json
  surety fix apply 20261122-021545-1f0c --yes
  surety fix apply plan.json --resume         # go on after an interruption`,
		Args: takes("the plan"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			journal, err := j.open(a)
			if err != nil {
				return err
			}
			p, err := a.findPlan(c.Context(), journal, args[0])
			if err != nil {
				return err
			}
			return a.apply(c.Context(), journal, p, &f, resume)
		},
	}
	f.add(c.Flags())
	j.add(c.Flags())
	c.Flags().BoolVar(&resume, "resume", false, "go on with a plan that was begun and not finished")
	c.Flags().BoolVar(&f.irreversible, "accept-irreversible", false, "do steps too that cannot be undone")
	c.Flags().BoolVar(&f.loss, "accept-loss", false, "do steps too that take permissions away from a function")
	return c
}

// apply shows a plan, asks for consent and applies it.
func (a *app) apply(ctx context.Context, journal remedy.Journal, p *plan.Plan, f *guardFlags, resume bool) error {
	if err := a.showPlan(p, nil); err != nil {
		return err
	}
	if len(p.Steps) == 0 {
		if p.Undoes != "" && len(p.Refused) > 0 {
			return exitCode(exitCannot)
		}
		return nil
	}
	if age := a.Now().Sub(p.Created); age >= staleAfter {
		fmt.Fprintf(a.Stdout, "this plan is %d days old: whom you trusted since, and what was used since, is not in it\n", int(age/(24*time.Hour)))
	}
	if lasting := irreversible(p); lasting > 0 && !f.irreversible {
		return fmt.Errorf("steps that cannot be undone: %d; say --accept-irreversible if they shall be done all the same", lasting)
	}
	if n := lost(p); n > 0 && !f.loss {
		return fmt.Errorf("permissions that would be lost: %d, listed above; say --accept-loss if they shall go all the same", n)
	}
	cfg, err := a.awsConfig(ctx, homeOf(p))
	if err != nil {
		return err
	}
	if err := sameAccount(ctx, cfg, p); err != nil {
		return err
	}
	if !f.yes && !a.consent(len(p.Steps)) {
		return &exitError{code: exitNoConsent, err: errors.New("nothing was applied: nobody consented; answer yes, or use --yes")}
	}
	ctx, done := a.betweenSteps(ctx)
	defer done()
	applier := remedy.Applier{Journal: journal, Actors: all.Actors(cfg), Guard: remedy.Guard(f.guard), Now: a.Now,
		Tell: func(i int, r remedy.Record) { a.tellStep(p, i, r) }}
	result, err := applier.Apply(ctx, p, resume)
	if err != nil {
		return err
	}
	return a.applied(p, result)
}

// homeOf is a region of the plan's own partition, for who named none: credentials
// are good in one partition only.
func homeOf(p *plan.Plan) string {
	for _, s := range p.Steps {
		if parts := strings.SplitN(string(s.Resource), ":", 6); len(parts) == 6 && parts[3] != "" {
			return parts[3]
		}
	}
	return firstRegion
}

// sameAccount refuses credentials of another account than the plan's, where
// functions may have the same names.
func sameAccount(ctx context.Context, cfg aws.Config, p *plan.Plan) error {
	who, err := identity.Get(ctx, cfg)
	if err != nil {
		return err
	}
	if who.Account != p.Account {
		return fmt.Errorf("the plan is for account %s and these credentials are of %s: use those of the plan's account", oneLine(string(p.Account)), who.Account)
	}
	return nil
}

// staleAfter is the age from which a plan says how old it is. That resources are as
// it found them does not make its trust zone and its data of use today's.
const staleAfter = 48 * time.Hour

func irreversible(p *plan.Plan) int {
	n := 0
	for _, s := range p.Steps {
		if !s.Reversible {
			n++
		}
	}
	return n
}

// lost counts the permissions that the steps of a plan take away.
func lost(p *plan.Plan) int {
	n := 0
	for _, s := range p.Steps {
		n += len(s.Lost)
	}
	return n
}

// consent asks a person; nobody at a terminal is no.
func (a *app) consent(steps int) bool {
	if !a.TerminalErr {
		return false
	}
	fmt.Fprintf(a.Stderr, "Apply this plan (steps: %d)? Only yes is a yes: ", steps)
	answer, _ := bufio.NewReader(a.Stdin).ReadString('\n') // no line is no answer
	return strings.TrimSpace(answer) == "yes"
}

// betweenSteps returns a context that the first interrupt ends, so that nothing
// more is begun after the step that is on its way; the second one ends the
// process at once. The caller calls done at the end.
func (a *app) betweenSteps(ctx context.Context) (_ context.Context, done func()) {
	if a.Interrupts == nil {
		return ctx, func() {}
	}
	signals, restore := a.Interrupts()
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		for first := true; ; first = false {
			select {
			case <-over:
				return
			case <-signals:
			}
			if !first {
				a.Abort(exitAborted)
			}
			cancel()
			a.note("interrupted: stopping after this step; a second interrupt ends at once, and the journal still tells what was done")
		}
	}()
	return ctx, func() { close(over); restore(); cancel() }
}

func (a *app) tellStep(p *plan.Plan, i int, r remedy.Record) {
	s := p.Steps[i]
	line := fmt.Sprintf("%-8s %d/%d %s %s", r.Kind, i+1, len(p.Steps), s.Call.API, place(s))
	if r.Why != "" {
		line += ": " + r.Why
	}
	fmt.Fprintln(a.Stdout, oneLine(line))
}

// applied sums up what came of a plan, in words and as the exit status.
func (a *app) applied(p *plan.Plan, r remedy.Result) error {
	if r.Already {
		_, err := fmt.Fprintf(a.Stdout, "plan %s was applied before: nothing was done\n", p.ID)
		return err
	}
	if _, err := fmt.Fprintf(a.Stdout, "plan %s: %d done, %d refused, %d failed, %d left alone\n", p.ID, r.Done, r.Refused, r.Failed, r.Skipped); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	if r.Failed+r.Refused+r.Skipped > 0 {
		fmt.Fprintf(a.Stdout, "to try again what was not done: surety fix apply %s --resume\n", p.ID)
	}
	if r.Done > 0 && p.Undoes == "" && irreversible(p) < len(p.Steps) {
		fmt.Fprintf(a.Stdout, "to undo it: surety fix rollback %s\n", p.ID)
	}
	switch {
	case r.Failed > 0:
		return exitCode(exitCannot)
	case r.Refused+r.Skipped > 0 || p.Undoes != "" && len(p.Refused) > 0:
		return exitCode(exitRefused)
	}
	return nil
}
