package assure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/profile"
	"surety/internal/report"
	"surety/internal/resource"
	"surety/internal/rule"
)

// The sources of a snapshot, as the scan event names them.
const (
	FromAWS      = "aws"
	FromSnapshot = "snapshot"
	FromDemo     = "demo"
)

// Judgement is how a snapshot is to be judged and told.
type Judgement struct {
	Source  string // FromAWS, FromSnapshot or FromDemo
	Rules   []*rule.Rule
	Profile *profile.Profile
	Only    []resource.ID  // judge these and no others; nil: all
	FailOn  rule.RiskLevel // the lowest level that fails the scan; zero: none does
	Limits  []string       // what this version reads for nobody
	// Fresh reports whether a failing check is to be told: with a baseline, one
	// that is not new is left out. Nil tells all.
	Fresh func(*check.Check) bool
	// Ledger accounts for the regions, where the account is one of many.
	Ledger []report.Ledger
	Now    func() time.Time // nil: the end is stamped with the snapshot's own
}

// Tell judges a sealed snapshot and writes its events into sink, from the scan
// to the end; it does not close the sink. The exit code is that of the end
// event. An error means that judging or writing broke off, not that a check
// failed.
func (j Judgement) Tell(ctx context.Context, s *inventory.Snapshot, sink report.Sink) (exit int, err error) {
	t := teller{Judgement: j, sink: sink}
	if err := t.event(report.Event{Scan: t.opening(s)}); err != nil {
		return 0, err
	}
	c := judge.Case{Snapshot: s, Rules: j.Rules, Profile: j.Profile, Now: s.Header.Started, Only: j.Only}
	if err := judge.Run(ctx, c, t.result); err != nil {
		return 0, fmt.Errorf("judging: %w", err)
	}
	for _, g := range slices.Concat(s.Gaps(), t.neverAsked(s)) {
		if err := t.gap(g); err != nil {
			return 0, err
		}
	}
	for _, line := range t.Ledger {
		if err := t.event(report.Event{Ledger: &line}); err != nil {
			return 0, err
		}
	}
	end := t.closing(s)
	return end.Exit, t.event(report.Event{End: end})
}

// teller is one Tell: what it has told so far.
type teller struct {
	Judgement
	sink  report.Sink
	tally report.Tally
	known int // failing checks that are not fresh, and were left out
}

func (t *teller) opening(s *inventory.Snapshot) *report.Scan {
	h := s.Header
	ids := make([]string, len(t.Rules))
	for i, r := range t.Rules {
		ids[i] = r.ID
	}
	return &report.Scan{
		Schema: report.EventSchema, ID: h.ID, Started: h.Started, Source: t.Source, Program: h.Program,
		Partition: h.Partition, Account: h.Account, Regions: h.Regions, RegionsChosen: h.RegionsChosen,
		Qualifiers: h.Qualifiers, Rules: ids,
	}
}

// result tells a resource and then its checks.
func (t *teller) result(r judge.Result) error {
	t.tally.Counts.NotApplicable += r.NotApplicable
	if err := t.event(report.Event{Resource: &r.Ref}); err != nil {
		return err
	}
	for _, c := range r.Checks {
		if c.Status == check.Fail && t.Fresh != nil && !t.Fresh(&c) {
			t.known++
			continue
		}
		t.tally.Check(&c)
		if err := t.event(report.Event{Check: &c}); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) gap(g resource.Gap) error {
	told := &report.Gap{Gap: g, Needed: judge.Needed(g, t.Rules) || bars(g)}
	t.tally.Gap(told)
	return t.event(report.Event{Gap: told})
}

// neverAsked makes the gaps of facets that the rules hang on and that the
// snapshot was not taken with.
func (t *teller) neverAsked(s *inventory.Snapshot) []resource.Gap {
	var missing []resource.Facet
	for _, r := range t.Rules {
		for _, f := range slices.Concat(r.Reads, r.Joins) {
			if !s.Asked(f) {
				missing = append(missing, f)
			}
		}
	}
	slices.Sort(missing)
	var gaps []resource.Gap
	for _, f := range slices.Compact(missing) {
		gaps = append(gaps, resource.Gap{
			Account: s.Header.Account, Facet: f, Code: resource.CodeNotCollected,
			Reason: "the snapshot was taken without it: collect again with the rule enabled, or with --all",
		})
	}
	return gaps
}

func (t *teller) closing(s *inventory.Snapshot) *report.End {
	interrupted := s.Footer.Interrupted
	end := &report.End{
		Finished: s.Footer.Finished, Complete: t.tally.Complete(interrupted), Interrupted: interrupted,
		Counts: t.tally.Counts, Gaps: t.tally.Gaps, Limits: t.Limits, Calls: s.Footer.Calls, Throttled: s.Footer.Throttled,
		Exit: t.tally.Exit(t.FailOn, interrupted), Recorded: s.Footer.Recorded,
	}
	if t.Fresh != nil {
		end.Known = &t.known
	}
	if t.Now != nil {
		end.Finished = t.Now().UTC()
	}
	return end
}

func (t *teller) event(e report.Event) error {
	if err := t.sink.Event(e); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	return nil
}
