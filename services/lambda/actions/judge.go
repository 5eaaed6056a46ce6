package actions

import (
	"encoding/json"
	"fmt"
	"time"

	"surety/internal/plan"
	"surety/policy"
	"surety/policy/prove"
)

// accessDetail is what a policy is judged by after a step. A step without it is
// one on the way, or one back.
type accessDetail struct {
	Closed       bool       `json:"closed"` // nobody outside may be left
	Zone         prove.Zone `json:"zone"`
	Organization string     `json:"organization,omitempty"`
	Now          time.Time  `json:"now"`
}

// judge proves again, from what was read back, that nobody outside the zone of
// the plan is let in.
func judge(s plan.Step, found json.RawMessage) error {
	if len(s.Detail) == 0 {
		return nil
	}
	var d accessDetail
	if err := json.Unmarshal(s.Detail, &d); err != nil {
		return fmt.Errorf("reading the step's detail: %w", err)
	}
	after, err := text(found)
	if err != nil || after == "" || !d.Closed {
		return err
	}
	doc, _, err := policy.ParseStored(after)
	if err != nil {
		return fmt.Errorf("reading the policy: %w", err)
	}
	q := prove.Question{Function: string(s.Resource), Qualifier: s.Qualifier, Organization: d.Organization, Zone: d.Zone, Now: d.Now}
	if answer := prove.Outside(doc, q); answer.Verdict != prove.Pass {
		return fmt.Errorf("it is not proven closed: %s", answer.Why)
	}
	return nil
}
