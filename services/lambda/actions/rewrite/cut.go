package rewrite

import (
	"slices"

	"surety/policy"
	"surety/policy/prove"
)

// cutter cuts one open statement into what is trusted of it.
type cutter struct {
	stored    *Stored
	order     Order
	statement int
}

// pieces returns what is left of the statement, each part proven closed.
func (c cutter) pieces() []policy.Statement {
	s := c.stored.Statements[c.statement]
	if !c.stored.exact[c.statement] {
		return nil // what it says is not all known, so no part of it can be kept
	}
	var kept []policy.Principal
	open := s
	if !s.Principals.Negated {
		open.Principals.Entries = nil
		for _, e := range s.Principals.Entries {
			if c.closed(withEntries(s, e)) {
				kept = append(kept, e)
			} else {
				open.Principals.Entries = append(open.Principals.Entries, e)
			}
		}
	}
	var pieces []policy.Statement
	rest := open
	for i := range open.Conditions {
		var values []string
		if values, rest = c.values(rest, i); len(values) > 0 {
			piece := rest
			piece.Conditions = withValues(rest.Conditions, i, values)
			pieces = append(pieces, piece)
		}
	}
	kept = append(kept, c.reach(withEntries(rest, c.named(rest)...))...)
	if len(kept) > 0 {
		whole := withEntries(s, kept...)
		if c.closed(whole) {
			pieces = append([]policy.Statement{whole}, pieces...)
		}
	}
	for _, piece := range c.pinned(rest) {
		if c.closed(piece) {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

func withEntries(s policy.Statement, entries ...policy.Principal) policy.Statement {
	s.Principals = policy.Principals{Entries: entries}
	return s
}

func withValues(all []policy.Condition, i int, values []string) []policy.Condition {
	all = slices.Clone(all)
	all[i].Values = values
	return all
}

// closed asks the prover about one statement beside the document's Denies.
func (c cutter) closed(s policy.Statement) bool {
	doc := &policy.Document{Version: c.stored.Version, Statements: []policy.Statement{s}}
	for _, other := range c.stored.Statements {
		if other.Effect == policy.Deny {
			doc.Statements = append(doc.Statements, other)
		}
	}
	return prove.Outside(doc, c.order.Question).Verdict == prove.Pass
}

// values parts the values of one condition into those that are closed by
// themselves and a statement with the others. A condition that any one of its
// values can satisfy is the union of itself with each value alone.
func (c cutter) values(s policy.Statement, i int) (closed []string, rest policy.Statement) {
	cond := s.Conditions[i]
	if len(cond.Values) < 2 || cond.Operator.Negated || cond.Operator.Set == policy.ForAllValues || cond.Operator.Comparison == policy.Null {
		return nil, s
	}
	var open []string
	for _, v := range cond.Values {
		one := s
		one.Conditions = withValues(s.Conditions, i, []string{v})
		if c.closed(one) {
			closed = append(closed, v)
		} else {
			open = append(open, v)
		}
	}
	if len(closed) == 0 || len(open) == 0 {
		return nil, s
	}
	rest = s
	rest.Conditions = withValues(s.Conditions, i, open)
	return closed, rest
}
