package collect

// Fault is an error of a read in the words of a gap.
type Fault struct {
	Code   string // the service's, or one of resource's
	Reason string // one line, printable, bounded
	Kind   FaultKind
}

// FaultKind tells the faults apart that a run treats differently.
type FaultKind uint8

// The kinds of faults; the zero FaultKind concerns one call only.
const (
	OneCall     FaultKind = iota
	Throttled             // too many requests
	Unanswered            // no answer, or none in time
	Credentials           // expired or refused: no other call will do better
)
