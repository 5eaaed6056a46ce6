package rule

import (
	"encoding/json"
	"time"

	"surety/internal/resource"
	"surety/policy/prove"
)

// Outcome is what a rule says of one resource.
type Outcome uint8

// The outcomes. There is no "unknown": a rule judges what it is given, and
// whoever calls it knows what was missing.
const (
	Pass Outcome = iota + 1
	Fail
	NotApplicable
)

// Verdict is a rule's answer for one resource.
type Verdict struct {
	Outcome Outcome
	// Message is one sentence without full stop; names of AWS in it are as they
	// came, unescaped: whoever prints it makes them harmless.
	Message string
	// Evidence becomes the check's evidence; nil is {}. Its fields are those of
	// the rule's contract. A json.RawMessage is taken as it is, so that many
	// checks can share one.
	Evidence any
	// Causes groups failing checks. At least one for Fail.
	Causes []Cause
	// Gaps are places that the rule itself could not read (a stored policy that
	// is no JSON): a pass with one of these becomes unknown.
	Gaps []resource.Gap
}

// Cause is what failing checks are grouped by.
type Cause struct {
	Text   string `json:"text"`             // the same for the same cause: "account 999988887777", "role shared"
	Detail string `json:"detail,omitempty"` // what is this resource's own: "by alias prod"
}

// View is all that a rule may look at besides the resource itself. It is safe
// for concurrent use.
type View interface {
	// Now is the time of the scan.
	Now() time.Time
	// Of returns all resources of a type in the account, by id.
	Of(resource.Type) []resource.Resource
	// Regions returns the regions in scope, and whether somebody chose them.
	Regions() (regions []resource.Region, chosen bool)
	// Qualifiers is the scope of the scan: "all", "aliases" or "function".
	Qualifiers() string
	// TrustZone is whose access to the resource is expected, and the owner's
	// organisation ("" when it has none or is not known). Zones with the same
	// key are equal.
	TrustZone(resource.Ref) (zone prove.Zone, key string, organization string)
	// AccountName is what the trust zone or the organisation calls an account;
	// "" when neither does.
	AccountName(resource.Account) string
	// AccountUnit is where the owner's organisation keeps an account, such as
	// "Workloads/Dev"; "" when it is no member, or nobody said.
	AccountUnit(resource.Account) string
	// Settings returns the settings of rule id as JSON, an object; nil when
	// there are none. The profile has checked them already.
	Settings(id string) json.RawMessage
	// GapsOf returns the gaps that touch a facet of a resource: its own, its
	// region's and its account's.
	GapsOf(resource.Ref, resource.Facet) []resource.Gap
	// Once returns what make returned for this key earlier in this run, or
	// calls it: for joins that all resources share. The value is not changed.
	Once(key string, make func() any) any
}
