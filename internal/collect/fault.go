package collect

// Fault is an error of a read in the words of a gap.
type Fault struct {
	Code   string // the service's, or one of resource's, or [CodeCredentials]
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
	Credentials           // expired: no other call will do better
)

// Codes of faults that no service names.
const (
	CodeCredentials = "CredentialsUnavailable" // the SDK could not get or renew them
	CodeFailed      = "ReadFailed"             // nothing more is known
)

// malformed is the error of an answer that is not what the API promises.
type malformed struct{ reason string }

func (m *malformed) Error() string { return m.reason }

// Malformed is the error of a read whose answer is not what the API promises.
func Malformed(reason string) error { return &malformed{reason} }

// clarified shows an error as one safe line and still wraps it.
type clarified struct {
	text string
	err  error
}

func (c *clarified) Error() string { return c.text }
func (c *clarified) Unwrap() error { return c.err }

// Clarify returns err as one line that is safe to show, wrapping err.
func Clarify(err error) error {
	if err == nil {
		return nil
	}
	f := Classify(err)
	return &clarified{text: f.Reason + " (" + f.Code + ")", err: err}
}
