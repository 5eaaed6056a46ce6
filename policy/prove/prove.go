package prove

import "surety/policy"

// Verdict is the prover's answer.
type Verdict string

// The verdicts. A document that is no policy never reaches the prover: its
// answer is ERROR, given by whoever parsed it.
const (
	Pass      Verdict = "PASS"      // proven: no request of the space is allowed and untrusted
	Fail      Verdict = "FAIL"      // Witness is such a request
	Undecided Verdict = "UNDECIDED" // a counted bound was reached; Why says which
)

// Answer is the prover's answer for one document.
type Answer struct {
	Verdict   Verdict
	Why       string          // one sentence
	Statement int             // FAIL: index of the Allow statement that lets the witness in
	Witness   *policy.Request // FAIL only
	Notes     []string        // doubtful readings, dead principals; order of the document
}
