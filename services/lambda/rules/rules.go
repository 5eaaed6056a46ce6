// Package rules holds the judgements about Lambda functions.
package rules

import "surety/internal/rule"

// All returns every rule of this service, by id.
func All() []*rule.Rule {
	return []*rule.Rule{
		crossAccountAccess(),
		sharedRole(),
	}
}
