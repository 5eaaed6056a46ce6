package prove

import (
	"slices"
	"strings"
)

// A tape holds the unknown parts of one caller (or of one source, or one free
// text) as blocks in a fixed order. Every condition key of that caller is a
// view: some of these blocks in that order, with fixed text between. So one walk
// over the tape decides the tests on all these keys together.
type tape []block

// block is one unknown part: min to max runes of a set.
type block struct {
	allowed func(rune) bool
	min     int
	max     int    // -1: no bound
	tail    string // follows the block unless it is empty
	plain   string // what to put in where nobody looks
}

// piece is fixed text, or a block of the tape.
type piece struct {
	block int // -1: text
	text  string
}

type view []piece

func fixed(text string) piece { return piece{block: -1, text: text} }
func part(i int) piece        { return piece{block: i} }

// render returns the text of the view on a filled tape.
func (t tape) render(v view, filled []string) string {
	if len(v) == 1 && v[0].block < 0 {
		return v[0].text
	}
	size := 0
	for _, p := range v {
		size += len(p.text)
		if p.block >= 0 {
			size += len(filled[p.block]) + len(t[p.block].tail)
		}
	}
	var b strings.Builder
	b.Grow(size)
	for _, p := range v {
		if p.block < 0 {
			b.WriteString(p.text)
			continue
		}
		b.WriteString(filled[p.block])
		if filled[p.block] != "" {
			b.WriteString(t[p.block].tail)
		}
	}
	return b.String()
}

// lane is one test over one view of a tape.
type lane struct {
	view view
	auto automaton
	role role
}

// role is what becomes of a filling that a lane accepts.
type role uint8

const (
	sorts  role = iota // it is told from others
	trusts             // it is told from others, as one of the trusted
	// bans: it is of no interest, and once the lane is dead nothing more can go
	// wrong with it.
	bans
)

// run reads a filled tape and reports whether the lane accepts it.
func (l lane) run(t tape, filled []string) bool {
	s := l.auto.start()
	for _, r := range t.render(l.view, filled) {
		if s = l.auto.step(s, r); s == 0 {
			return false
		}
	}
	return l.auto.accepts(s)
}

// reading is a lane prepared for a walk: which blocks it reads, and the fixed
// text that comes before each and after the last.
type reading struct {
	lane
	reads  []bool
	before []string // by block
	after  string
}

// prepare sorts the lane's view by blocks, into room for each of the tape's.
func (l lane) prepare(reads []bool, before []string) reading {
	r := reading{lane: l, reads: reads, before: before}
	text := ""
	for _, p := range l.view {
		if p.block < 0 {
			text += p.text
			continue
		}
		r.reads[p.block], r.before[p.block], text = true, text, ""
	}
	r.after = text
	return r
}

func feed(a automaton, s int, text string) int {
	for _, r := range text {
		if s == 0 {
			return 0
		}
		s = a.step(s, r)
	}
	return s
}

// letters adds the runes of a block among those told apart (sorted, each once),
// after one that stands for all others, if there are others.
func (b block) letters(told, to []rune) []rune {
	if r, ok := b.other(told); ok {
		to = append(to, r)
	}
	for _, capitals := range []bool{false, true} { // "true" reads better than "TRUE"
		for _, r := range told {
			if capital := 'A' <= r && r <= 'Z'; capital == capitals && b.allowed(r) {
				to = append(to, r)
			}
		}
	}
	return to
}

// other finds a rune of the block that is not among the sorted ones told apart.
func (b block) other(told []rune) (rune, bool) {
	for _, r := range preferred {
		if _, known := slices.BinarySearch(told, r); !known && b.allowed(r) {
			return r, true
		}
	}
	// Past ASCII a block either takes every rune or none, and no document tells
	// more runes apart than these.
	for r := rune(' '); r <= rune(0x7f+len(told)+1); r++ {
		if _, known := slices.BinarySearch(told, r); !known && b.allowed(r) {
			return r, true
		}
	}
	return 0, false
}

// preferred are the runes to stand for all others, plain ones first.
const preferred = "aesxmn90148bcdfghijklopqrtuvwyz23567AEX"

func oneOf(set string) func(rune) bool {
	return func(r rune) bool { return strings.ContainsRune(set, r) }
}

func digit(r rune) bool      { return '0' <= r && r <= '9' }
func lowerDigit(r rune) bool { return digit(r) || 'a' <= r && r <= 'z' }
func upperDigit(r rune) bool { return digit(r) || 'A' <= r && r <= 'Z' }
func alphanumeric(r rune) bool {
	return lowerDigit(r) || 'A' <= r && r <= 'Z'
}
