package awssim_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"surety/internal/awssim"
)

// wantError holds an error of the SDK to a code and a status.
func wantError(t *testing.T, err error, code string, status int) {
	t.Helper()
	var api smithy.APIError
	var response *awshttp.ResponseError
	if !errors.As(err, &api) || !errors.As(err, &response) {
		t.Errorf("wanted %s, got %v", code, err)
		return
	}
	if api.ErrorCode() != code || response.HTTPStatusCode() != status || api.ErrorMessage() == "" {
		t.Errorf("wanted %d %s, got %d %s: %s", status, code, response.HTTPStatusCode(), api.ErrorCode(), api.ErrorMessage())
	}
}

// Each form of AddPermission, and the statement that AWS stores for it.
func TestAddPermissionForms(t *testing.T) {
	arn := `"Resource":"` + ordersARN + `"`
	for sid, c := range map[string]struct {
		in   lambda.AddPermissionInput
		want string
	}{
		"account":     {lambda.AddPermissionInput{Principal: aws.String("999988887777")}, `"Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"lambda:InvokeFunction",` + arn + `}`},
		"role":        {lambda.AddPermissionInput{Principal: aws.String("arn:aws:iam::999988887777:role/r")}, `"Principal":{"AWS":"arn:aws:iam::999988887777:role/r"},"Action":"lambda:InvokeFunction",` + arn + `}`},
		"anybody":     {lambda.AddPermissionInput{Principal: aws.String("*"), Action: aws.String("lambda:*")}, `"Principal":"*","Action":"lambda:*",` + arn + `}`},
		"service":     {lambda.AddPermissionInput{Principal: aws.String("sns.amazonaws.com"), SourceArn: aws.String("arn:aws:sns:us-east-1:111122223333:t")}, `"Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction",` + arn + `,"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:sns:us-east-1:111122223333:t"}}}`},
		"bucket":      {lambda.AddPermissionInput{Principal: aws.String("s3.amazonaws.com"), SourceArn: aws.String("arn:aws:s3:::b"), SourceAccount: aws.String("111122223333")}, `"Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::b"}}}`},
		"org":         {lambda.AddPermissionInput{Principal: aws.String("*"), PrincipalOrgID: aws.String("o-a1b2c3d4e5")}, `"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}`},
		"skill":       {lambda.AddPermissionInput{Principal: aws.String("alexa-appkit.amazon.com"), EventSourceToken: aws.String("amzn1.ask.skill.1")}, `"Principal":{"Service":"alexa-appkit.amazon.com"},"Action":"lambda:InvokeFunction",` + arn + `,"Condition":{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.1"}}}`},
		"url":         {lambda.AddPermissionInput{Principal: aws.String("*"), Action: aws.String("lambda:InvokeFunctionUrl"), FunctionUrlAuthType: types.FunctionUrlAuthTypeNone}, `"Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}`},
		"by-url":      {lambda.AddPermissionInput{Principal: aws.String("*"), InvokedViaFunctionUrl: aws.Bool(true)}, `"Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}`},
		"on-an-alias": {lambda.AddPermissionInput{Principal: aws.String("*"), Qualifier: aws.String("prod")}, `"Resource":"` + ordersARN + `:prod"}`},
		"on-a-number": {lambda.AddPermissionInput{Principal: aws.String("*"), Qualifier: aws.String("2")}, `"Resource":"` + ordersARN + `:2"}`},
	} {
		t.Run(sid, func(t *testing.T) {
			client := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{}))
			in := c.in
			in.FunctionName, in.StatementId = aws.String("orders"), aws.String(sid)
			if in.Action == nil {
				in.Action = aws.String("lambda:InvokeFunction")
			}
			out, err := client.AddPermission(t.Context(), &in)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(*out.Statement, `{"Sid":"`+sid+`","Effect":"Allow",`) || !strings.HasSuffix(*out.Statement, c.want) {
				t.Errorf("answered %s", *out.Statement)
			}
			stored, err := client.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: in.FunctionName, Qualifier: in.Qualifier})
			if err != nil {
				t.Fatal(err)
			}
			if got := statementOf(t, *stored.Policy, sid); got != *out.Statement {
				t.Errorf("stored %s", got)
			}
		})
	}
}

func TestAddPermissionRefusals(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{}))
	for name, c := range map[string]struct {
		in     lambda.AddPermissionInput
		code   string
		status int
	}{
		"repeated Sid":     {lambda.AddPermissionInput{StatementId: aws.String("whole")}, "ResourceConflictException", 409},
		"Sid with a dot":   {lambda.AddPermissionInput{StatementId: aws.String("a.b")}, "InvalidParameterValueException", 400},
		"other action":     {lambda.AddPermissionInput{Action: aws.String("s3:GetObject")}, "InvalidParameterValueException", 400},
		"no principal":     {lambda.AddPermissionInput{Principal: aws.String("somebody")}, "InvalidParameterValueException", 400},
		"short org":        {lambda.AddPermissionInput{PrincipalOrgID: aws.String("o-1")}, "InvalidParameterValueException", 400},
		"old revision":     {lambda.AddPermissionInput{RevisionId: aws.String("00000000-0000-4000-a000-000000000000")}, "PreconditionFailedException", 412},
		"$LATEST":          {lambda.AddPermissionInput{Qualifier: aws.String("$LATEST")}, "InvalidParameterValueException", 400},
		"unknown alias":    {lambda.AddPermissionInput{Qualifier: aws.String("beta")}, "ResourceNotFoundException", 404},
		"unknown function": {lambda.AddPermissionInput{FunctionName: aws.String("gone")}, "ResourceNotFoundException", 404},
	} {
		t.Run(name, func(t *testing.T) {
			in := c.in
			in.FunctionName = aws.String(aws.ToString(in.FunctionName) + map[bool]string{true: "orders"}[in.FunctionName == nil])
			for p, v := range map[**string]string{&in.StatementId: "s", &in.Action: "lambda:InvokeFunction", &in.Principal: "999988887777"} {
				if *p == nil {
					*p = aws.String(v)
				}
			}
			_, err := client.AddPermission(t.Context(), &in)
			wantError(t, err, c.code, c.status)
		})
	}
}

