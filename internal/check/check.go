// Package check says what a check is: one rule's standing result on one
// resource, and what changes between two scans.
package check

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"surety/internal/resource"
	"surety/internal/rule"
)

// Status is the state of a check.
type Status string

// The states.
const (
	Pass    Status = "pass"
	Fail    Status = "fail"
	Unknown Status = "unknown" // something that the verdict hangs on was not read
)

// Check is one rule's result on one resource; its JSON is the member check of an
// event.
type Check struct {
	ID       string           `json:"id"`   // see [ID]
	Rule     string           `json:"rule"` // "Lambda-002"
	Name     string           `json:"name"` // "lambda-cross-account-access"
	Status   Status           `json:"status"`
	Risk     rule.RiskLevel   `json:"risk"`
	Resource resource.ID      `json:"resource"`
	Type     resource.Type    `json:"type"`
	Account  resource.Account `json:"account"`
	Region   resource.Region  `json:"region"`
	Message  string           `json:"message"`
	Evidence json.RawMessage  `json:"evidence"`         // always an object
	Causes   []rule.Cause     `json:"causes,omitempty"` // of a fail: what to group it by
	Gaps     []Gap            `json:"gaps,omitempty"`   // only, and always, when unknown
}

// Gap is what a check says of a gap that made it unknown.
type Gap struct {
	Facet     resource.Facet `json:"facet"`
	Qualifier string         `json:"qualifier"`
	Code      string         `json:"code"`
	Reason    string         `json:"reason"`
}

// ID returns the stable name of the check of a rule on a resource: the first 32
// hex digits of SHA-256 over rule id, newline, resource id.
func ID(ruleID string, r resource.ID) string {
	var room [256]byte
	sum := sha256.Sum256(append(append(append(room[:0], ruleID...), '\n'), r...))
	return string(hex.AppendEncode(room[:0], sum[:16]))
}
