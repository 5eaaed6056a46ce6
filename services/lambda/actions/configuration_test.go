package actions_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/services/lambda"
	"surety/services/lambda/actions"
	"surety/services/lambda/actions/features"
)

// configured is an account with a function that has everything, and one that has
// nothing.
func configured() *awssim.World {
	const queue, topic = "arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sns:us-east-1:111122223333:t"
	all := &awssim.Function{Name: "all", Configuration: awssim.Configuration{
		KMSKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1", Layers: []string{"arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:5"}, Tracing: "Active",
		Subnets: []string{"subnet-1"}, DeadLetters: queue, FileSystems: []string{"arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/a"}, LogGroup: "/own", Durable: true},
		Versions: []*awssim.Configuration{{Version: "1"}}, Aliases: []*awssim.Alias{{Name: "prod", Version: "1"}},
		Mappings:     []*awssim.Mapping{{Source: queue}, {Qualifier: "prod", Source: "arn:aws:mq:us-east-1:111122223333:broker:b:b-1", Secret: "arn:aws:secretsmanager:us-east-1:111122223333:secret:s", State: "Disabled", OnFailure: topic}},
		Destinations: []awssim.Destinations{{OnSuccess: topic}, {Qualifier: "prod", OnFailure: "arn:aws:s3:::failed"}}}
	for range 120 { // more than a page holds
		all.Mappings = append(all.Mappings, &awssim.Mapping{Source: queue})
	}
	return &awssim.World{Accounts: []*awssim.Account{{ID: account, Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{all, {Name: "bare"}}}}}}}
}

func named(name string) *lambda.Function {
	return &lambda.Function{ARN: "arn:aws:lambda:us-east-1:" + account + ":function:" + name, Name: name, Account: account, Region: "us-east-1"}
}

// What a function is configured with is found wherever Lambda keeps it, and the
// mappings of a region are listed once.
func TestConfigurations(t *testing.T) {
	sim := collecttest.Simulate(t, configured(), awssim.Options{})
	reader := actions.NewConfigurations(collecttest.Config(sim, account))
	got, err := reader.Read(t.Context(), named("all"))
	if err != nil {
		t.Fatal(err)
	}
	const queue, topic = "arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sns:us-east-1:111122223333:t"
	want := features.Configuration{ARN: named("all").ARN, LogGroup: "/own", VPC: true, Tracing: true, Durable: true, Key: "arn:aws:kms:us-east-1:111122223333:key/1",
		Layers: []string{"arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:5"}, FileSystems: []string{"arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/a"},
		Targets: []string{queue, topic, "arn:aws:s3:::failed"},
		Sources: []features.Source{{ARN: queue}, {ARN: "arn:aws:mq:us-east-1:111122223333:broker:b:b-1", Secrets: []string{"arn:aws:secretsmanager:us-east-1:111122223333:secret:s"}, Target: topic}}}
	if len(got.Sources) != 122 {
		t.Errorf("%d sources, want 122", len(got.Sources))
	}
	got.Sources = got.Sources[:min(2, len(got.Sources))]
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("configuration (-want +got):\n%s", d)
	}
	bare, err := reader.Read(t.Context(), named("bare"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(features.Configuration{ARN: named("bare").ARN, LogGroup: "/aws/lambda/bare"}, bare); d != "" {
		t.Errorf("of nothing (-want +got):\n%s", d)
	}
	if n := sim.CountByAPI(awssim.Calls{})["ListEventSourceMappings"]; n != 2 {
		t.Errorf("the mappings were asked for in %d calls, want the 2 pages once", n)
	}
}

// A part that cannot be read is an error in one line, never "nothing there".
func TestConfigurationsThatCannotBeRead(t *testing.T) {
	for _, api := range []string{"GetFunctionConfiguration", "ListFunctionEventInvokeConfigs", "ListEventSourceMappings"} {
		for _, kind := range []awssim.Kind{awssim.AccessDenied, awssim.ServerError, awssim.HTML, awssim.Truncated, awssim.Throttle, awssim.EndlessPage} {
			if kind == awssim.EndlessPage && api == "GetFunctionConfiguration" {
				continue // it has no pages
			}
			t.Run(api+" "+string(kind), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sim := collecttest.Simulate(t, configured(), awssim.Options{Faults: []awssim.Fault{{Kind: kind, API: api}}})
					got, err := actions.NewConfigurations(collecttest.Config(sim, account)).Read(t.Context(), named("all"))
					if err == nil || !strings.HasPrefix(err.Error(), "reading ") || strings.Contains(err.Error(), "\n") {
						t.Errorf("%+v, %v", got, err)
					}
				})
			})
		}
	}
}
