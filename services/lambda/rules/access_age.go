package rules

import (
	"time"

	"surety/services/lambda"
)

// asOf says that a document is older than the scan, and whose it is.
type asOf struct {
	Qualifier string    `json:"qualifier"`
	Source    string    `json:"source"`   // fromConfig
	Captured  time.Time `json:"captured"` // UTC
}

// fromConfig is the only source besides Lambda itself.
const fromConfig = "aws-config"

// String stands in messages: they say whose word they are, and from when.
func (a asOf) String() string {
	return "as of " + a.Captured.UTC().Format(time.RFC3339) + " by AWS Config"
}

// recorded returns the documents of a function that AWS Config recorded; nil when
// all were read from Lambda.
func recorded(fn *lambda.Function) []asOf {
	var found []asOf
	for _, p := range fn.Policies {
		if !p.Recorded.IsZero() {
			found = append(found, asOf{p.Qualifier, fromConfig, p.Recorded.UTC()})
		}
	}
	return found
}

// brief stands in a column, which has no room for more.
func (a asOf) brief() string { return a.Captured.UTC().Format("(Config 2006-01-02)") }

// recordedOf returns where the document of a qualifier comes from; nil when it
// was read from Lambda.
func recordedOf(fn *lambda.Function, qualifier string) *asOf {
	for _, d := range recorded(fn) {
		if d.Qualifier == qualifier {
			return &d
		}
	}
	return nil
}

// policyName is what a message calls the document of a qualifier.
func policyName(fn *lambda.Function, qualifier string) string {
	if qualifier == "" {
		return "the function's policy"
	}
	return "the policy of " + qualified(fn, qualifier)
}
