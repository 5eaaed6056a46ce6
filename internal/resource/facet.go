package resource

// Bucket names one of AWS's request quotas; each account and region has its own.
type Bucket string

// FacetInfo declares a facet once: what it fills, what it needs, what it costs.
type FacetInfo struct {
	Facet Facet
	Type  Type   // whose part it is
	What  string // for people: "resource policies"
	When  string // for people: what it is read for, where that is not every resource of the type; "" otherwise
	// Resource is the ARN pattern that the audit policy grants the action on;
	// "*" where the action knows no resource.
	Resource string
	Bucket   Bucket // the quota that its calls draw from
}
