package prove

// The bounds of one proof. They are counted, never timed, so that every machine
// answers alike. A policy that AWS stores (20 KB) and that people write comes
// nowhere near; one that is built to be slow reaches a bound within a second.
const (
	maxWork     = 8_000_000 // steps of automata, over the whole document
	maxTests    = 500_000   // values compared by the evaluator, over the whole document
	maxStates   = 60_000    // states of one walk over a tape
	maxOutcomes = 20_000    // outcomes of one cluster
	maxBranches = 400_000   // branches of one search
	maxDoors    = 64        // asked together: what they share is worked out once, what they do not grows with the square
	maxHits     = 500       // Allow statements of a document, each with a Deny that a change adds
)

// budget counts what a proof has spent, and keeps the room that its walks share.
// Once a bound is reached, what was being enumerated is incomplete, and nothing
// may be concluded from its end.
type budget struct {
	work   int
	tests  int
	reason string // the first bound that was reached; "" while none was

	room *walker // of the last walk, for the next; nil before the first
}

func (b *budget) spend(n int) { b.work += n }

// beyond reports whether a count is over its limit, and keeps the reason.
func (b *budget) beyond(counted, limit int, reason string) bool {
	if counted > limit && b.reason == "" {
		b.reason = reason
	}
	return counted > limit
}

// spent reports whether no more steps of automata may be made. What was found
// before is still searched: a witness needs no complete list.
func (b *budget) spent() bool {
	return b.beyond(b.work, maxWork, "the patterns need more than 8000000 steps")
}

// exhausted reports whether a bound of the whole document was not only reached
// but left behind: then nothing more is begun.
func (b *budget) exhausted() bool {
	return b.spent() && b.work > maxWork+maxWork/4 || !b.compare(0) && b.tests > maxTests+maxTests/4
}

// compare counts values that the evaluator compares, and reports whether it may
// go on.
func (b *budget) compare(n int) bool {
	b.tests += n
	return !b.beyond(b.tests, maxTests, "the tests need more than 500000 comparisons")
}
