package awssim_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/awssim"
)

// Every call says of what is not there that it is not found, and changes nothing.
func TestWhatIsNotThere(t *testing.T) {
	gone, orders := aws.String("gone"), aws.String("orders")
	nine, none := aws.String("9"), aws.String("none")
	for name, call := range map[string]func(context.Context, *lambda.Client) error{
		"aliases": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.ListAliases(ctx, &lambda.ListAliasesInput{FunctionName: gone})
			return err
		},
		"alias": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: orders, Name: none})
			return err
		},
		"alias of nothing": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: gone, Name: none})
			return err
		},
		"versions": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: gone})
			return err
		},
		"version": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: orders, Qualifier: nine})
			return err
		},
		"function": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: gone})
			return err
		},
		"URLs": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.ListFunctionUrlConfigs(ctx, &lambda.ListFunctionUrlConfigsInput{FunctionName: gone})
			return err
		},
		"URL": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: orders, Qualifier: none})
			return err
		},
		"URL to change": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.UpdateFunctionUrlConfig(ctx, &lambda.UpdateFunctionUrlConfigInput{FunctionName: orders, Qualifier: none, AuthType: types.FunctionUrlAuthTypeNone})
			return err
		},
		"tags": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.ListTags(ctx, &lambda.ListTagsInput{Resource: aws.String(ordersARN + "-not")})
			return err
		},
		"publish": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: gone})
			return err
		},
		"update": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: gone})
			return err
		},
		"new alias": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: orders, Name: none, FunctionVersion: nine})
			return err
		},
		"no policy to remove from": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: orders, Qualifier: aws.String("2"), StatementId: none})
			return err
		},
		"no policy to delete": func(ctx context.Context, c *lambda.Client) error {
			_, err := c.DeleteResourcePolicy(ctx, &lambda.DeleteResourcePolicyInput{ResourceArn: aws.String(ordersARN + ":2")})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, oneAccount(ordersFunction()), awssim.Options{})
			wantError(t, call(t.Context(), lambdaOf(s)), "ResourceNotFoundException", 404)
		})
	}
}

// What cannot be written is refused.
func TestWritesThatAreRefused(t *testing.T) {
	replica := &awssim.Function{Name: "replica", Configuration: awssim.Configuration{MasterArn: "arn:aws:lambda:us-east-1:111122223333:function:edge:4"}}
	c := lambdaOf(start(t, oneAccount(ordersFunction(), replica), awssim.Options{}))
	ctx, orders := t.Context(), aws.String("orders")
	_, err := c.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: orders, Name: aws.String("prod"), FunctionVersion: aws.String("1")})
	wantError(t, err, "ResourceConflictException", 409)
	_, err = c.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: orders, Name: aws.String("7"), FunctionVersion: aws.String("1")})
	wantError(t, err, "InvalidParameterValueException", 400)
	_, err = c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("replica"), Timeout: aws.Int32(9)})
	wantError(t, err, "InvalidParameterValueException", 400)
	_, err = c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: orders, RevisionId: aws.String("00000000-0000-4000-a000-000000000000")})
	wantError(t, err, "PreconditionFailedException", 412)
	_, err = c.UpdateFunctionUrlConfig(ctx, &lambda.UpdateFunctionUrlConfigInput{FunctionName: orders, AuthType: "OPEN"})
	wantError(t, err, "InvalidParameterValueException", 400)
	_, err = c.ListTags(ctx, &lambda.ListTagsInput{Resource: aws.String(ordersARN + ":prod")})
	wantError(t, err, "InvalidParameterValueException", 400)
}

// Changes to $LATEST are seen there, and a published version can be made at birth.
func TestConfigurationIsWhatWasWritten(t *testing.T) {
	c := lambdaOf(start(t, oneAccount(), awssim.Options{Clock: newClock()}))
	ctx, name := t.Context(), aws.String("made")
	made, err := c.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: name, Role: aws.String("arn:aws:iam::111122223333:role/r"), Publish: true,
		PackageType: types.PackageTypeImage, Code: &types.FunctionCode{ImageUri: aws.String("x")}, Architectures: []types.Architecture{types.ArchitectureArm64}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: name, MemorySize: aws.Int32(512), Timeout: aws.Int32(9),
		Environment: &types.Environment{Variables: map[string]string{"A": "b"}}})
	if err != nil {
		t.Fatal(err)
	}
	if *made.Version != "1" || made.Runtime != "" || made.Architectures[0] != types.ArchitectureArm64 {
		t.Errorf("made %s %q %v", *made.Version, made.Runtime, made.Architectures)
	}
	if *out.MemorySize != 512 || *out.Timeout != 9 || out.Environment.Variables["A"] != "b" || out.PackageType != types.PackageTypeImage {
		t.Errorf("updated to %+v", out)
	}
}

// A call changes of a URL what it names, and no other URL.
func TestURLIsWhatWasWritten(t *testing.T) {
	c := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{Clock: newClock()}))
	ctx, orders, prod := t.Context(), aws.String("orders"), aws.String("prod")
	for _, in := range []*lambda.UpdateFunctionUrlConfigInput{
		{Cors: &types.Cors{AllowOrigins: []string{"https://example.com"}, MaxAge: aws.Int32(60)}, InvokeMode: types.InvokeModeResponseStream},
		{AuthType: types.FunctionUrlAuthTypeNone},
	} {
		in.FunctionName, in.Qualifier = orders, prod
		if _, err := c.UpdateFunctionUrlConfig(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: orders, Qualifier: prod})
	if err != nil {
		t.Fatal(err)
	}
	if out.AuthType != "NONE" || out.InvokeMode != "RESPONSE_STREAM" || out.Cors.AllowOrigins[0] != "https://example.com" || *out.Cors.MaxAge != 60 || *out.LastModifiedTime == *out.CreationTime {
		t.Errorf("the alias's URL is %+v", out)
	}
	if out, err := c.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: orders}); err != nil || out.Cors != nil || out.InvokeMode != "BUFFERED" {
		t.Errorf("the function's URL is %+v: %v", out, err)
	}
}
