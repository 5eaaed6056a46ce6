package awssim_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/awssim"
)

// The demo is read as a scan reads it: regions, then every page of functions.
func TestDemoIsAnAccountOfAboutThirtyFunctionsInThreeRegions(t *testing.T) {
	world, err := awssim.Demo()
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, world, awssim.Options{})
	cfg := signed(s, awssim.AccessKey(awssim.DemoAccount), "us-east-1")
	regions, err := account.NewFromConfig(cfg).ListRegions(t.Context(), &account.ListRegionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	functions, enabled := 0, 0
	for _, r := range regions.Regions {
		if r.RegionOptStatus == "DISABLED" {
			continue
		}
		enabled++
		cfg.Region = *r.RegionName
		out, err := lambda.NewFromConfig(cfg).ListFunctions(t.Context(), &lambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range out.Functions {
			if *f.Version == awssim.Latest {
				functions++
			}
		}
	}
	if enabled != 3 || functions < 28 || functions > 36 {
		t.Errorf("%d functions in %d regions", functions, enabled)
	}
}
