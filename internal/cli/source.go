package cli

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"surety/internal/assure"
	"surety/internal/inventory"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/services/all"
)

// source reads the account, or the snapshot that the flags name.
func (a *app) source(ctx context.Context, j job) (assure.Reading, error) {
	if j.from != "" {
		return a.fromSnapshot(j)
	}
	return a.fromAWS(ctx, j)
}

// fromSnapshot takes what is judged from a file.
func (a *app) fromSnapshot(j job) (assure.Reading, error) {
	s, err := inventory.Read(j.from, all.Kinds())
	if err != nil {
		return assure.Reading{}, err
	}
	org := profile.Organization{ID: s.Header.Organization}
	switch {
	case j.members != nil:
		org.Accounts = j.members.Accounts
	case assure.NeedsMembers(j.config):
		s.AddGap(resource.Gap{Account: s.Header.Account, Facet: "organizations:ListAccounts", Code: resource.CodeNotCollected,
			Reason: "a snapshot does not hold the organisation's accounts: name them with org_accounts in the configuration"})
		s.Seal()
	}
	return assure.Reading{Snapshot: s, Profile: j.config.Resolve(org, s.Header.Started)}, nil
}

// fromAWS reads the account.
func (a *app) fromAWS(ctx context.Context, j job) (assure.Reading, error) {
	cfg, err := a.awsConfig(ctx, j.home())
	if err != nil {
		return assure.Reading{}, err
	}
	w := a.walk(j, cfg)
	state, stateless := a.state()
	if stateless != nil && j.read.resume {
		return assure.Reading{}, fmt.Errorf("no scan can be taken up: %w", stateless)
	}
	w.State = state
	progress := newProgress(a, j.judgement.Fresh)
	w.Watch = progress.watch()
	ctx, done := a.interruptible(ctx, progress.say)
	defer done()
	got, err := w.Read(ctx)
	progress.end()
	if err != nil {
		return got, err
	}
	if stateless != nil {
		got.Unkept = stateless
	}
	if got.Unkept != nil {
		a.note(fmt.Sprintf("this scan cannot be taken up with --resume: %v", got.Unkept))
	}
	return got, nil
}

// walk puts together what is read for a job.
func (a *app) walk(j job, cfg aws.Config) assure.Walk {
	return assure.Walk{
		AWS: cfg, Readers: j.recorder.readers(cfg), Config: j.config, Members: j.members, Rules: j.rules,
		Facets: j.facets, Regions: j.reading.regions, Only: j.reading.only,
		ID: newID(), Program: program, Qualifiers: j.read.qualifiers, Rate: j.reading.rate, MaxTime: j.read.maxTime, MaxAge: j.recorder.limit(), Resume: j.read.resume,
	}
}

// stopped tells, as the last line, why a scan saw less than it should have, and
// what to do where something of it was kept.
func (a *app) stopped(got assure.Reading) {
	goOn := ""
	if got.Unkept == nil {
		goOn = "; the same command with --resume goes on from here"
	}
	switch stop := got.Stopped; {
	case stop != nil && !(a.quiet && stop.Code == resource.CodeInterrupted):
		fmt.Fprintf(a.Stderr, "stopped early: %s%s\n", oneLine(stop.Reason), goOn)
	case stop == nil && got.GaveUp:
		a.note("some reads were given up, because too many in a row had no answer" + goOn)
	}
}
