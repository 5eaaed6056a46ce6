package report

import "surety/internal/resource"

// State is what became of one account in one region.
type State string

// The states of a line of the ledger.
const (
	Read    State = "read"    // whole
	Partly  State = "partly"  // but for places that stand as gaps
	Skipped State = "skipped" // out of scope
	Failed  State = "failed"  // in scope, and nothing of it was seen
)

// Ledger is one line of the ledger of a scan of many accounts. Region "" is what
// AWS keeps once for all regions of the account; of an account that was skipped
// or could not be entered it is the only line and stands for all of it.
type Ledger struct {
	Account   resource.Account  `json:"account"`
	Name      string            `json:"name"`
	Unit      string            `json:"unit"` // "Workloads/Dev"
	Tags      map[string]string `json:"tags"` // of surety.yaml
	Region    resource.Region   `json:"region"`
	State     State             `json:"state"`
	Code      string            `json:"code"`      // "" when read; of the first gap when there are several
	Reason    string            `json:"reason"`    // one line
	Resources int               `json:"resources"` // seen
	Gaps      int               `json:"gaps"`      // places that could not be read
}

// Count enters a gap of the account's snapshot into the line when it is about
// the line's region.
func (l *Ledger) Count(g resource.Gap) {
	if g.Region != l.Region {
		return
	}
	if l.Gaps++; l.Gaps == 1 || g.Resource == "" && l.State != Failed {
		l.Code, l.Reason = g.Code, g.Reason
	}
	switch {
	case g.Resource == "" && l.Resources == 0:
		l.State = Failed
	case l.State != Failed:
		l.State = Partly
	}
}
