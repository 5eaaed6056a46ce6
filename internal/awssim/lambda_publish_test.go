package awssim_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

// Nothing is published twice, nor when the code or the revision is not what the
// caller thinks. A number is never used again.
func TestPublishVersion(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(&awssim.Function{Name: "f", Configuration: awssim.Configuration{Role: "old"}}), awssim.Options{Clock: newClock()}))
	ctx, name := t.Context(), aws.String("f")
	first, err := client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name, Description: aws.String("one")})
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name, Description: aws.String("two")})
	if err != nil {
		t.Fatal(err)
	}
	if *first.Version != "1" || *again.Version != "1" || *again.Description != "one" {
		t.Errorf("published %s, then %s (%s): want version 1 both times", *first.Version, *again.Version, *again.Description)
	}
	changed, err := client.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: name, Role: aws.String("arn:aws:iam::111122223333:role/new")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name, CodeSha256: aws.String("other")})
	wantError(t, err, "InvalidParameterValueException", 400)
	second, err := client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name, CodeSha256: changed.CodeSha256, RevisionId: changed.RevisionId})
	if err != nil || *second.Version != "2" || *second.Role != *changed.Role {
		t.Fatalf("the second: %+v, %v", second, err)
	}
	if _, err := client.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name, Qualifier: aws.String("2")}); err != nil {
		t.Fatal(err)
	}
	third, err := client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name})
	if err != nil || *third.Version != "3" {
		t.Fatalf("after version 2 was deleted: %+v, %v", third, err)
	}
}

// An alias moves only as its caller last saw it, and shares its calls between
// published versions of one role only.
func TestUpdateAlias(t *testing.T) {
	f := &awssim.Function{Name: "f", Configuration: awssim.Configuration{Role: "new"},
		Versions: []*awssim.Configuration{{Version: "1", Role: "old"}, {Version: "2", Role: "old"}, {Version: "3"}},
		Aliases:  []*awssim.Alias{{Name: "live", Version: "1", Description: "kept"}}}
	client := lambdaOf(start(t, oneAccount(f), awssim.Options{}))
	weights := func(w map[string]float64) *types.AliasRoutingConfiguration {
		return &types.AliasRoutingConfiguration{AdditionalVersionWeights: w}
	}
	for _, c := range []struct {
		version string
		routing *types.AliasRoutingConfiguration
		refused string // the error's code; "" for none
	}{
		{"1", weights(map[string]float64{"2": 0.1}), ""},
		{"1", weights(map[string]float64{"3": 0.1}), "InvalidParameterValueException"},
		{"1", weights(map[string]float64{"2": 1.5}), "InvalidParameterValueException"},
		{"1", weights(map[string]float64{"2": 0.1, "3": 0.1}), "InvalidParameterValueException"},
		{"$LATEST", weights(map[string]float64{"3": 0.1}), "InvalidParameterValueException"},
		{"9", nil, "ResourceNotFoundException"},
		{"3", nil, "InvalidParameterValueException"}, // the weights are still there
		{"3", weights(nil), ""},
		{"1", nil, ""},
	} {
		out, err := client.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), FunctionVersion: &c.version, RoutingConfig: c.routing})
		switch {
		case c.refused == "ResourceNotFoundException":
			wantError(t, err, c.refused, 404)
		case c.refused != "":
			wantError(t, err, c.refused, 400)
		case err != nil || *out.FunctionVersion != c.version || *out.Description != "kept":
			t.Errorf("%s: %+v, %v", c.version, out, err)
		}
	}
	_, err := client.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), RevisionId: aws.String("stale")})
	wantError(t, err, "PreconditionFailedException", 412)
	_, err = client.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String("f"), Name: aws.String("none")})
	wantError(t, err, "ResourceNotFoundException", 404)
}

// A version that an alias references cannot be deleted, nor $LATEST alone.
func TestDeleteVersion(t *testing.T) {
	s := start(t, oneAccount(ordersFunction()), awssim.Options{})
	client := lambdaOf(s)
	remove := func(qualifier string) error {
		in := &lambda.DeleteFunctionInput{FunctionName: aws.String("orders")}
		if qualifier != "" {
			in.Qualifier = &qualifier
		}
		_, err := client.DeleteFunction(t.Context(), in)
		return err
	}
	wantError(t, remove("2"), "ResourceConflictException", 409)
	wantError(t, remove("1"), "ResourceConflictException", 409) // by weight
	wantError(t, remove("$LATEST"), "InvalidParameterValueException", 400)
	if err := remove("7"); err != nil {
		t.Errorf("a version that is not there: %v", err)
	}
	s.Edit(func(w *awssim.World) { w.Function("111122223333", "us-east-1", "orders").Aliases[0].Weights = nil })
	if err := remove("1"); err != nil {
		t.Fatal(err)
	}
	_, err := client.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("orders"), Qualifier: aws.String("1")})
	wantError(t, err, "ResourceNotFoundException", 404)
	if err := remove(""); err != nil {
		t.Fatal(err)
	}
	wantError(t, remove(""), "ResourceNotFoundException", 404)
}

// All mappings of a region come without a name; with one, those that name the
// function in just that way.
func TestListEventSourceMappings(t *testing.T) {
	const queue, stream = "arn:aws:sqs:us-east-1:111122223333:jobs", "arn:aws:kinesis:us-east-1:111122223333:stream/clicks"
	orders := ordersFunction()
	orders.Mappings = []*awssim.Mapping{{Source: queue}, {Source: stream, Qualifier: "prod"}, {Source: stream, Qualifier: "1", State: "Disabled"}}
	client := lambdaOf(start(t, oneAccount(orders, &awssim.Function{Name: "other", Mappings: []*awssim.Mapping{{Source: queue}}}), awssim.Options{}))
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"", "", []string{"orders Enabled", "orders:prod Enabled", "orders:1 Disabled", "other Enabled"}},
		{"orders", "", []string{"orders Enabled"}},
		{"orders:prod", "", []string{"orders:prod Enabled"}},
		{"", queue, []string{"orders Enabled", "other Enabled"}},
	} {
		in := &lambda.ListEventSourceMappingsInput{MaxItems: aws.Int32(1)}
		if c.name != "" {
			in.FunctionName = &c.name
		}
		if c.source != "" {
			in.EventSourceArn = &c.source
		}
		var got []string
		for p := lambda.NewListEventSourceMappingsPaginator(client, in); p.HasMorePages(); {
			out, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range out.EventSourceMappings {
				got = append(got, (*m.FunctionArn)[len("arn:aws:lambda:us-east-1:111122223333:function:"):]+" "+*m.State)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s %s: %s", c.name, c.source, d)
		}
	}
	_, err := client.ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{FunctionName: aws.String("gone")})
	wantError(t, err, "ResourceNotFoundException", 404)
}
