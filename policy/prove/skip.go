package prove

import "slices"

// skips reports whether a walk may go from a place to the end of the account
// that it stands in: no test but that for listed accounts looks at the digits to
// come. Without this a walk would go through every account of the zone.
func (w *walker) skips(p place) bool {
	if w.listed < 0 || !w.lanes[w.listed].reads[p.block] {
		return false
	}
	left := w.tape[p.block].min - int(p.count)
	for i := range w.lanes {
		l := &w.lanes[i]
		if i != w.listed && l.reads[p.block] && !w.indifferent(l.auto, w.next[i], left) {
			return false
		}
	}
	return left > 0
}

// indifferent reports whether an automaton goes one way whatever the next n
// digits are.
func (w *walker) indifferent(a automaton, s, n int) bool {
	for range n {
		if s == 0 {
			return true
		}
		w.runes = a.runes(s, w.runes[:0])
		if slices.ContainsFunc(w.runes, digit) {
			return false
		}
		next := a.step(s, '9')
		if next == s {
			return true
		}
		s = next
	}
	return true
}

// skip keeps the ends of an account with the digits so far: one that is not
// listed, if there is any, and one that is, where it is not banned.
func (w *walker) skip(p place) {
	listed := w.lanes[w.listed].auto.(*accountSet)
	left := w.tape[p.block].min - int(p.count)
	s := w.next[w.listed]
	for i := range w.lanes {
		l := &w.lanes[i]
		if i != w.listed && l.reads[p.block] {
			w.next[i] = feed(l.auto, w.next[i], digits9[:left]) // as any other digits
		}
	}
	p.count += int32(left)
	if text, ok := listed.unlisted(s, left); ok {
		w.next[w.listed] = 0
		w.putSkipped(p, text)
	}
	if s != 0 && w.lanes[w.listed].role != bans {
		text := listed.first(s, left)
		w.next[w.listed] = feed(listed, s, text)
		w.putSkipped(p, text)
	}
}

// putSkipped keeps a place to which some digits have led.
func (w *walker) putSkipped(p place, digits string) {
	w.digits = append(w.digits, digits)
	p.digits = int32(len(w.digits))
	w.put(p)
}
