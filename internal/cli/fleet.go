package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"surety/internal/assure"
	"surety/internal/check"
	"surety/services/all"
)

// visit reads every account of a job's scope and gives each to hear, one at a
// time. Hear reports whether something failed there.
func (a *app) visit(ctx context.Context, j job, hear func(assure.Visit) (failing bool, err error)) (assure.Discovery, error) {
	f, d, err := a.fleetOf(ctx, j)
	if err != nil {
		return d, err
	}
	told := &fleetProgress{progress: newProgress(a, j.judgement.Fresh)}
	told.begin(d)
	f.Progress = told.done
	f.Anew = func() {
		told.say("nothing to go on with: no unfinished scan of these accounts was kept; this one begins anew")
	}
	if a.live() {
		f.Walk.Watch.Proven = told.proven
	}
	ctx, done := a.interruptible(ctx, told.say)
	defer done()
	end := loose{kept: f.Walk.State != ""}
	err = f.Visit(ctx, func(v assure.Visit) error {
		failing, err := hear(v)
		if failing {
			told.failing++
		}
		end.add(v)
		return err
	})
	told.end()
	if err == nil {
		end.tell(a)
	}
	return d, err
}

// fleetOf finds the accounts of a job's scope.
func (a *app) fleetOf(ctx context.Context, j job) (assure.Fleet, assure.Discovery, error) {
	cfg, err := a.awsConfig(ctx, j.home())
	if err != nil {
		return assure.Fleet{}, assure.Discovery{}, err
	}
	d, err := j.scope.Discover(ctx, cfg)
	if err != nil {
		return assure.Fleet{}, d, err
	}
	w := a.walk(j, cfg)
	if d.Organization != nil {
		w.Members = d.Organization
	}
	if w.State, err = a.state(); err != nil {
		if j.read.resume {
			return assure.Fleet{}, d, fmt.Errorf("no scan can be taken up: %w", err)
		}
		a.note(fmt.Sprintf("this scan cannot be taken up with --resume: %v", err))
	}
	return assure.Fleet{
		Members: d.Members, Partition: d.Who.Partition, Walk: w, AtOnce: j.fleet.atOnce, Kinds: all.Kinds(),
		Profile: func(ctx context.Context, name string) (aws.Config, error) {
			return a.awsConfig(ctx, j.home(), config.WithSharedConfigProfile(name))
		},
	}, d, nil
}

// scanFleet judges every account as it is read and tells of it at once.
func (a *app) scanFleet(ctx context.Context, j job, out *target) error {
	sink := j.out.sink(a, out)
	exit, warned := exitOK, false
	_, err := a.visit(ctx, j, func(v assure.Visit) (bool, error) {
		if !warned {
			a.warnExpired(v.Profile)
			warned = true
		}
		one := j.judgement
		one.Profile, one.Ledger = v.Profile, v.Ledger
		// What was read is told even when the scan was interrupted.
		code, err := one.Tell(context.WithoutCancel(ctx), v.Snapshot, sink)
		exit = worse(exit, code)
		return code == exitFail, err
	})
	if err != nil {
		return err
	}
	if err := sink.Close(); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	if err := out.keep(); err != nil {
		return err
	}
	return exitCode(exit)
}

// worse joins the exit codes of two accounts: a failing check wins over what was
// not seen, and that over nothing.
func worse(a, b int) int {
	if a == exitFail || b == exitFail {
		return exitFail
	}
	return max(a, b)
}

// fleetProgress tells how a scan of many accounts goes.
type fleetProgress struct {
	*progress
	failing int // accounts
}

func (p *fleetProgress) begin(d assure.Discovery) {
	left := 0
	for _, m := range d.Members {
		if m.Left != nil {
			left++
		}
	}
	text := "reading " + count(len(d.Members)-left, "account")
	if d.Organization != nil {
		text += " of organization " + d.Organization.ID
	}
	if left > 0 {
		text += fmt.Sprintf("; %d left out", left)
	}
	if !p.quiet {
		p.line(text)
	}
}

func (p *fleetProgress) done(g assure.FleetProgress) {
	if p.quiet {
		return
	}
	text := fmt.Sprintf("%d of %s done", g.Done, count(g.Accounts, "account"))
	if g.Failed > 0 {
		text += fmt.Sprintf(", %d not entered", g.Failed)
	}
	if p.failing > 0 {
		text += fmt.Sprintf(", %d failing", p.failing)
	}
	text += fmt.Sprintf(", %s, %s", count(g.Resources, "resource"), count(g.Calls, "call"))
	if g.Throttled > 0 {
		text += fmt.Sprintf(", %d throttled", g.Throttled)
	}
	if g.Left > time.Second {
		text += ", about " + roughly(g.Left) + " left"
	}
	p.current(text)
}

// proven names the account too: they come mixed.
func (p *fleetProgress) proven(c check.Check) {
	p.fails(c, fmt.Sprintf("%s %s", c.Account, c.Region))
}

// loose counts what a later run could still read.
type loose struct {
	barred, stopped int
	kept            bool // there is a place for what was read
	unkept          error
}

func (l *loose) add(v assure.Visit) {
	switch {
	case v.Barred != nil:
		l.barred++
	case v.Stopped != nil || v.GaveUp:
		l.stopped++
	}
	if l.unkept == nil {
		l.unkept = v.Unkept
	}
}

func (l *loose) tell(a *app) {
	if l.barred+l.stopped > 0 {
		text := fmt.Sprintf("%s could not be entered, %d were not read to their end: the ledger says why", count(l.barred, "account"), l.stopped)
		if l.kept && l.unkept == nil {
			text += "; the same command with --resume reads only those"
		}
		a.note(text)
	}
	if l.unkept != nil {
		a.note(fmt.Sprintf("this scan cannot be taken up whole with --resume: %v", l.unkept))
	}
}
