package prove

import (
	"slices"

	"surety/policy"
)

// The verdicts on a change.
const (
	Kept Verdict = "KEPT" // proven: no trusted request of the space is allowed before and not after
	Lost Verdict = "LOST" // Witness is such a request
)

// Keeps decides whether every trusted request of the space that one document
// allows is allowed by another too: KEPT, LOST or UNDECIDED. Statement and Sid
// of a LOST are those of the Allow of before that lets the witness in.
//
// A request counts as trusted when nobody untrusted can make the same one, so
// exactly when [Outside] does not ask about it. What only a hidden source would
// make trusted looks like a stranger's call; no document that is closed allows it.
func Keeps(before, after *policy.Document, q Question) Answer {
	p, err := newProof(q, before, after)
	if err != nil {
		return Answer{Verdict: Undecided, Why: err.Error()}
	}
	return p.keeps()
}

func (p *proof) keeps() Answer {
	doors := p.losses()
	if p.budget.reason != "" {
		return Answer{Verdict: Undecided, Why: "undecided: " + p.budget.reason, Notes: p.notes()}
	}
	if a, ok := p.answer(Lost, p.grants(doors, true)); ok {
		return a
	}
	why := "every trusted request that was allowed is allowed by what takes its place"
	if len(doors) == 0 {
		why = "every statement that allows something still stands, and none denies more"
	}
	return Answer{Verdict: Kept, Why: why, Notes: p.notes()}
}

// losses returns the doors of the document before by which a request could come
// in that the one after does not allow: it meets no Allow there, or a Deny that
// is new. What stands in both documents needs no look.
func (p *proof) losses() []door {
	alike := p.doc.Variables() == p.after.Variables()
	var hits []*clause
	for i := range p.after.Statements {
		s := &p.after.Statements[i]
		stood := alike && slices.ContainsFunc(p.doc.Statements, func(old policy.Statement) bool {
			return !old.Void && old.Effect == policy.Deny && sameButPrincipals(&old, s) && samePrincipals(old.Principals, s.Principals)
		})
		if s.Effect == policy.Deny && !s.Void && !stood {
			hits = append(hits, &clause{p.after, s})
		}
	}
	var doors []door
	met := 0
	for i := range p.doc.Statements {
		s := &p.doc.Statements[i]
		ways := entries(s, i)
		for _, d := range ways {
			if !alike || !slices.ContainsFunc(p.after.Statements, func(now policy.Statement) bool { return covers(&now, s, d) }) {
				doors = append(doors, d)
			}
		}
		if len(ways) == 0 {
			continue
		}
		if met += len(hits); p.budget.beyond(met, maxHits, "the new Deny statements meet the Allow statements in more than 500 ways") {
			break
		}
		for _, hit := range hits { // all entries at once: the Deny decides
			doors = append(doors, door{statement: i, principal: ways[0].principal, element: s.Principals, hit: hit})
		}
	}
	return doors
}

// covers reports whether it is plain to see that a statement allows all that
// comes in by a door of another.
func covers(s, of *policy.Statement, d door) bool {
	if s.Effect != policy.Allow || s.Void || !sameButPrincipals(s, of) || s.Principals.Negated != d.element.Negated {
		return false
	}
	if d.element.Negated {
		return samePrincipals(s.Principals, d.element)
	}
	return slices.Contains(s.Principals.Entries, d.element.Entries[0])
}

// sameButPrincipals compares what two statements say of actions, resources and
// conditions.
func sameButPrincipals(a, b *policy.Statement) bool {
	return samePatterns(a.Actions, b.Actions) && samePatterns(a.Resources, b.Resources) &&
		slices.EqualFunc(a.Conditions, b.Conditions, func(a, b policy.Condition) bool {
			return a.Operator == b.Operator && a.Key == b.Key && slices.Equal(a.Values, b.Values)
		})
}

func samePatterns(a, b policy.Patterns) bool {
	return a.Negated == b.Negated && slices.Equal(a.Texts, b.Texts)
}

func samePrincipals(a, b policy.Principals) bool {
	return a.Negated == b.Negated && slices.Equal(a.Entries, b.Entries)
}
