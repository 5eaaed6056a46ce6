package actions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"surety/services/lambda"
)

// stackTag is put on every resource by CloudFormation, which nobody else can do.
// Source: CloudFormation user guide, resource tags.
const stackTag = "aws:cloudformation:stack-name"

// Owner says what else writes a function, so that a change by hand would be
// undone by its next deployment; "" for nothing known. Terraform and its kin leave
// no mark of their own: they are found by a tag that people put, such as
// managed-by=terraform. Taking one for an owner that is none costs a flag.
func Owner(fn *lambda.Function) string {
	if stack := fn.Tags[stackTag]; stack != "" {
		return fmt.Sprintf("CloudFormation stack %s", stack)
	}
	for _, key := range slices.Sorted(maps.Keys(fn.Tags)) {
		value := fn.Tags[key]
		plain := strings.NewReplacer("-", "", "_", "", ":", "", " ", "").Replace(strings.ToLower(key))
		tool := slices.Contains([]string{"managedby", "managedwith", "provisionedby", "provisioner", "createdby", "deployedby", "iac", "tool"}, plain)
		for _, name := range []string{"Terraform", "OpenTofu", "Terragrunt"} {
			low := strings.ToLower(name)
			if tool && strings.Contains(strings.ToLower(value), low) || strings.EqualFold(strings.TrimSpace(value), low) || plain == low && !strings.EqualFold(value, "false") {
				return fmt.Sprintf("%s (tag %s=%s)", name, key, value)
			}
		}
	}
	return ""
}
