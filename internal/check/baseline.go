package check

import (
	"encoding/json"
	"strings"

	"surety/internal/resource"
)

// Baseline remembers the failing checks of an earlier scan, with what they held
// against each resource. The zero Baseline remembers nothing: everything is new.
type Baseline struct {
	failing map[string]map[holding]int // check id -> what its evidence holds, how often
}

// holding is one thing that evidence holds against a resource: a grant, or a
// function that shares a role.
type holding struct {
	what   string // everything that tells one from another but the digest
	digest string // of the statement behind a grant; "" where the file has none
	live   bool   // a grant that is not dormant, counted besides the grant as such
}

// Add remembers a check of the earlier scan.
func (b *Baseline) Add(c *Check) {
	if c.Status != Fail {
		return
	}
	if b.failing == nil {
		b.failing = map[string]map[holding]int{}
	}
	b.failing[c.ID] = held(c.Evidence)
}

// New reports whether a failing check is new: no failing check of its id was
// remembered, or its evidence holds a grant or a shared function that the
// remembered one's does not.
//
// Grants are told apart by kind, door, qualifier, Sid, principal, action and the
// digest of what lets them in; the position in the document and the witness may
// change without the access changing. A remembered grant without digest, as
// another program may write one, is compared by the rest. A dormant grant that
// has come alive is new.
func (b *Baseline) New(c *Check) bool {
	if c.Status != Fail {
		return false
	}
	before, found := b.failing[c.ID]
	if !found {
		return true
	}
	undigested := map[holding]int{} // what no remembered digest answers for
	for h, times := range held(c.Evidence) {
		if more := times - before[h]; more > 0 && h.digest != "" {
			undigested[holding{what: h.what, live: h.live}] += more
		} else if more > 0 {
			return true
		}
	}
	for h, times := range undigested {
		if times > before[h] {
			return true
		}
	}
	return false
}

// held lists what evidence holds against a resource. Evidence that is of no
// known shape holds nothing in particular.
func held(evidence json.RawMessage) map[holding]int {
	var e struct {
		Grants []struct {
			Kind, Door, Qualifier, Sid, Principal, Action, Digest string
			Dormant                                               bool
		}
		Roles []struct {
			ARN       string
			Functions []struct{ Function resource.ID }
		}
	}
	if json.Unmarshal(evidence, &e) != nil {
		return nil
	}
	all := map[holding]int{}
	for _, g := range e.Grants {
		h := holding{what: strings.Join([]string{g.Kind, g.Door, g.Qualifier, g.Sid, g.Principal, g.Action}, "\n"), digest: g.Digest}
		all[h]++
		if h.live = !g.Dormant; h.live {
			all[h]++
		}
	}
	for _, r := range e.Roles {
		for _, f := range r.Functions {
			all[holding{what: strings.ToLower(r.ARN) + "\n" + string(f.Function)}]++
		}
	}
	return all
}
