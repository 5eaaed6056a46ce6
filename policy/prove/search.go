package prove

import (
	"slices"
	"unicode/utf8"
)

// search looks for one outcome per cluster such that a door is open and every
// bar fails somewhere. Hopeful takes unsure tests as whoever comes would like
// them: what it does not find is not there.
//
// A request is trusted when one of its clusters is. Where strangers are sought
// the clusters hold untrusted outcomes only; where a request must show that it
// is trusted, one outcome at least has to.
type search struct {
	board    *board
	budget   *budget
	door     int
	hopeful  bool
	clusters []candidates
	failed   map[string]bool // cluster, bars left and trust, from where nothing was found
	chosen   []*outcome
	branches int
}

// candidates are the outcomes of a cluster that leave the door open.
type candidates struct {
	outcomes []*outcome
	always   bits // rows that hold in all of them
	trusted  bool // one of them is
}

// rowsOf returns the rows that an outcome makes hold.
func (s *search) rowsOf(o *outcome) bits {
	if s.hopeful {
		return o.hopes
	}
	return o.holds
}

// find returns the chosen outcomes, or nil and the cluster that alone keeps the
// door shut (nil when it takes several, or the bars, to keep it shut).
func (b *board) find(door int, hopeful bool, budget *budget) ([]*outcome, *cluster) {
	if b.dead.has(door) {
		return nil, nil
	}
	s := &search{
		board: b, budget: budget, door: door, hopeful: hopeful,
		clusters: make([]candidates, 0, len(b.clusters)), chosen: make([]*outcome, 0, len(b.clusters)),
	}
	for _, c := range b.clusters {
		kept := s.open(c)
		if len(kept.outcomes) == 0 {
			return nil, c
		}
		s.clusters = append(s.clusters, kept)
	}
	slices.SortStableFunc(s.clusters, func(x, y candidates) int { return len(x.outcomes) - len(y.outcomes) })
	left := newBits(b.rows())
	for i := range b.bars {
		if row := len(b.doors) + i; b.keepsShut(i, door) && !b.dead.has(row) && !(hopeful && b.unsureBar(row, door)) {
			left.set(row)
		}
	}
	if !s.escape(0, left, !b.showing) {
		return nil, nil
	}
	s.simplify(left)
	return s.chosen, nil
}

// unsureBar reports whether a bar may be escaped by an unsure test. One that the
// door needs as well is no way to escape: whoever comes in by the door meets it.
func (b *board) unsureBar(row, door int) bool {
	return slices.ContainsFunc(b.tests, func(t *test) bool {
		return t.unsure && slices.Contains(t.rows, row) && !slices.Contains(t.rows, door)
	})
}

// unsureRow reports whether a row has an unsure test.
func (b *board) unsureRow(row int) bool {
	return slices.ContainsFunc(b.tests, func(t *test) bool { return t.unsure && slices.Contains(t.rows, row) })
}

// unsure reports whether a search for the door could miss something.
func (b *board) unsure(door int) bool {
	if b.unsureRow(door) {
		return true
	}
	for i := range b.bars {
		if b.keepsShut(i, door) && b.unsureRow(len(b.doors)+i) {
			return true
		}
	}
	return false
}

func (s *search) open(c *cluster) candidates {
	kept := candidates{}
	for i := range c.outcomes {
		o := &c.outcomes[i]
		rows := s.rowsOf(o)
		if !rows.has(s.door) {
			continue
		}
		if kept.outcomes == nil {
			kept.always = slices.Clone(rows)
		} else {
			kept.always.narrow(rows)
		}
		kept.outcomes = append(kept.outcomes, o)
		kept.trusted = kept.trusted || o.trusted
	}
	return kept
}

// escape chooses outcomes for the clusters from i on such that no bar in left
// holds everywhere, and that one is trusted unless that is settled.
func (s *search) escape(i int, left bits, trusted bool) bool {
	if i == len(s.clusters) {
		return left.empty() && trusted
	}
	stuck, hope := slices.Clone(left), trusted
	for _, c := range s.clusters[i:] {
		stuck.narrow(c.always)
		hope = hope || c.trusted
	}
	if !stuck.empty() || !hope {
		return false
	}
	if len(s.failed) > 0 && s.failed[s.key(i, left, trusted)] {
		return false
	}
	for _, o := range s.clusters[i].outcomes {
		s.branches++
		if s.budget.beyond(s.branches, maxBranches, "the statements in the way can be escaped in too many ways to try (400000)") {
			return false
		}
		s.chosen = append(s.chosen, o)
		if s.escape(i+1, left.and(s.rowsOf(o)), trusted || o.trusted) {
			return true
		}
		s.chosen = s.chosen[:i]
	}
	if s.failed == nil {
		s.failed = map[string]bool{}
	}
	s.failed[s.key(i, left, trusted)] = true
	return false
}

// key names a partial choice by all that its end hangs on.
func (s *search) key(i int, left bits, trusted bool) string {
	key := left.appendTo(utf8.AppendRune(nil, rune(i)))
	if trusted {
		key = append(key, '+')
	}
	return string(key)
}

// simplify exchanges each chosen outcome for the cheapest that does as well.
func (s *search) simplify(bars bits) {
	for i, c := range s.clusters {
		left, trusted := bars, !s.board.showing
		for j, o := range s.chosen {
			if j != i {
				left, trusted = left.and(s.rowsOf(o)), trusted || o.trusted
			}
		}
		for _, o := range c.outcomes {
			if left.and(s.rowsOf(o)).empty() && (trusted || o.trusted) {
				s.chosen[i] = o
				break
			}
		}
	}
}
