package prove

import "slices"

// search looks for one outcome per cluster such that a door is open and every
// Deny fails somewhere. Hopeful takes unsure tests as an attacker would like
// them: what it does not find is not there.
//
// Trust needs no part in it: a request is trusted when one of its clusters is,
// and the clusters hold untrusted outcomes only.
type search struct {
	board    *board
	budget   *budget
	door     int
	hopeful  bool
	clusters []candidates
	failed   map[string]bool // cluster and Denies left, from where nothing was found
	chosen   []outcome
	branches int
}

// candidates are the outcomes of a cluster that leave the door open.
type candidates struct {
	outcomes []outcome
	always   bits // rows that hold in all of them
}

// rowsOf returns the rows that an outcome makes hold.
func (s *search) rowsOf(o outcome) bits {
	if s.hopeful {
		return o.hopes
	}
	return o.holds
}

// find returns the chosen outcomes, or nil and the cluster that alone keeps the
// door shut (nil when it takes several, or the Denies, to keep it shut).
func (b *board) find(door int, hopeful bool, budget *budget) ([]outcome, *cluster) {
	if b.dead.has(door) {
		return nil, nil
	}
	s := &search{board: b, budget: budget, door: door, hopeful: hopeful, failed: map[string]bool{}}
	for _, c := range b.clusters {
		kept := s.open(c)
		if len(kept.outcomes) == 0 {
			return nil, c
		}
		s.clusters = append(s.clusters, kept)
	}
	slices.SortStableFunc(s.clusters, func(x, y candidates) int { return len(x.outcomes) - len(y.outcomes) })
	left := newBits(b.rows())
	for i := range b.denies {
		if row := len(b.doors) + i; !b.dead.has(row) && !(hopeful && b.unsureRow(row)) {
			left.set(row)
		}
	}
	if !s.escape(0, left) {
		return nil, nil
	}
	s.simplify(left)
	return s.chosen, nil
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
	for i := range b.denies {
		if b.unsureRow(len(b.doors) + i) {
			return true
		}
	}
	return false
}

func (s *search) open(c *cluster) candidates {
	kept := candidates{}
	for _, o := range c.outcomes {
		rows := s.rowsOf(o)
		if !rows.has(s.door) {
			continue
		}
		if kept.outcomes == nil {
			kept.always = slices.Clone(rows)
		} else {
			kept.always = kept.always.and(rows)
		}
		kept.outcomes = append(kept.outcomes, o)
	}
	return kept
}

// escape chooses outcomes for the clusters from i on such that no Deny in left
// holds everywhere.
func (s *search) escape(i int, left bits) bool {
	if i == len(s.clusters) {
		return left.empty()
	}
	stuck := slices.Clone(left)
	for _, c := range s.clusters[i:] {
		stuck = stuck.and(c.always)
	}
	if !stuck.empty() {
		return false
	}
	key := string(rune(i)) + left.key()
	if s.failed[key] {
		return false
	}
	for _, o := range s.clusters[i].outcomes {
		s.branches++
		if s.budget.beyond(s.branches, maxBranches, "the Deny statements can be escaped in too many ways to try (400000)") {
			return false
		}
		s.chosen = append(s.chosen, o)
		if s.escape(i+1, left.and(s.rowsOf(o))) {
			return true
		}
		s.chosen = s.chosen[:i]
	}
	s.failed[key] = true
	return false
}

// simplify exchanges each chosen outcome for the cheapest that does as well.
func (s *search) simplify(denies bits) {
	for i, c := range s.clusters {
		left := denies
		for j, o := range s.chosen {
			if j != i {
				left = left.and(s.rowsOf(o))
			}
		}
		for _, o := range c.outcomes {
			if left.and(s.rowsOf(o)).empty() {
				s.chosen[i] = o
				break
			}
		}
	}
}
