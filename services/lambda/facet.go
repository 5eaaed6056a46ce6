package lambda

import "surety/internal/resource"

// The facets of a function.
const (
	FacetList    resource.Facet = "lambda:ListFunctions"
	FacetAliases resource.Facet = "lambda:ListAliases"
	FacetPolicy  resource.Facet = "lambda:GetPolicy"
	FacetURL     resource.Facet = "lambda:ListFunctionUrlConfigs"
	FacetTags    resource.Facet = "lambda:ListTags"
)

// The calls that ask AWS Config for policies, by account or through an
// aggregator. They fill [FacetPolicy], which is read without them as well, so no
// rule names them and none of them is ever a gap.
const (
	FacetRecorded   resource.Facet = "config:BatchGetResourceConfig"
	FacetAggregated resource.Facet = "config:BatchGetAggregateResourceConfig"
)

// The request quotas of Lambda's control plane, per account and region, none of
// them raisable. Source: Lambda developer guide, quotas, "API requests".
const (
	BucketPolicy      resource.Bucket = "lambda:GetPolicy"   // 15 a second
	BucketGetFunction resource.Bucket = "lambda:GetFunction" // 100 a second
	BucketRemainder   resource.Bucket = "lambda:remainder"   // 15 a second for all other calls together
)

// BucketRecorder is AWS Config's quota, of the account and region that is read or
// of the aggregator's. AWS publishes no number.
const BucketRecorder resource.Bucket = "config"

const anyFunction = "arn:*:lambda:*:*:function:*"

// Facets returns every facet of this service, by name.
func Facets() []resource.FacetInfo {
	return []resource.FacetInfo{
		{Facet: FacetPolicy, Type: FunctionType, What: "resource policies", Resource: anyFunction, Bucket: BucketPolicy},
		{Facet: FacetAliases, Type: FunctionType, What: "aliases", Resource: anyFunction, Bucket: BucketRemainder},
		{Facet: FacetURL, Type: FunctionType, What: "function URLs", When: "only read where a policy grants access by URL", Resource: anyFunction, Bucket: BucketRemainder},
		{Facet: FacetList, Type: FunctionType, What: "functions and published versions with their roles", Resource: "*", Bucket: BucketRemainder},
		{Facet: FacetTags, Type: FunctionType, What: "tags", Resource: anyFunction, Bucket: BucketRemainder},
	}
}
