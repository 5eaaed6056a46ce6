package prove

import "slices"

// walk returns filled tapes such that every answer that the lanes can give
// together, to any filling of the tape that no lane bans, is given to one of
// them. Seeds are fillings to prefer; the others are as short as can be.
//
// It runs all lanes side by side over the blocks, breadth first. Two prefixes
// that leave every lane in the same state have the same futures, so one of them
// is enough; of two that differ only in how much of their block is used up, the
// one that used less.
func (t tape) walk(lanes []lane, seeds [][]string, b *budget) [][]string {
	w := newWalker(t, lanes, b)
	for _, seed := range seeds {
		w.seed(seed)
	}
	for i := range w.lanes {
		l := &w.lanes[i]
		w.next[i] = l.auto.start()
	}
	w.enter(place{from: -1})
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
//
// Thousands may be kept, so it is small and holds no pointer.
type place struct {
	block, count int32
	states       int32 // where they are among the walker's
	from         int32 // place that it came from; -1: the beginning
	letter       rune  // what its block goes on with, unless it begins
	digits       int32 // 1 and where the digits behind the letter are among the walker's; 0: none; see skip
}

type walker struct {
	tape   tape
	lanes  []reading
	read   []bool // by block: some lane reads it
	listed int    // number of the lane that reads whole accounts; -1: none does
	budget *budget

	places  []place
	states  []int   // of all places, one for each lane
	seen    []int32 // hash table of places by key, each its number and 1; see find
	kept    int     // places in it
	digits  []string
	answers map[string]bool
	found   [][]string

	reads    []bool   // of all lanes
	before   []string // of all lanes
	next     []int    // states of the place that is being made
	accepted []bool
	runes    []rune
	letters  []rune
	answered []byte
}

// newWalker prepares a walk in the room that the walk before has left.
func newWalker(t tape, lanes []lane, b *budget) *walker {
	w := b.room
	if w == nil || len(w.seen) > mostKept {
		w = &walker{answers: map[string]bool{}, seen: make([]int32, 64), places: make([]place, 0, 32), states: make([]int, 0, 64), digits: make([]string, 0, 12)}
	}
	b.room = w
	clear(w.answers)
	clear(w.seen)
	w.tape, w.budget, w.found, w.kept = t, b, nil, 0
	w.places, w.states, w.digits, w.lanes, w.listed = w.places[:0], w.states[:0], w.digits[:0], slices.Grow(w.lanes[:0], len(lanes)), -1
	w.next, w.accepted, w.answered = zeros(w.next, len(lanes)), zeros(w.accepted, len(lanes)), zeros(w.answered, len(lanes)+1)
	w.read, w.reads, w.before = zeros(w.read, len(t)), zeros(w.reads, len(lanes)*len(t)), zeros(w.before, len(lanes)*len(t))
	for i, l := range lanes {
		from, to := i*len(t), (i+1)*len(t)
		r := l.prepare(w.reads[from:to], w.before[from:to])
		for at, yes := range r.reads {
			w.read[at] = w.read[at] || yes
		}
		if _, is := l.auto.(*accountSet); is {
			w.listed = i
		}
		w.lanes = append(w.lanes, r)
	}
	return w
}

// mostKept bounds the table that is kept, for it is cleared before each walk.
const mostKept = 4096

// zeros returns n zero values, in the room given where it is enough.
func zeros[T any](room []T, n int) []T {
	if cap(room) < n {
		return make([]T, n)
	}
	room = room[:n]
	clear(room)
	return room
}

// statesOf returns the states of a place, which are not to be changed.
func (w *walker) statesOf(p place) []int { return w.states[p.states:][:len(w.lanes)] }

// seed keeps a preferred filling if its answer is new.
func (w *walker) seed(filled []string) {
	for i := range w.lanes {
		l := &w.lanes[i]
		w.accepted[i] = l.run(w.tape, filled)
		w.budget.spend(1)
	}
	if w.news() {
		w.found = append(w.found, filled)
	}
}

// enter comes to the beginning of p's block, past blocks that no lane reads.
// The states are in w.next.
func (w *walker) enter(p place) {
	for int(p.block) < len(w.tape) && !w.read[p.block] {
		p.block++
	}
	if int(p.block) == len(w.tape) {
		w.finish(p)
		return
	}
	for i := range w.lanes {
		l := &w.lanes[i]
		if l.reads[p.block] {
			w.next[i] = feed(l.auto, w.next[i], l.before[p.block])
		}
	}
	w.add(p)
}

// finish reads the text after the last block and takes the answer.
func (w *walker) finish(p place) {
	for i := range w.lanes {
		l := &w.lanes[i]
		w.accepted[i] = l.auto.accepts(feed(l.auto, w.next[i], l.after))
	}
	w.answer(p)
}

// answer keeps the filling of a place unless it is banned or says nothing new.
func (w *walker) answer(p place) {
	if w.news() {
		w.found = append(w.found, w.fill(p))
	}
}

// news reports whether w.accepted is an answer that no filling gave before and no
// lane bans.
func (w *walker) news() bool {
	clear(w.answered)
	for i, yes := range w.accepted {
		if !yes {
			continue
		}
		switch w.lanes[i].role {
		case bans:
			return false
		case trusts: // by whatever list
			w.answered[len(w.lanes)] = 1
		default:
			w.answered[i] = 1
		}
	}
	if w.answers[string(w.answered)] {
		return false
	}
	w.answers[string(w.answered)] = true
	return true
}

// add keeps a place, whose states are in w.next, or the end of its account where
// the digits to come make no difference.
func (w *walker) add(p place) {
	if w.skips(p) {
		w.skip(p)
		return
	}
	w.put(p)
}

// put keeps a place, whose states are in w.next, unless one that can do as much
// was there before.
func (w *walker) put(p place) {
	alive, banned := false, false
	for i, s := range w.next {
		alive = alive || s != 0
		banned = banned || s != 0 && w.lanes[i].role == bans
	}
	if !alive { // whatever follows, every lane says no
		clear(w.accepted)
		w.answer(p)
		return
	}
	if banned && w.dominates(w.find(p, w.next, true), p) {
		return
	}
	at := w.find(p, w.next, false)
	if w.dominates(at, p) {
		return
	}
	w.budget.spend(2 * len(w.next))
	p.states = int32(len(w.states))
	w.states = append(w.states, w.next...)
	w.places = append(w.places, p)
	w.keep(at, len(w.places)-1)
}

// leave ends the block of a place, if it may end there.
func (w *walker) leave(at int) {
	p := w.places[at]
	blk := w.tape[p.block]
	if int(p.count) < blk.min {
		return
	}
	copy(w.next, w.statesOf(p))
	if p.count > 0 && blk.tail != "" {
		for i := range w.lanes {
			l := &w.lanes[i]
			if l.reads[p.block] {
				w.next[i] = feed(l.auto, w.next[i], blk.tail)
			}
		}
	}
	w.enter(place{block: p.block + 1, from: int32(at)})
}

// extend puts one more rune into the block of a place.
func (w *walker) extend(at int) {
	p := w.places[at]
	blk := w.tape[p.block]
	if blk.max >= 0 && int(p.count) >= blk.max {
		return
	}
	states := w.statesOf(p)
	w.letters = blk.letters(w.told(p), w.letters[:0])
	for _, r := range w.letters {
		for i := range w.lanes {
			l := &w.lanes[i]
			w.next[i] = states[i]
			if states[i] != 0 && l.reads[p.block] {
				w.next[i] = l.auto.step(states[i], r)
			}
		}
		w.budget.spend(len(states))
		w.add(place{block: p.block, count: p.count + 1, from: int32(at), letter: r})
	}
}

// told returns the runes that the lanes tell apart at a place, sorted.
func (w *walker) told(p place) []rune {
	told := w.runes[:0]
	for i, s := range w.statesOf(p) {
		if l := &w.lanes[i]; s != 0 && l.reads[p.block] {
			told = l.auto.runes(s, told)
		}
	}
	slices.Sort(told)
	w.runes = told
	return slices.Compact(told)
}

// fill returns the tape of a place; what it does not say is made up plainly. It
// reads from the end: what a block says stands before what was read of it.
func (w *walker) fill(p place) []string {
	filled := w.tape.plain()
	var said []rune // of one block, the last first
	for {
		before := place{block: -1}
		if p.from >= 0 {
			before = w.places[p.from]
		}
		letters := p.count
		if p.digits > 0 {
			text := w.digits[p.digits-1]
			for i := len(text) - 1; i >= 0; i-- {
				said = append(said, rune(text[i]))
			}
			letters -= int32(len(text))
		}
		if letters > 0 {
			said = append(said, p.letter)
		}
		if before.block != p.block && int(p.block) < len(w.tape) && w.read[p.block] {
			filled[p.block] = w.tape[p.block].pad(said)
		}
		if p.from < 0 {
			return filled
		}
		if before.block != p.block {
			said = said[:0]
		}
		p = before
	}
}

// pad turns what was said of a block, the last first, into a text that is long
// enough.
func (b block) pad(said []rune) string {
	slices.Reverse(said)
	for other, _ := b.other(nil); len(said) < b.min; {
		said = append(said, other)
	}
	return string(said)
}
