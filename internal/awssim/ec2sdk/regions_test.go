// Package ec2sdk_test holds the simulated EC2 to the real client. It stands apart
// because that client takes longer to compile than all others together.
package ec2sdk_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

const owner = "111122223333"

func client(t *testing.T, faults ...awssim.Fault) *ec2.Client {
	t.Helper()
	w := &awssim.World{Accounts: []*awssim.Account{{ID: owner, Regions: []*awssim.Region{
		{Name: "us-east-1"}, {Name: "af-south-1", Status: "ENABLED"}, {Name: "ap-east-1", Status: "DISABLED"}, {Name: "me-south-1", Status: "ENABLING"}}}}}
	s, err := awssim.New(w, awssim.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	return ec2.NewFromConfig(aws.Config{
		Region: "us-east-1", HTTPClient: s.Client(), BaseEndpoint: aws.String("http://aws.invalid"),
		Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(owner), "secret", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	})
}

func TestDescribeRegions(t *testing.T) {
	for all, want := range map[bool][]string{
		false: {"us-east-1 opt-in-not-required", "af-south-1 opted-in"},
		true:  {"us-east-1 opt-in-not-required", "af-south-1 opted-in", "ap-east-1 not-opted-in", "me-south-1 not-opted-in"},
	} {
		out, err := client(t).DescribeRegions(t.Context(), &ec2.DescribeRegionsInput{AllRegions: &all})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range out.Regions {
			got = append(got, *r.RegionName+" "+*r.OptInStatus)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}

func TestErrors(t *testing.T) {
	for kind, want := range map[awssim.Kind]struct {
		code   string
		status int
	}{
		awssim.AccessDenied: {"UnauthorizedOperation", 403},
		awssim.DeniedBySCP:  {"UnauthorizedOperation", 403},
		awssim.Throttle:     {"RequestLimitExceeded", 503},
		awssim.ServerError:  {"InternalError", 500},
		awssim.ExpiredToken: {"RequestExpired", 400},
	} {
		_, err := client(t, awssim.Fault{Kind: kind}).DescribeRegions(t.Context(), &ec2.DescribeRegionsInput{})
		var api smithy.APIError
		var response *awshttp.ResponseError
		if !errors.As(err, &api) || !errors.As(err, &response) {
			t.Errorf("%s: %v", kind, err)
		} else if api.ErrorCode() != want.code || response.HTTPStatusCode() != want.status {
			t.Errorf("%s: %d %s", kind, response.HTTPStatusCode(), api.ErrorCode())
		}
	}
}
