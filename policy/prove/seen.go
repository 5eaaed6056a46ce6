package prove

// keyOf returns what of a place but its states decides what can follow it: its
// block, what is left to the block's minimum, and whether the block is empty yet
// where that matters, for an empty block has no tail.
func (w *walker) keyOf(p place) (block, left, begun int) {
	blk := &w.tape[p.block]
	if blk.tail != "" {
		begun = min(1, int(p.count))
	}
	return int(p.block), max(0, blk.min-int(p.count)), begun
}

// dominates reports whether the place at one of the table, which is like p, had
// used no more of its block.
func (w *walker) dominates(at int, p place) bool {
	return w.seen[at] != 0 && w.places[w.seen[at]-1].count <= p.count
}

// keep enters a place in the table where it goes, instead of one like it that used
// more.
func (w *walker) keep(at, number int) {
	if w.seen[at] == 0 {
		w.kept++
	}
	w.seen[at] = int32(number + 1)
	if 2*w.kept > len(w.seen) {
		w.grow()
	}
}

// grow doubles the table.
func (w *walker) grow() {
	old := w.seen
	w.seen = make([]int32, 2*len(old))
	for _, number := range old {
		if number != 0 {
			p := w.places[number-1]
			w.seen[w.find(p, w.statesOf(p), false)] = number
		}
	}
}

// find returns where in the table a place of the same key and states is, or
// where it would go. The table's size is a power of two, and half of it is free.
// With freed, lanes that ban count as dead: such a place reaches all that p
// reaches, and is banned nowhere.
func (w *walker) find(p place, states []int, freed bool) int {
	block, left, begun := w.keyOf(p)
	at := w.hash(uint64(block)<<32|uint64(left)<<1|uint64(begun), states, freed)
	for {
		at &= uint64(len(w.seen) - 1)
		number := w.seen[at]
		if number == 0 {
			return int(at)
		}
		other := w.places[number-1]
		if b, l, g := w.keyOf(other); b == block && l == left && g == begun && w.same(w.statesOf(other), states, freed) {
			return int(at)
		}
		at++
	}
}

// hash mixes numbers by multiplying with an odd constant near 2^64 divided by
// the golden ratio.
func (w *walker) hash(h uint64, states []int, freed bool) uint64 {
	const odd = 0x9E3779B97F4A7C15
	for i, s := range states {
		if freed && w.lanes[i].role == bans {
			s = 0
		}
		h = (h ^ uint64(s)) * odd
		h ^= h >> 32
	}
	return h
}

func (w *walker) same(kept, states []int, freed bool) bool {
	for i, s := range states {
		if freed && w.lanes[i].role == bans {
			s = 0
		}
		if kept[i] != s {
			return false
		}
	}
	return true
}
