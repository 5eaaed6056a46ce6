package prove

import (
	"encoding/binary"
	"slices"

	"surety/policy/internal/glob"
)

// An automaton reads a text rune by rune and says at the end whether it is one
// that a test asks for. State 0 is dead: no text that follows can be accepted.
type automaton interface {
	start() int
	step(state int, r rune) int
	accepts(state int) bool
	// runes adds the runes that the automaton tells apart from all others in a
	// state.
	runes(state int, to []rune) []rune
}

// trie is an automaton for a set of texts.
type trie struct{ nodes []trieNode }

// trieNode is one rune of a text; what can follow it is a list of nodes.
type trieNode struct {
	r           rune
	child, next int32 // 0: none
	end         bool
	full        bool // of accounts: so is every account that begins so
}

func newTrie(texts []string) *trie {
	size := 2
	for _, text := range texts {
		size += len(text)
	}
	t := &trie{nodes: make([]trieNode, 2, size)} // 0 is dead, 1 the root
	for _, text := range texts {
		at := 1
		for _, r := range text {
			next := t.step(at, r)
			if next == 0 {
				next = len(t.nodes)
				t.nodes = append(t.nodes, trieNode{r: r, next: t.nodes[at].child})
				t.nodes[at].child = int32(next)
			}
			at = next
		}
		t.nodes[at].end = true
	}
	return t
}

func (t *trie) start() int { return 1 }

func (t *trie) step(s int, r rune) int {
	for n := t.nodes[s].child; n != 0; n = t.nodes[n].next {
		if t.nodes[n].r == r {
			return int(n)
		}
	}
	return 0
}

func (t *trie) accepts(s int) bool { return t.nodes[s].end }

func (t *trie) runes(s int, to []rune) []rune {
	for n := t.nodes[s].child; n != 0; n = t.nodes[n].next {
		to = append(to, t.nodes[n].r)
	}
	return to
}

// matcher is a pattern as an automaton: the sets of positions that can be live
// together are its states, found as they are needed (the subset construction).
// Position i means that i symbols other than stars are behind; a star is a loop
// on the position it stands at.
type matcher struct {
	symbols []glob.Symbol // without stars
	loops   []loop        // by position
	budget  *budget

	states []matcherState
	steps  []matcherStep
	alone  []int32        // every position, for states of one
	single []int32        // by position: the state of that position alone; 0: not yet
	known  map[string]int // the other states, by their positions
	room   []int32
}

type loop struct{ on, within bool }

type matcherState struct {
	live  []int32 // positions, rising
	steps int32   // the latest that was found; 0: none
}

// matcherStep is where a rune leads from a state, and the step found before.
type matcherStep struct {
	r           rune
	next, other int32
}

func newMatcher(p glob.Pattern, b *budget) *matcher {
	m := &matcher{budget: b, symbols: make([]glob.Symbol, 0, len(p)), loops: make([]loop, 1, len(p)+1)}
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
	both := make([]int32, 2*len(m.loops))
	m.single, m.alone = both[:len(m.loops)], both[len(m.loops):]
	for i := range m.alone {
		m.alone[i] = int32(i)
	}
	m.steps = make([]matcherStep, 1, 2*len(m.loops)+1)                         // 0 is none
	m.states = append(make([]matcherState, 0, len(m.loops)+1), matcherState{}) // 0 is dead
	m.state([]int32{0})
	return m
}

func (m *matcher) start() int { return 1 }

func (m *matcher) step(s int, r rune) int {
	for i := m.states[s].steps; i != 0; i = m.steps[i].other {
		if m.steps[i].r == r {
			return int(m.steps[i].next)
		}
	}
	live := m.states[s].live
	m.budget.spend(len(live) + 4)
	to := m.room[:0]
	for _, i := range live {
		if l := m.loops[i]; l.on && (!l.within || r != ':') && (len(to) == 0 || to[len(to)-1] != i) {
			to = append(to, i)
		}
		if int(i) < len(m.symbols) && m.symbols[i].Matches(r) {
			to = append(to, i+1)
		}
	}
	m.room = to
	next := m.state(to)
	m.steps = append(m.steps, matcherStep{r, int32(next), m.states[s].steps})
	m.states[s].steps = int32(len(m.steps) - 1)
	return next
}

// state returns the number of a set of positions, given in rising order.
func (m *matcher) state(live []int32) int {
	switch len(live) {
	case 0:
		return 0
	case 1:
		if s := m.single[live[0]]; s != 0 {
			return int(s)
		}
		m.single[live[0]] = int32(len(m.states))
		live = m.alone[live[0] : live[0]+1]
	default:
		key := make([]byte, 0, 4*len(live))
		for _, i := range live {
			key = binary.LittleEndian.AppendUint32(key, uint32(i))
		}
		if s, ok := m.known[string(key)]; ok {
			return s
		}
		if m.known == nil {
			m.known = map[string]int{}
		}
		m.known[string(key)] = len(m.states)
		live = slices.Clone(live)
	}
	m.states = append(m.states, matcherState{live: live})
	return len(m.states) - 1
}

func (m *matcher) accepts(s int) bool {
	live := m.states[s].live
	return len(live) > 0 && int(live[len(live)-1]) == len(m.symbols)
}

func (m *matcher) runes(s int, to []rune) []rune {
	for _, i := range m.states[s].live {
		if l := m.loops[i]; l.on && l.within {
			to = append(to, ':')
		}
		if int(i) == len(m.symbols) {
			continue
		}
		next := m.symbols[i]
		switch {
		case next.Kind == glob.Literal && next.AnyCase && 'a' <= next.Rune && next.Rune <= 'z':
			to = append(to, next.Rune, next.Rune-'a'+'A')
		case next.Kind == glob.Literal:
			to = append(to, next.Rune)
		case next.Within:
			to = append(to, ':')
		}
	}
	return to
}

// bits is a set of small numbers. The nil set is empty.
type bits []uint64

func newBits(n int) bits      { return make(bits, (n+63)/64) }
func (b bits) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bits) has(i int) bool { return i/64 < len(b) && b[i/64]&(1<<(i%64)) != 0 }

// appendTo appends the set to a key; sets of one size have keys of one length.
func (b bits) appendTo(key []byte) []byte {
	for _, w := range b {
		key = binary.LittleEndian.AppendUint64(key, w)
	}
	return key
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

// narrow leaves only the numbers that are in c too, which has the same size.
func (b bits) narrow(c bits) {
	for i := range b {
		b[i] &= c[i]
	}
}

func (b bits) clear(i int) { b[i/64] &^= 1 << (i % 64) }
