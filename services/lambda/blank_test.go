package lambda_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"surety/internal/resource"
	"surety/services/lambda"
)

// TestBlank: every facet of a function fills something, and no two the same.
func TestBlank(t *testing.T) {
	whole := func() *lambda.Function {
		return &lambda.Function{
			ARN: "arn", Name: "f", Account: "1", Region: "r", MasterARN: "m",
			Versions: []lambda.Version{{Qualifier: lambda.Latest}}, Aliases: []lambda.Alias{{Name: "a"}}, Policies: []lambda.Policy{{Text: "p"}},
			URLs: []lambda.URL{{URL: "u"}}, Tags: map[string]string{"k": "v"},
		}
	}
	f := whole()
	all := whole()
	for _, info := range lambda.Facets() {
		one := lambda.Blank(f, info.Facet)
		if cmp.Equal(f, one) {
			t.Errorf("%s fills nothing", info.Facet)
		}
		if cmp.Equal(all, lambda.Blank(all, info.Facet)) {
			t.Errorf("%s fills what another fills", info.Facet)
		}
		all = lambda.Blank(all, info.Facet)
	}
	if diff := cmp.Diff(&lambda.Function{ARN: "arn", Name: "f", Account: "1", Region: "r"}, all); diff != "" {
		t.Errorf("no facet fills this:\n%s", diff)
	}
	if diff := cmp.Diff(whole(), f); diff != "" {
		t.Errorf("blanking changed the function itself:\n%s", diff)
	}
	if diff := cmp.Diff(f, lambda.Blank(f, resource.Facet("iam:Other"))); diff != "" {
		t.Errorf("another type's facet changed it:\n%s", diff)
	}
}
