package region_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"surety/internal/aws/region"
	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/internal/resource"
)

const account = "111122223333"

func world() *awssim.World {
	return &awssim.World{Accounts: []*awssim.Account{{ID: account, Regions: []*awssim.Region{
		{Name: "us-east-1"}, {Name: "ap-east-1", Status: "DISABLED"}, {Name: "eu-central-2", Status: "ENABLED"}, {Name: "me-south-1", Status: "ENABLING"},
	}}}}
}

// The first service that answers well is believed; the other makes up for one
// that does not.
func TestEnabled(t *testing.T) {
	want := []resource.Region{"eu-central-2", "us-east-1"}
	for _, kind := range []awssim.Kind{"", awssim.AccessDenied, awssim.HTMLNotFound, awssim.Hang, awssim.Empty, awssim.WrongContent, awssim.EndlessPage} {
		t.Run("account answers "+string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var faults []awssim.Fault
				if kind != "" {
					faults = []awssim.Fault{{Kind: kind, Service: "account", Body: "{}"}}
				}
				sim := collecttest.Simulate(t, world(), awssim.Options{Faults: faults})
				got, err := region.Enabled(t.Context(), collecttest.Config(sim, account))
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

// A list with a hole is no list: the region in the hole would be missed by
// nobody.
func TestListsWithHoles(t *testing.T) {
	for _, body := range []string{
		`{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED"},{"RegionOptStatus":"ENABLED"}]}`,
		`{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED"},{"RegionName":"","RegionOptStatus":"ENABLED"}]}`,
		`{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED"},{"RegionName":"eu-central-2"}]}`,
		`{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED"},{"RegionName":"x.example/\u001b","RegionOptStatus":"ENABLED"}]}`,
		`{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED"},null]}`,
		`{"Regions":null}`,
	} {
		t.Run(body, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := collecttest.Simulate(t, world(), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.WrongContent, Service: "account", Body: body}}})
				got, err := region.Enabled(t.Context(), collecttest.Config(sim, account))
				if d := cmp.Diff([]resource.Region{"eu-central-2", "us-east-1"}, got); d != "" || err != nil { // as EC2 tells
					t.Errorf("error %v\n%s", err, d)
				}
			})
		})
	}
}

func TestNobodyKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, world(), awssim.Options{Faults: []awssim.Fault{
			{Kind: awssim.AccessDenied, Service: "account"}, {Kind: awssim.Truncated, Service: "ec2"},
		}})
		got, err := region.Enabled(t.Context(), collecttest.Config(sim, account))
		if err == nil {
			t.Fatalf("regions %v", got)
		}
		for _, word := range []string{"account:ListRegions", "AccessDenied", "ec2:DescribeRegions", resource.CodeMalformed} {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("the error does not say %s: %v", word, err)
			}
		}
		if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "RequestID") {
			t.Errorf("not one short line: %v", err)
		}
	})
}