// The last statement takes the policy with it.
func TestRemovePermission(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{}))
	in := &lambda.RemovePermissionInput{FunctionName: aws.String("orders"), StatementId: aws.String("none")}
	_, err := client.RemovePermission(t.Context(), in)
	wantError(t, err, "ResourceNotFoundException", 404)
	in.StatementId, in.RevisionId = aws.String("whole"), aws.String("00000000-0000-4000-a000-000000000000")
	_, err = client.RemovePermission(t.Context(), in)
	wantError(t, err, "PreconditionFailedException", 412)
	before, err := client.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: in.FunctionName})
	if err != nil {
		t.Fatal(err)
	}
	in.RevisionId = before.RevisionId
	if _, err = client.RemovePermission(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	_, err = client.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: in.FunctionName})
	wantError(t, err, "ResourceNotFoundException", 404)
}

// A document is replaced whole, and only by somebody who has read the one it
// replaces; whatever changes the function in between makes the write fail.
func TestPutResourcePolicyComparesAndSets(t *testing.T) {
	orders := ordersFunction()
	orders.Code = "newer than the last version, so that there is something to publish"
	orders.Versions[1].Code = "old"
	client := lambdaOf(start(t, oneAccount(orders), awssim.Options{Clock: newClock()}))
	ctx, arn := t.Context(), aws.String(ordersARN)
	first, err := client.GetResourcePolicy(ctx, &lambda.GetResourcePolicyInput{ResourceArn: arn})
	if err != nil {
		t.Fatal(err)
	}
	document := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"lambda:*","Resource":"` + ordersARN + `"}]}`)
	second, err := client.PutResourcePolicy(ctx, &lambda.PutResourcePolicyInput{ResourceArn: arn, Policy: document, RevisionId: first.RevisionId})
	if err != nil {
		t.Fatal(err)
	}
	if *second.Policy != *document || *second.RevisionId == *first.RevisionId {
		t.Errorf("stored %s at %s", *second.Policy, *second.RevisionId)
	}
	_, err = client.PutResourcePolicy(ctx, &lambda.PutResourcePolicyInput{ResourceArn: arn, Policy: document, RevisionId: first.RevisionId})
	wantError(t, err, "PreconditionFailedException", 412)
	if _, err = client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: aws.String("orders")}); err != nil {
		t.Fatal(err)
	}
	_, err = client.PutResourcePolicy(ctx, &lambda.PutResourcePolicyInput{ResourceArn: arn, Policy: document, RevisionId: second.RevisionId})
	wantError(t, err, "PreconditionFailedException", 412)
	if _, err = client.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: arn, StatementId: aws.String("more"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("*")}); err != nil {
		t.Fatal(err)
	}
	read, err := client.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: arn})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(*read.Policy, `"Effect":"Deny"`) || statementOf(t, *read.Policy, "more") == "" {
		t.Errorf("AddPermission did not append to the document: %s", *read.Policy)
	}
	_, err = client.DeleteResourcePolicy(ctx, &lambda.DeleteResourcePolicyInput{ResourceArn: arn, RevisionId: second.RevisionId})
	wantError(t, err, "PreconditionFailedException", 412)
	if _, err = client.DeleteResourcePolicy(ctx, &lambda.DeleteResourcePolicyInput{ResourceArn: arn, RevisionId: read.RevisionId}); err != nil {
		t.Fatal(err)
	}
	_, err = client.GetResourcePolicy(ctx, &lambda.GetResourcePolicyInput{ResourceArn: arn})
	wantError(t, err, "ResourceNotFoundException", 404)
}

func TestPutResourcePolicyRefusals(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{}))
	for name, c := range map[string]struct {
		arn, policy, code string
		status            int
	}{
		"no JSON":      {ordersARN, "{", "InvalidParameterValueException", 400},
		"no statement": {ordersARN, "{}", "InvalidParameterValueException", 400},
		"too long":     {ordersARN, `{"Statement":[],"Id":"` + strings.Repeat("x", 20480) + `"}`, "PolicyLengthExceededException", 400},
		"not an ARN":   {"orders", `{"Statement":[]}`, "InvalidParameterValueException", 400},
		"no function":  {ordersARN + "-not", `{"Statement":[]}`, "ResourceNotFoundException", 404},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.PutResourcePolicy(t.Context(), &lambda.PutResourcePolicyInput{ResourceArn: &c.arn, Policy: &c.policy})
			wantError(t, err, c.code, c.status)
		})
	}
}
