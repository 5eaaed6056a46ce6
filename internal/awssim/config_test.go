package awssim_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/smithy-go"

	"surety/internal/awssim"
)

func recordedWorld() *awssim.World {
	f := &awssim.Function{Name: "f", Grants: []awssim.Grant{{StatementID: "s", Principal: "444455556666"}}}
	g := &awssim.Function{Name: "g"}
	return &awssim.World{Accounts: []*awssim.Account{
		{ID: owner, Regions: []*awssim.Region{
			{Name: region, Functions: []*awssim.Function{f, g}, Recorder: &awssim.Recorder{Age: time.Hour}}, {Name: "eu-west-1"}, {Name: "af-south-1", Status: "DISABLED"},
		}},
		{ID: "444455556666", Regions: []*awssim.Region{{Name: region}}, Aggregators: []awssim.Aggregator{{Name: "all", Region: region, Accounts: []string{owner}}}},
	}}
}

func configOf(t *testing.T, account, at string) *configservice.Client {
	return configservice.NewFromConfig(signed(start(t, recordedWorld(), awssim.Options{}), awssim.AccessKey(account), at))
}

func keys(names ...string) (all []types.ResourceKey) {
	for _, n := range names {
		all = append(all, types.ResourceKey{ResourceId: aws.String(n), ResourceType: types.ResourceTypeFunction})
	}
	return all
}

// wants looks for the code of an error of AWS.
func wants(t *testing.T, err error, code string) {
	t.Helper()
	var said smithy.APIError
	if !errors.As(err, &said) || said.ErrorCode() != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

func TestBatchGetResourceConfig(t *testing.T) {
	out, err := configOf(t, owner, region).BatchGetResourceConfig(t.Context(), &configservice.BatchGetResourceConfigInput{ResourceKeys: keys("f", "g", "gone")})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.BaseConfigurationItems) != 2 || len(out.UnprocessedResourceKeys) != 1 || *out.UnprocessedResourceKeys[0].ResourceId != "gone" {
		t.Fatalf("%d items, left %v", len(out.BaseConfigurationItems), out.UnprocessedResourceKeys)
	}
	f, g := out.BaseConfigurationItems[0], out.BaseConfigurationItems[1]
	if *f.Arn != "arn:aws:lambda:"+region+":"+owner+":function:f" || *f.AwsRegion != region || *f.AccountId != owner || f.ConfigurationItemStatus != types.ConfigurationItemStatusOk {
		t.Errorf("%+v", f)
	}
	if age := time.Since(*f.ConfigurationItemCaptureTime).Round(time.Minute); age != time.Hour {
		t.Errorf("captured %s ago", age)
	}
	if !strings.HasPrefix(f.SupplementaryConfiguration["Policy"], `"{\"`) || !strings.Contains(*f.Configuration, `"revisionId":"`) {
		t.Errorf("%v, %s", f.SupplementaryConfiguration, *f.Configuration)
	}
	if _, has := g.SupplementaryConfiguration["Policy"]; has {
		t.Error("a function without a policy has a recorded one")
	}
}

func TestBatchGetResourceConfigRefuses(t *testing.T) {
	client, ctx := configOf(t, owner, region), t.Context()
	_, err := client.BatchGetResourceConfig(ctx, &configservice.BatchGetResourceConfigInput{ResourceKeys: []types.ResourceKey{}})
	wants(t, err, "ValidationException")
	_, err = client.BatchGetResourceConfig(ctx, &configservice.BatchGetResourceConfigInput{ResourceKeys: keys(strings.Split(strings.Repeat("f ", 101), " ")[:101]...)})
	wants(t, err, "ValidationException")
	_, err = configOf(t, owner, "eu-west-1").BatchGetResourceConfig(ctx, &configservice.BatchGetResourceConfigInput{ResourceKeys: keys("f")})
	wants(t, err, "NoAvailableConfigurationRecorderException")
	_, err = configOf(t, owner, "af-south-1").BatchGetResourceConfig(ctx, &configservice.BatchGetResourceConfigInput{ResourceKeys: keys("f")})
	wants(t, err, "UnrecognizedClientException")
}

func TestBatchGetAggregateResourceConfig(t *testing.T) {
	client, ctx := configOf(t, "444455556666", region), t.Context()
	id := func(account, region, name string) types.AggregateResourceIdentifier {
		return types.AggregateResourceIdentifier{
			ResourceId: aws.String(name), ResourceType: types.ResourceTypeFunction, SourceAccountId: aws.String(account), SourceRegion: aws.String(region),
		}
	}
	in := &configservice.BatchGetAggregateResourceConfigInput{ConfigurationAggregatorName: aws.String("all"), ResourceIdentifiers: []types.AggregateResourceIdentifier{
		id(owner, region, "f"), id(owner, "eu-west-1", "f"), id("444455556666", region, "f"), id("999988887777", region, "f"), id(owner, "xx-none-1", "f"),
	}}
	out, err := client.BatchGetAggregateResourceConfig(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.BaseConfigurationItems) != 1 || *out.BaseConfigurationItems[0].AccountId != owner || len(out.UnprocessedResourceIdentifiers) != 4 ||
		*out.UnprocessedResourceIdentifiers[1].SourceAccountId != "444455556666" {
		t.Errorf("%d items, left %+v", len(out.BaseConfigurationItems), out.UnprocessedResourceIdentifiers)
	}
	_, err = configOf(t, owner, region).BatchGetAggregateResourceConfig(ctx, in)
	wants(t, err, "NoSuchConfigurationAggregatorException")
	in.ConfigurationAggregatorName = aws.String("none")
	_, err = client.BatchGetAggregateResourceConfig(ctx, in)
	wants(t, err, "NoSuchConfigurationAggregatorException")
}
