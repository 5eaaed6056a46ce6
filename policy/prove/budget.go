package prove

// The bounds of one proof. They are counted, never timed, so that every machine
// answers alike. A policy that AWS stores (20 KB) and that people write comes
// nowhere near; one that is built to be slow reaches a bound within a second.
const (
	maxWork     = 4_000_000 // steps of automata, over the whole document
	maxStates   = 60_000    // states of one walk over a tape
	maxOutcomes = 20_000    // outcomes of one cluster
	maxBranches = 400_000   // branches of one search
)

// budget counts what a proof has spent. Once a bound is reached, what was being
// enumerated is incomplete, and nothing may be concluded from its end.
type budget struct {
	work   int
	reason string // the first bound that was reached; "" while none was
}

func (b *budget) spend(n int) { b.work += n }

// over reports whether no more may be spent, and keeps the reason.
func (b *budget) over(counted, limit int, reason string) bool {
	if b.reason == "" {
		switch {
		case counted > limit:
			b.reason = reason
		case b.work > maxWork:
			b.reason = "the patterns need more than 4000000 steps"
		}
	}
	return b.reason != ""
}
