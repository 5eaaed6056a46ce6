package export_test

import (
	"encoding/json"
	"strings"
	"testing"

	"surety/internal/plan"
	"surety/services/lambda/actions/export"
)

const hostile = "build '7' \"${x}\" %{y}\n\x1b[31m$(touch owned)`id`"

// moving is a plan that publishes a function, moves an alias to the new version,
// another to one that is there already, and deletes a version.
func moving(t *testing.T) *plan.Plan {
	t.Helper()
	text := func(v any) json.RawMessage {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	step := func(action, qualifier, api string, before, after, input any) plan.Step {
		return plan.Step{Action: action, Resource: "arn:aws:lambda:us-east-1:111122223333:function:orders", Qualifier: qualifier, Rule: "Lambda-006", Group: "g",
			Before: text(before), After: text(after), Reversible: api != "lambda:DeleteFunction", Call: plan.Call{API: api, Input: text(input)}}
	}
	version := map[string]string{"code": "c0de", "role": "arn:aws:iam::111122223333:role/surety/orders", "description": hostile, "like": "3"}
	return &plan.Plan{ID: "p", Account: "111122223333", Steps: []plan.Step{
		step("lambda-version", "", "lambda:PublishVersion", nil, version, map[string]string{"FunctionName": "orders", "CodeSha256": "c0de", "Description": hostile}),
		step("lambda-alias", "live", "lambda:UpdateAlias", map[string]string{"version": "3"}, map[string]any{"published": version}, map[string]string{"FunctionName": "orders", "Name": "live", "FunctionVersion": "the version described as " + hostile}),
		step("lambda-alias", "beta", "lambda:UpdateAlias", map[string]string{"version": "2"}, map[string]string{"version": "4"}, map[string]string{"FunctionName": "orders", "Name": "beta", "FunctionVersion": "4"}),
		step("lambda-version", "1", "lambda:DeleteFunction", map[string]string{"code": "o1d", "role": "r"}, nil, map[string]string{"FunctionName": "orders", "Qualifier": "1"}),
	}}
}

// The script keeps the number that Lambda gives the version; what comes from the
// account stands in quotes, whatever it is.
func TestVersionsAsCommands(t *testing.T) {
	got, err := export.AWS(moving(t))
	if err != nil {
		t.Fatal(err)
	}
	want := `#!/bin/sh
# Plan p for account 111122223333. Made from a plan of surety; it checks no guards.
set -eu
[ "$(aws sts get-caller-identity --query Account --output text)" = 111122223333 ] || { echo 'these credentials are of another account than the plan' >&2; exit 1; }

# Lambda-006 arn:aws:lambda:us-east-1:111122223333:function:orders
version=$(aws lambda publish-version --region us-east-1 --cli-input-json '{"CodeSha256":"c0de","Description":"build '\''7'\'' \"${x}\" %{y}\n\u001b[31m$(touch owned)` + "`id`" + `","FunctionName":"orders"}' --query Version --output text)
aws lambda wait published-version-active --region us-east-1 --function-name=orders --qualifier "$version"

# Lambda-006 arn:aws:lambda:us-east-1:111122223333:function:orders:live
aws lambda update-alias --region us-east-1 --cli-input-json '{"FunctionName":"orders","Name":"live"}' --function-version "$version"

# Lambda-006 arn:aws:lambda:us-east-1:111122223333:function:orders:beta
aws lambda update-alias --region us-east-1 --cli-input-json '{"FunctionName":"orders","FunctionVersion":"4","Name":"beta"}'

# Lambda-006 arn:aws:lambda:us-east-1:111122223333:function:orders:1
# cannot be undone: lambda:DeleteFunction
aws lambda delete-function --region us-east-1 --cli-input-json '{"FunctionName":"orders","Qualifier":"1"}'
`
	if got != want {
		t.Errorf("the script is\n%s\nwant\n%s", got, want)
	}
}

// A template holds the version; aliases are the stack's own, so it says what to
// change in them.
func TestVersionsAsTemplates(t *testing.T) {
	text, err := export.CloudFormation(moving(t))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Metadata struct {
			Surety struct{ PointTheseAliases, DeleteTheseVersions []string }
		}
		Resources map[string]struct {
			Type       string
			Properties map[string]string
		}
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	v := got.Resources["VersionOrders"]
	if len(got.Resources) != 1 || v.Type != "AWS::Lambda::Version" || v.Properties["Description"] != hostile || v.Properties["CodeSha256"] != "c0de" {
		t.Errorf("resources: %+v", got.Resources)
	}
	said := strings.Join(append(got.Metadata.Surety.PointTheseAliases, got.Metadata.Surety.DeleteTheseVersions...), "\n")
	const arn = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	if want := arn + ":beta 4\n" + arn + ":live VersionOrders\n" + arn + ":1"; said != want {
		t.Errorf("it says\n%s\nwant\n%s", said, want)
	}
	terraform, err := export.Terraform(moving(t))
	if err != nil {
		t.Fatal(err)
	}
	want := "# Plan p for account 111122223333.\n" +
		"\n# In the aws_lambda_function of " + arn + ": publish = true\n" +
		"\n# In the aws_lambda_alias of " + arn + ":live: function_version = the function's version, once it is published\n" +
		"\n# In the aws_lambda_alias of " + arn + ":beta: function_version = 4\n" +
		"\n# Delete version " + arn + ":1, which no resource of Terraform's stands for.\n"
	if terraform != want {
		t.Errorf("Terraform is\n%s\nwant\n%s", terraform, want)
	}
}
