package prove

import (
	"encoding/binary"
	"slices"
)

// walk returns filled tapes such that every answer that the lanes can give
// together, to any filling of the tape that no trust lane accepts, is given to
// one of them. Seeds are fillings to prefer; the others are as short as can be.
//
// It runs all lanes side by side over the blocks, breadth first. Two prefixes
// that leave every lane in the same state have the same futures, so one of them
// is enough; of two that differ only in how much of their block is used up, the
// one that used less.
func (t tape) walk(lanes []lane, seeds [][]string, b *budget) [][]string {
	w := &walker{tape: t, budget: b, seen: map[string]int{}, answers: map[string]bool{}}
	for _, l := range lanes {
		w.lanes = append(w.lanes, t.prepare(l))
	}
	for i := range t {
		w.read = append(w.read, slices.ContainsFunc(w.lanes, func(r reading) bool { return r.reads[i] }))
	}
	for _, seed := range seeds {
		w.seed(seed)
	}
	states := make([]int, len(lanes))
	for i, l := range w.lanes {
		states[i] = l.auto.start()
	}
	w.enter(place{states: states, from: -1})
	for at := 0; at < len(w.places); at++ {
		if b.spent() || b.beyond(len(w.places), maxStates, "the patterns on one caller have more than 60000 states") {
			break
		}
		w.leave(at)
		w.extend(at)
	}
	return w.found
}

// place is a prefix of a filled tape and the states that it leaves the lanes in.
type place struct {
	block, count int
	states       []int
	from         int // place that it came from; -1: the beginning
	letter       rune
}

type walker struct {
	tape   tape
	lanes  []reading
	read   []bool // by block: some lane reads it
	budget *budget

	room    []rune
	keyRoom []byte
	places  []place
	seen    map[string]int // block and states -> fewest runes used of the block
	answers map[string]bool
	found   [][]string
}

// seed keeps a preferred filling if its answer is new.
func (w *walker) seed(filled []string) {
	accepted := make([]bool, len(w.lanes))
	for i, l := range w.lanes {
		accepted[i] = l.run(w.tape, filled)
		w.budget.spend(1)
	}
	w.answer(accepted, func() []string { return filled })
}

// enter comes to the beginning of p's block, past blocks that no lane reads.
func (w *walker) enter(p place) {
	for p.block < len(w.tape) && !w.read[p.block] {
		p.block++
	}
	if p.block == len(w.tape) {
		w.finish(p)
		return
	}
	states := slices.Clone(p.states)
	for i, l := range w.lanes {
		if l.reads[p.block] {
			states[i] = feed(l.auto, states[i], l.before[p.block])
		}
	}
	p.states = states
	w.add(p)
}

// finish reads the text after the last block and takes the answer.
func (w *walker) finish(p place) {
	accepted := make([]bool, len(w.lanes))
	for i, l := range w.lanes {
		s := feed(l.auto, p.states[i], l.after)
		accepted[i] = l.auto.accepts(s)
	}
	w.answer(accepted, func() []string { return w.fill(p) })
}

// answer keeps a filling unless it is trusted or says nothing new.
func (w *walker) answer(accepted []bool, fill func() []string) {
	key := make([]byte, len(accepted))
	for i, yes := range accepted {
		switch {
		case yes && w.lanes[i].trust:
			return
		case yes:
			key[i] = 1
		}
	}
	if !w.answers[string(key)] {
		w.answers[string(key)] = true
		w.found = append(w.found, fill())
	}
}

// add keeps a place unless one that can do as much was there before. It does
// not keep p.states itself.
func (w *walker) add(p place) {
	alive, trusting := false, false
	for i, s := range p.states {
		alive = alive || s != 0
		trusting = trusting || s != 0 && w.lanes[i].trust
	}
	if !alive { // whatever follows, every lane says no
		w.answer(make([]bool, len(w.lanes)), func() []string { return w.fill(p) })
		return
	}
	if trusting && w.dominated(p, true) || w.dominated(p, false) {
		return
	}
	w.budget.spend(2 * len(p.states))
	w.seen[string(w.key(p, false))] = p.count
	p.states = slices.Clone(p.states)
	w.places = append(w.places, p)
}

// dominated reports whether a place with the same states was seen that had used
// no more of its block. With untrusted, trust lanes count as dead: such a place
// reaches all that p reaches, and is trusted nowhere.
func (w *walker) dominated(p place, untrusted bool) bool {
	used, ok := w.seen[string(w.key(p, untrusted))]
	return ok && used <= p.count
}

// key names a place by its block, what is left to the block's minimum, and the
// states of the lanes.
func (w *walker) key(p place, untrusted bool) []byte {
	room := w.keyRoom[:0]
	room = binary.AppendUvarint(room, uint64(p.block))
	room = binary.AppendUvarint(room, uint64(max(0, w.tape[p.block].min-p.count)))
	if w.tape[p.block].tail != "" { // an empty block has no tail, so it has another future
		room = binary.AppendUvarint(room, uint64(min(1, p.count)))
	}
	for i, s := range p.states {
		if untrusted && w.lanes[i].trust {
			s = 0
		}
		room = binary.AppendUvarint(room, uint64(s))
	}
	w.keyRoom = room
	return room
}

// leave ends the block of a place, if it may end there.
func (w *walker) leave(at int) {
	p := w.places[at]
	blk := w.tape[p.block]
	if p.count < blk.min {
		return
	}
	states := slices.Clone(p.states)
	if p.count > 0 && blk.tail != "" {
		for i, l := range w.lanes {
			if l.reads[p.block] {
				states[i] = feed(l.auto, states[i], blk.tail)
			}
		}
	}
	w.enter(place{block: p.block + 1, states: states, from: at})
}

// extend puts one more rune into the block of a place.
func (w *walker) extend(at int) {
	p := w.places[at]
	blk := w.tape[p.block]
	if blk.max >= 0 && p.count >= blk.max {
		return
	}
	states := make([]int, len(p.states))
	for _, r := range blk.letters(w.told(p)) {
		for i, l := range w.lanes {
			states[i] = p.states[i]
			if states[i] != 0 && l.reads[p.block] {
				states[i] = l.auto.step(states[i], r)
			}
		}
		w.budget.spend(len(states))
		w.add(place{block: p.block, count: p.count + 1, states: states, from: at, letter: r})
	}
}

// told returns the runes that the lanes tell apart at a place, sorted.
func (w *walker) told(p place) []rune {
	told := w.room[:0]
	for i, l := range w.lanes {
		if p.states[i] != 0 && l.reads[p.block] {
			told = l.auto.runes(p.states[i], told)
		}
	}
	slices.Sort(told)
	w.room = told
	return slices.Compact(told)
}

// fill returns the tape of a place; what it does not say is made up plainly.
func (w *walker) fill(p place) []string {
	filled := make([]string, len(w.tape))
	said := make([][]rune, len(w.tape))
	begun := make([]bool, len(w.tape))
	for at := p; ; at = w.places[at.from] {
		if at.count > 0 {
			said[at.block] = append(said[at.block], at.letter)
		}
		if at.block < len(w.tape) {
			begun[at.block] = true
		}
		if at.from < 0 {
			break
		}
	}
	for i, blk := range w.tape {
		if !begun[i] || !w.read[i] {
			filled[i] = blk.plain
			continue
		}
		slices.Reverse(said[i])
		pad, _ := blk.other(nil)
		for len(said[i]) < blk.min {
			said[i] = append(said[i], pad)
		}
		filled[i] = string(said[i])
	}
	return filled
}
