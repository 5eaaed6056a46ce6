package prove

import (
	"encoding/binary"

	"surety/policy/internal/glob"
)

// An automaton reads a text rune by rune and says at the end whether it is one
// that a test asks for. State 0 is dead: no text that follows can be accepted.
type automaton interface {
	start() int
	step(state int, r rune) int
	accepts(state int) bool
	// runes adds every rune that the automaton tells apart from the others.
	runes(set map[rune]bool)
}

// trie is an automaton for a set of texts.
type trie struct{ nodes []trieNode }

type trieNode struct {
	next map[rune]int
	end  bool
}

func newTrie(texts []string) *trie {
	t := &trie{nodes: make([]trieNode, 2, 16)} // 0 is dead, 1 the root
	for _, text := range texts {
		at := 1
		for _, r := range text {
			next := t.nodes[at].next[r]
			if next == 0 {
				next = len(t.nodes)
				t.nodes = append(t.nodes, trieNode{})
				if t.nodes[at].next == nil {
					t.nodes[at].next = map[rune]int{}
				}
				t.nodes[at].next[r] = next
			}
			at = next
		}
		t.nodes[at].end = true
	}
	return t
}

func (t *trie) start() int             { return 1 }
func (t *trie) step(s int, r rune) int { return t.nodes[s].next[r] }
func (t *trie) accepts(s int) bool     { return t.nodes[s].end }
func (t *trie) runes(set map[rune]bool) {
	for _, n := range t.nodes {
		for r := range n.next {
			set[r] = true
		}
	}
}

// matcher is a pattern as an automaton: the sets of positions that can be live
// together are its states, found as they are needed (the subset construction).
// Position i means that i symbols other than stars are behind; a star is a loop
// on the position it stands at.
type matcher struct {
	symbols []glob.Symbol // without stars
	loops   []loop        // by position
	budget  *budget

	sets  []bits           // by state
	known map[string]int   // set -> state
	steps map[[2]int32]int // state, rune -> state
}

type loop struct{ on, within bool }

func newMatcher(p glob.Pattern, b *budget) *matcher {
	m := &matcher{budget: b, known: map[string]int{}, steps: map[[2]int32]int{}}
	m.loops = append(m.loops, loop{})
	for _, s := range p {
		last := &m.loops[len(m.loops)-1]
		if s.Kind == glob.Star {
			last.within = s.Within && (!last.on || last.within)
			last.on = true
			continue
		}
		m.symbols = append(m.symbols, s)
		m.loops = append(m.loops, loop{})
	}
	m.state(newBits(len(m.loops))) // 0 is dead
	first := newBits(len(m.loops))
	first.set(0)
	m.state(first)
	return m
}

func (m *matcher) start() int { return 1 }

func (m *matcher) step(s int, r rune) int {
	key := [2]int32{int32(s), int32(r)}
	if next, ok := m.steps[key]; ok {
		return next
	}
	from, to := m.sets[s], newBits(len(m.loops))
	m.budget.spend(len(m.loops)/8 + 1)
	for i := range m.loops {
		if !from.has(i) {
			continue
		}
		if l := m.loops[i]; l.on && (!l.within || r != ':') {
			to.set(i)
		}
		if i < len(m.symbols) && m.symbols[i].Matches(r) {
			to.set(i + 1)
		}
	}
	next := m.state(to)
	m.steps[key] = next
	return next
}

func (m *matcher) state(set bits) int {
	key := set.key()
	if s, ok := m.known[key]; ok {
		return s
	}
	m.known[key] = len(m.sets)
	m.sets = append(m.sets, set)
	return len(m.sets) - 1
}

func (m *matcher) accepts(s int) bool { return m.sets[s].has(len(m.symbols)) }

func (m *matcher) runes(set map[rune]bool) {
	for _, s := range m.symbols {
		if s.Kind == glob.One {
			if s.Within {
				set[':'] = true
			}
			continue
		}
		set[s.Rune] = true
		if s.AnyCase && 'a' <= s.Rune && s.Rune <= 'z' {
			set[s.Rune-'a'+'A'] = true
		}
	}
	for _, l := range m.loops {
		if l.on && l.within {
			set[':'] = true
		}
	}
}

// bits is a set of small numbers. The nil set is empty.
type bits []uint64

func newBits(n int) bits      { return make(bits, (n+63)/64) }
func (b bits) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bits) has(i int) bool { return i/64 < len(b) && b[i/64]&(1<<(i%64)) != 0 }
func (b bits) key() string {
	key := make([]byte, 0, 8*len(b))
	for _, w := range b {
		key = binary.LittleEndian.AppendUint64(key, w)
	}
	return string(key)
}

func (b bits) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// and returns the numbers in both sets, which have the same size.
func (b bits) and(c bits) bits {
	d := make(bits, len(b))
	for i := range b {
		d[i] = b[i] & c[i]
	}
	return d
}

// within reports whether every number of b is in c; the sizes are the same.
func (b bits) within(c bits) bool {
	for i := range b {
		if b[i]&^c[i] != 0 {
			return false
		}
	}
	return true
}

func (b bits) clear(i int) { b[i/64] &^= 1 << (i % 64) }
