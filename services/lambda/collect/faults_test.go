package collect_test

import (
	"testing"

	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/internal/resource"
	"surety/services/lambda"
	lambdacollect "surety/services/lambda/collect"
)

const account = "111122223333"

// TestFaults fails every call of a scan of two regions in every way.
func TestFaults(t *testing.T) {
	collecttest.Run(t, collecttest.Suite{
		New: lambdacollect.New, World: twoRegions, Account: account, Regions: []resource.Region{"eu-west-1", "us-east-1"},
		Facets: []resource.Facet{lambda.FacetList, lambda.FacetAliases, lambda.FacetPolicy, lambda.FacetURL, lambda.FacetTags},
		APIs: map[string]resource.Facet{
			"ListFunctions": lambda.FacetList, "ListAliases": lambda.FacetAliases, "GetPolicy": lambda.FacetPolicy,
			"ListFunctionUrlConfigs": lambda.FacetURL, "ListTags": lambda.FacetTags,
		},
		Paged: []string{"ListFunctions", "ListAliases", "ListFunctionUrlConfigs"},
		ID: func(c awssim.Call) resource.ID {
			if c.Function == "" {
				return ""
			}
			return resource.ID("arn:aws:lambda:" + c.Region + ":" + account + ":function:" + c.Function)
		},
	})
}
