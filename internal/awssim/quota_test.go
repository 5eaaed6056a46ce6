package awssim_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surety/internal/awssim"
)

// Each bucket of an account and region gives its burst, then its rate; buckets,
// regions and accounts do not draw on each other.
func TestQuotasByBucket(t *testing.T) {
	const other = "444455556666"
	w := oneAccount(ordersFunction())
	w.Accounts = append(w.Accounts, &awssim.Account{ID: other, Regions: []*awssim.Region{{Name: region, Functions: []*awssim.Function{ordersFunction()}}}})
	w.Accounts[0].Regions = append(w.Accounts[0].Regions, &awssim.Region{Name: "eu-west-1", Functions: []*awssim.Function{ordersFunction()}})
	clock := newClock()
	s := start(t, w, awssim.Options{Clock: clock, Quotas: awssim.RealQuotas(0)})
	name := aws.String("orders")
	calls := map[string]func(*lambda.Client) error{
		"GetPolicy": func(c *lambda.Client) error {
			_, err := c.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: name})
			return err
		},
		"GetFunction": func(c *lambda.Client) error {
			_, err := c.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: name})
			return err
		},
		"ListAliases": func(c *lambda.Client) error {
			_, err := c.ListAliases(t.Context(), &lambda.ListAliasesInput{FunctionName: name})
			return err
		},
		"GetResourcePolicy": func(c *lambda.Client) error {
			_, err := c.GetResourcePolicy(t.Context(), &lambda.GetResourcePolicyInput{ResourceArn: aws.String("arn:aws:lambda:us-east-1:111122223333:function:orders")})
			return err
		},
	}
	here := lambdaOf(s)
	admitted := func(api string, c *lambda.Client, tries int) (n int) {
		for range tries {
			if err := calls[api](c); err == nil {
				n++
			} else {
				wantError(t, err, "TooManyRequestsException", 429)
			}
		}
		return n
	}
	got := map[string]int{
		"policies":        admitted("GetPolicy", here, 20),
		"functions":       admitted("GetFunction", here, 110),
		"lists":           admitted("ListAliases", here, 10),
		"the same bucket": admitted("GetResourcePolicy", here, 10),
		"other region":    admitted("ListAliases", lambda.NewFromConfig(signed(s, awssim.AccessKey(owner), "eu-west-1")), 20),
		"other account":   admitted("ListAliases", lambda.NewFromConfig(signed(s, awssim.AccessKey(other), region)), 20),
	}
	clock.now = clock.now.Add(time.Second / 3)
	got["a third of a second later"] = admitted("GetPolicy", here, 10)
	want := map[string]int{"policies": 15, "functions": 100, "lists": 10, "the same bucket": 5, "other region": 15, "other account": 15, "a third of a second later": 5}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	place := awssim.Calls{Account: owner, Region: region}
	if n, over := s.Count(place), s.Throttled(place); n != 20+110+20+10 || over != 5+10+5+5 {
		t.Errorf("counted %d calls, %d over the quota", n, over)
	}
	if d := cmp.Diff(map[string]int{"GetPolicy": 30, "GetFunction": 110, "ListAliases": 10, "GetResourcePolicy": 10}, s.CountByAPI(place)); d != "" {
		t.Error(d)
	}
}

// A throttle tells when to come back, and coming back then works.
func TestThrottleTellsWhenToComeBack(t *testing.T) {
	clock := newClock()
	s := start(t, oneAccount(ordersFunction()), awssim.Options{Clock: clock, Quotas: awssim.Quotas{GetPolicy: awssim.Quota{Rate: 0.5, Burst: 1}}})
	get := func() error {
		_, err := lambdaOf(s).GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("orders")})
		return err
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	var throttled *types.TooManyRequestsException
	if err := get(); !errors.As(err, &throttled) || aws.ToString(throttled.RetryAfterSeconds) != "2" || throttled.Reason != types.ThrottleReasonCallerRateLimitExceeded {
		t.Fatalf("%v %+v", err, throttled)
	}
	clock.now = clock.now.Add(2 * time.Second)
	if err := get(); err != nil {
		t.Fatal(err)
	}
}

// NeededBurst is the burst of the smallest bucket that takes every call.
func TestNeededBurstIsTheSmallestBucketThatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		waits := rapid.SliceOfN(rapid.IntRange(0, 400), 1, 40).Draw(t, "ms between calls")
		const rate = 5
		through := func(burst float64) (s *awssim.Sim) {
			clock := newClock()
			s, err := awssim.New(oneAccount(ordersFunction()), awssim.Options{Clock: clock, Quotas: awssim.Quotas{GetPolicy: awssim.Quota{Rate: rate, Burst: burst}}})
			if err != nil {
				t.Fatal(err)
			}
			for _, ms := range waits {
				clock.now = clock.now.Add(time.Duration(ms) * time.Millisecond)
				_, _ = lambdaOf(s).GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("orders")}) // counted below
			}
			return s
		}
		need := through(1000).NeededBurst(awssim.Calls{Bucket: awssim.BucketGetPolicy}, rate)
		if n := through(need + 1e-6).Throttled(awssim.Calls{}); n > 0 {
			t.Errorf("a burst of %v throttles %d calls", need, n)
		}
		if need >= 1.01 && through(need-0.01).Throttled(awssim.Calls{}) == 0 {
			t.Errorf("a burst below %v would do", need)
		}
	})
}

// Two callers share the bucket, and each is counted by its own name.
func TestNeighbours(t *testing.T) {
	w := oneAccount(ordersFunction())
	w.Callers = []awssim.Caller{{AccessKey: "AKIASCAN", Account: owner, Label: "scan"}, {AccessKey: "AKIADEPLOY", Account: owner, Label: "deploy"}}
	clock := newClock()
	s := start(t, w, awssim.Options{Clock: clock, Quotas: awssim.RealQuotas(1)})
	for i := range 100 {
		key := map[bool]string{true: "AKIADEPLOY", false: "AKIASCAN"}[i%4 == 0]
		_, err := lambda.NewFromConfig(signed(s, key, region)).GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("orders")})
		if err != nil {
			t.Fatal(err)
		}
		clock.now = clock.now.Add(100 * time.Millisecond)
	}
	scan := awssim.Calls{Caller: "scan", Account: owner, Region: region, Bucket: awssim.BucketGetPolicy}
	if n, peak, need := s.Count(scan), s.Peak(scan, time.Second), s.NeededBurst(scan, 7.5); n != 75 || peak != 8 || need < 1 || need > 2.1 {
		t.Errorf("scan: %d calls, at most %d a second, burst %v", n, peak, need)
	}
	if n := s.Count(awssim.Calls{Caller: "deploy"}); n != 25 {
		t.Errorf("deploy: %d calls", n)
	}
}
