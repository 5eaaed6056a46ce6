package actions

import (
	"fmt"
	"slices"
	"strings"

	"surety/services/lambda"
)

// stackTag is put on every resource by CloudFormation, which nobody else can do.
// Source: CloudFormation user guide, resource tags.
const stackTag = "aws:cloudformation:stack-name"

// Owner says what else writes a function, so that a change by hand would be
// undone by its next deployment; "" for nothing known. Terraform leaves no mark
// of its own: it is found by a tag that people put, such as managed-by=terraform.
func Owner(fn *lambda.Function) string {
	if stack := fn.Tags[stackTag]; stack != "" {
		return fmt.Sprintf("CloudFormation stack %s", stack)
	}
	for key, value := range fn.Tags {
		plain := strings.NewReplacer("-", "", "_", "", ":", "", " ", "").Replace(strings.ToLower(key))
		if slices.Contains([]string{"managedby", "provisionedby", "createdby", "iac", "tool"}, plain) && strings.Contains(strings.ToLower(value), "terraform") ||
			plain == "terraform" && !strings.EqualFold(value, "false") {
			return fmt.Sprintf("Terraform (tag %s=%s)", key, value)
		}
	}
	return ""
}
