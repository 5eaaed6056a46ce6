package prove

// accountSet is the automaton of the accounts of a zone and of one more. Only
// the zone's trie is large, and it is shared.
//
// States are those of the trie; behind them, one for each number of digits read
// of the account that is not in it.
type accountSet struct {
	zone *trie
	more string // "" where the zone has it, or where there is none
	fork int    // state of the trie from which more leaves it
	from int    // digits of more that are read by then
}

func newAccountSet(zone *trie, more string) *accountSet {
	a := &accountSet{zone: zone, more: more, fork: zone.start()}
	for a.from < len(more) {
		next := zone.step(a.fork, rune(more[a.from]))
		if next == 0 {
			return a
		}
		a.fork, a.from = next, a.from+1
	}
	a.more, a.fork = "", 0
	return a
}

func (a *accountSet) start() int { return a.zone.start() }

func (a *accountSet) step(s int, r rune) int {
	read := s - len(a.zone.nodes)
	switch {
	case read >= 0 && read < len(a.more) && rune(a.more[read]) == r:
		return s + 1
	case read >= 0:
		return 0
	}
	next := a.zone.step(s, r)
	if next == 0 && s == a.fork && a.more != "" && rune(a.more[a.from]) == r {
		return len(a.zone.nodes) + a.from + 1
	}
	return next
}

func (a *accountSet) accepts(s int) bool {
	if read := s - len(a.zone.nodes); read >= 0 {
		return read == len(a.more)
	}
	return a.zone.accepts(s)
}

func (a *accountSet) runes(s int, to []rune) []rune {
	if read := s - len(a.zone.nodes); read >= 0 {
		if read < len(a.more) {
			to = append(to, rune(a.more[read]))
		}
		return to
	}
	if s == a.fork && a.more != "" {
		to = append(to, rune(a.more[a.from]))
	}
	return a.zone.runes(s, to)
}

// digits are those of an account, in the order in which a made-up one has them.
const digits = "9014823567"

// first completes a state that is not dead to an account of the set.
func (a *accountSet) first(s, left int) string {
	text, room := make([]byte, 0, left), make([]rune, 0, len(digits))
	for range left {
		r := a.runes(s, room)[0]
		text, s = append(text, byte(r)), a.step(s, r)
	}
	return string(text)
}

// unlisted completes a state to an account that is not in the set; false where
// each of the left digits to come leads to one that is.
func (a *accountSet) unlisted(s, left int) (string, bool) {
	switch {
	case s == 0:
		return digits9[:left], true
	case left == 0:
		return "", !a.accepts(s)
	}
	for _, d := range digits {
		if a.step(s, d) == 0 {
			return string(d) + digits9[:left-1], true
		}
	}
	for _, d := range digits {
		next := a.step(s, d)
		if next < len(a.zone.nodes) && a.zone.nodes[next].full {
			continue
		}
		if text, ok := a.unlisted(next, left-1); ok {
			return string(d) + text, true
		}
	}
	return "", false
}

const digits9 = "999999999999"

// newAccountTrie makes the trie of the texts that are accounts, and marks in it
// after which digits every account is listed.
func newAccountTrie(accounts []string) *trie {
	own := make([]string, 0, len(accounts))
	for _, a := range accounts {
		if isAccount(a) {
			own = append(own, a)
		}
	}
	t := newTrie(own)
	for at := len(t.nodes) - 1; at > 0; at-- { // what follows a node stands behind it
		n := &t.nodes[at]
		following := 0
		for child := n.child; child != 0; child = t.nodes[child].next {
			if t.nodes[child].full {
				following++
			}
		}
		n.full = n.end || following == 10
	}
	return t
}
