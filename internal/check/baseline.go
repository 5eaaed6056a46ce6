package check

import (
	"encoding/json"
	"strings"

	"surety/internal/resource"
)

// Baseline remembers the failing checks of an earlier scan, with what they held
// against each resource. The zero Baseline remembers nothing: everything is new.
type Baseline struct {
	failing map[string]map[string]int // check id -> what its evidence holds, how often
}

// Add remembers a check of the earlier scan.
func (b *Baseline) Add(c *Check) {
	if c.Status != Fail {
		return
	}
	if b.failing == nil {
		b.failing = map[string]map[string]int{}
	}
	b.failing[c.ID] = held(c.Evidence)
}

// New reports whether a failing check is new: no failing check of its id was
// remembered, or its evidence holds a grant or a shared function that the
// remembered one's does not.
//
// Grants are told apart by kind, door, qualifier, Sid, principal and action; the
// position in the document and the witness may change without the access
// changing. A dormant grant that has come alive is new.
func (b *Baseline) New(c *Check) bool {
	if c.Status != Fail {
		return false
	}
	before, found := b.failing[c.ID]
	if !found {
		return true
	}
	for what, times := range held(c.Evidence) {
		if times > before[what] {
			return true
		}
	}
	return false
}

// held lists what evidence holds against a resource. Evidence that is of no
// known shape holds nothing in particular.
func held(evidence json.RawMessage) map[string]int {
	var e struct {
		Grants []struct {
			Kind, Door, Qualifier, Sid, Principal, Action string
			Dormant                                       bool
		}
		Roles []struct {
			ARN       string
			Functions []struct{ Function resource.ID }
		}
	}
	if json.Unmarshal(evidence, &e) != nil {
		return nil
	}
	all := map[string]int{}
	for _, g := range e.Grants {
		key := strings.Join([]string{g.Kind, g.Door, g.Qualifier, g.Sid, g.Principal, g.Action}, "\n")
		all[key]++
		if !g.Dormant {
			all[key+"\nlive"]++
		}
	}
	for _, r := range e.Roles {
		for _, f := range r.Functions {
			all[strings.ToLower(r.ARN)+"\n"+string(f.Function)]++
		}
	}
	return all
}
