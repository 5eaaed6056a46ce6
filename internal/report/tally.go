package report

import (
	"surety/internal/check"
	"surety/internal/rule"
)

// Tally counts what a stream says, as far as the exit status hangs on it. The
// zero Tally has heard nothing.
type Tally struct {
	Counts Counts
	Worst  rule.RiskLevel // of the failing checks; zero when none fails
	Gaps   int
	Needed int // of the gaps
}

// Check counts one check.
func (t *Tally) Check(c *check.Check) {
	switch c.Status {
	case check.Pass:
		t.Counts.Pass++
	case check.Fail:
		t.Counts.Fail++
		t.Worst = max(t.Worst, c.Risk)
	case check.Unknown:
		t.Counts.Unknown++
	}
}

// Gap counts one gap.
func (t *Tally) Gap(g *Gap) {
	t.Gaps++
	if g.Needed {
		t.Needed++
	}
}

// Complete reports whether everything that verdicts hang on was read.
func (t *Tally) Complete(interrupted bool) bool {
	return !interrupted && t.Needed == 0 && t.Counts.Unknown == 0
}

// Exit statuses of a scan that was done.
const (
	ExitPass       = 0
	ExitFail       = 3
	ExitIncomplete = 4
)

// Exit returns the exit status of the scan: failing checks at or above failOn
// win over incompleteness. The zero failOn is "never".
func (t *Tally) Exit(failOn rule.RiskLevel, interrupted bool) int {
	switch {
	case failOn > 0 && t.Worst >= failOn:
		return ExitFail
	case !t.Complete(interrupted):
		return ExitIncomplete
	}
	return ExitPass
}
