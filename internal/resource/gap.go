package resource

// Codes of gaps that do not come from AWS. Every other code is the service's
// own error code.
const (
	CodeNotCollected = "NotCollected" // nobody asked for the facet
	CodeMalformed    = "Malformed"    // the answer was not what the API promises
	CodeTimeout      = "Timeout"      // no answer within the time limit of a call
	CodeInterrupted  = "Interrupted"  // the scan was stopped, or ran out of --max-time
	CodeUnreachable  = "Unreachable"  // no answer at all: refused, reset, no such host
)

// Gap says that a facet could not be read, and why. It never means that there
// is nothing there.
//
// Resource is "" when the gap is about a whole region, and then Region names
// it; with Region "" too it is about the account.
type Gap struct {
	Resource  ID      `json:"resource"`
	Account   Account `json:"account"`
	Region    Region  `json:"region"`
	Facet     Facet   `json:"facet"`
	Qualifier string  `json:"qualifier"` // alias or version; "" is the resource itself
	Code      string  `json:"code"`
	Reason    string  `json:"reason"` // short, one line, in the words of the service
}
