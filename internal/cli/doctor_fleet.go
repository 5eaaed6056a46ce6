package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"surety/internal/assure"
	"surety/internal/collect"
)

// doctorFleet says who can be reached, who cannot and why, and what a scan of
// all will cost.
func (a *app) doctorFleet(ctx context.Context, j job) error {
	f, d, err := a.fleetOf(ctx, j)
	if err != nil {
		return err
	}
	sum := fleetFindings{trials: map[trialKey]*trialGroup{}, barred: map[string]*trialGroup{}, left: map[string]*trialGroup{}}
	ctx, done := a.interruptible(ctx, a.note)
	defer done()
	if err := f.Diagnose(ctx, sum.add); err != nil {
		return err
	}
	if _, err := io.WriteString(a.Stdout, sum.text(d, j)); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	if sum.missing {
		return exitCode(exitIncomplete)
	}
	return nil
}

// fleetFindings sums up the diagnoses of many accounts.
type fleetFindings struct {
	entered int
	missing bool
	barred  map[string]*trialGroup // by code
	left    map[string]*trialGroup // by reason
	trials  map[trialKey]*trialGroup
	cost    collect.Probed // of all
	slowest time.Duration  // of one account
	all     time.Duration  // of all, one after the other
}

type trialKey struct{ facet, code string }

type trialGroup struct {
	accounts []string
	regions  map[string]bool
	reason   string // of the first
}

func (g *trialGroup) add(m assure.Member, region, reason string) *trialGroup {
	if g == nil {
		g = &trialGroup{regions: map[string]bool{}, reason: reason}
	}
	if name := memberName(m); !slices.Contains(g.accounts, name) {
		g.accounts = append(g.accounts, name)
	}
	g.regions[region] = true
	return g
}

func memberName(m assure.Member) string {
	if m.Name == "" {
		return string(m.Account)
	}
	return fmt.Sprintf("%s (%s)", m.Account, m.Name)
}

func (s *fleetFindings) add(d assure.MemberDiagnosis) {
	switch {
	case d.Left != nil:
		s.left[d.Left.Reason] = s.left[d.Left.Reason].add(d.Member, "", d.Left.Reason)
		return
	case d.Barred != nil:
		s.missing = true
		key := string(d.Barred.Facet) + ": " + d.Barred.Code
		s.barred[key] = s.barred[key].add(d.Member, "", d.Barred.Reason)
		return
	}
	s.entered++
	var longest time.Duration
	for _, p := range d.Probed {
		for _, t := range p.Trials {
			key, reason := trialKey{facet: string(t.Facet)}, ""
			if t.Fault != nil {
				s.missing = true
				key.code, reason = t.Fault.Code, t.Fault.Reason
			}
			s.trials[key] = s.trials[key].add(d.Member, placeName(p), reason)
		}
		s.cost.Resources += p.Resources
		s.cost.Calls += p.Calls
		s.cost.More = s.cost.More || p.More
		longest = max(longest, p.Time)
	}
	s.slowest = max(s.slowest, longest)
	s.all += longest
}

func (s *fleetFindings) text(d assure.Discovery, j job) string {
	var b strings.Builder
	fmt.Fprintf(&b, "caller        %s, as %s\n", d.Who.Account, oneLine(d.Who.ARN))
	if d.Organization != nil {
		fmt.Fprintf(&b, "organisation  %s\n", d.Organization.ID)
	}
	left, barred := accountsOf(s.left), accountsOf(s.barred)
	fmt.Fprintf(&b, "accounts      %d: %d reachable, %d not, %d left out\n", len(d.Members), s.entered, barred, left)
	writeGroups(&b, "\nnot reachable", s.barred)
	writeGroups(&b, "\nleft out", s.left)
	b.WriteString("\npermissions\n")
	keys := slices.SortedFunc(maps.Keys(s.trials), func(x, y trialKey) int {
		return cmp.Or(strings.Compare(x.facet, y.facet), strings.Compare(x.code, y.code))
	})
	for _, key := range keys {
		g := s.trials[key]
		if key.code == "" {
			fmt.Fprintf(&b, "  ok       %-38s %s\n", key.facet, count(len(g.accounts), "account"))
			continue
		}
		slices.Sort(g.accounts)
		fmt.Fprintf(&b, "  MISSING  %-38s %s in %s\n           %s: %s\n           %s\n", key.facet, count(len(g.accounts), "account"),
			places(slices.Sorted(maps.Keys(g.regions))), key.code, oneLine(g.reason), oneLine(strings.Join(g.accounts, ", ")))
	}
	// Accounts are read side by side, each as slowly as its quotas make it.
	s.cost.Time = max(s.slowest, s.all/time.Duration(j.fleet.atOnce))
	fmt.Fprintf(&b, "\ncost of a scan\n  %-20s %s (rate %s, %d accounts at a time)\n", "in all", costOf(s.cost), j.reading.rate, j.fleet.atOnce)
	if s.missing {
		b.WriteString("\nWhat is refused above will be unknown, never a pass. The role that accounts need:\nsurety onboard cloudformation; what the caller needs: surety permissions org\n")
	}
	return b.String()
}

func accountsOf(groups map[string]*trialGroup) int {
	n := 0
	for _, g := range groups {
		n += len(g.accounts)
	}
	return n
}

// writeGroups names every account of every group.
func writeGroups(b *strings.Builder, title string, groups map[string]*trialGroup) {
	if len(groups) == 0 {
		return
	}
	fmt.Fprintln(b, title)
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		g := groups[key]
		slices.Sort(g.accounts)
		head := key
		if g.reason != key {
			head += ": " + g.reason
		}
		fmt.Fprintf(b, "  %s\n", oneLine(head))
		for _, name := range g.accounts {
			fmt.Fprintf(b, "    %s\n", oneLine(name))
		}
	}
}
