package actions_test

import (
	"testing"

	"surety/services/lambda"
	"surety/services/lambda/actions"
)

// Tags by which people and CloudFormation say what writes a function.
func TestOwner(t *testing.T) {
	for _, c := range []struct {
		tags map[string]string
		want string
	}{
		{nil, ""},
		{map[string]string{"team": "shop", "managed-by": "hand", "terraform": "false", "note": "not terraform"}, ""},
		{map[string]string{"aws:cloudformation:stack-name": "shop", "managed-by": "terraform"}, "CloudFormation stack shop"},
		{map[string]string{"Managed_By": "Terraform Cloud"}, "Terraform (tag Managed_By=Terraform Cloud)"},
		{map[string]string{"terraform": "true"}, "Terraform (tag terraform=true)"},
		{map[string]string{"source": " TERRAFORM "}, "Terraform (tag source= TERRAFORM )"},
		{map[string]string{"Provisioner": "opentofu/1.9"}, "OpenTofu (tag Provisioner=opentofu/1.9)"},
		{map[string]string{"b": "terragrunt", "a": "terraform"}, "Terraform (tag a=terraform)"},
	} {
		for range 8 { // whatever the order of a map
			if got := actions.Owner(&lambda.Function{Tags: c.tags}); got != c.want {
				t.Errorf("%v: %q, want %q", c.tags, got, c.want)
			}
		}
	}
}
