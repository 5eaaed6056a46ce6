package collect

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// The scopes of a scan: which policies of a function are read.
const (
	AllQualifiers   = "all"      // the function, its aliases, its published versions
	AliasQualifiers = "aliases"  // the function and its aliases
	NoQualifiers    = "function" // the function alone
)

// DefaultCallTimeout is how long one attempt may take when the plan says nothing.
const DefaultCallTimeout = 20 * time.Second

// Plan says what to read and how fast.
//
// Header names account, partition, regions, facets and qualifiers; ID and
// Program are taken over as they are, and a zero Started is set from the clock.
// Qualifiers "" is [AllQualifiers].
type Plan struct {
	Header inventory.Header

	// Only narrows the reads that cost a call for each resource to these
	// (unqualified ARNs); lists are still read whole, because joins need them.
	// Empty: all.
	Only []resource.ID

	Rate        Rate          // share of each quota; 0 is one half
	CallTimeout time.Duration // of one attempt; 0 is [DefaultCallTimeout]
	MaxTime     time.Duration // of the whole run, after which the rest are gaps; 0: no limit
	Clock       Clock         // nil: the machine's

	// Checkpoint is a file that keeps every answer as it comes; "" for none. It
	// is removed when the run ends without having been stopped. With Resume an
	// existing file's answers are taken as read.
	Checkpoint string
	Resume     bool
}

// Rate is the share of an AWS quota that a run may use, above 0 and up to 1.
type Rate float64

// DefaultRate leaves half of each quota to the customer's own deployments.
const DefaultRate Rate = 0.5

// Unlimited is for servers without quotas.
var Unlimited = Rate(math.Inf(1))

// ParseRate reads a share such as "0.5", or "unlimited".
func ParseRate(s string) (Rate, error) {
	if s == "unlimited" {
		return Unlimited, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0 && f <= 1) {
		return 0, fmt.Errorf("rate %q is no share of a quota: use a number above 0 and up to 1, such as 0.5, or unlimited", s)
	}
	return Rate(f), nil
}

// String writes r so that [ParseRate] reads it.
func (r Rate) String() string {
	if r.unlimited() {
		return "unlimited"
	}
	return strconv.FormatFloat(float64(r), 'g', -1, 64)
}

func (r Rate) unlimited() bool { return math.IsInf(float64(r), 1) }
