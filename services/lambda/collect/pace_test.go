package collect_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/resource"
	lambdacollect "surety/services/lambda/collect"
)

func readers(sim *awssim.Sim) []collect.Reader { return readersWith(collecttest.Config(sim, account)) }

func readersWith(cfg aws.Config) []collect.Reader { return []collect.Reader{lambdacollect.New(cfg)} }

// Over any window, a scan makes no more calls than its share, even when the
// calls are slow or have to be retried.
func TestShareIsKept(t *testing.T) {
	for _, c := range []struct {
		name   string
		rate   collect.Rate
		faults []awssim.Fault
	}{
		{"half", 0.5, nil},
		{"all", 1, nil},
		{"retries", 0.5, []awssim.Fault{{Kind: awssim.ServerError, First: 1, Times: 40}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := generated(t, 200, awssim.Options{Latency: 80 * time.Millisecond, Quotas: awssim.RealQuotas(1.25), Faults: c.faults})
				plan := planFor(audit, "us-east-1")
				plan.Rate = c.rate
				got := run(t.Context(), t, sim, plan, collect.Observer{})
				if got.Snapshot.Footer.Throttled != 0 {
					t.Errorf("%d calls were throttled", got.Snapshot.Footer.Throttled)
				}
				for _, bucket := range []string{awssim.BucketGetPolicy, awssim.BucketOther} {
					if need := sim.NeededBurst(awssim.Calls{Bucket: bucket}, 15*float64(c.rate)); need > 1.2501 {
						t.Errorf("%s: needs a burst of %.2f", bucket, need)
					}
				}
				if n := sim.Count(awssim.Calls{}); n != got.Snapshot.Footer.Calls {
					t.Errorf("%d calls arrived, %d were counted", n, got.Snapshot.Footer.Calls)
				}
			})
		})
	}
}

// A neighbour who deploys at five calls a second on the same quotas is never
// throttled because of a scan.
func TestNeighbour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := awssim.Generate(awssim.Size{Account: account, Functions: 300})
		w.Callers = []awssim.Caller{{AccessKey: "AKIANEIGHBOUR0000000", Account: account, Label: "neighbour"}}
		sim := collecttest.Simulate(t, w, awssim.Options{Quotas: awssim.RealQuotas(3)})
		ctx, stop := context.WithCancel(t.Context())
		var neighbour sync.WaitGroup
		neighbour.Go(func() { deploy(ctx, sim) })
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{})
		stop()
		neighbour.Wait()
		if n := sim.Throttled(awssim.Calls{Caller: "neighbour"}); n != 0 {
			t.Errorf("%d calls of the neighbour were throttled", n)
		}
		if n := sim.Count(awssim.Calls{Caller: "neighbour"}); n < 300 {
			t.Errorf("the neighbour made %d calls only", n)
		}
		if len(got.Snapshot.Gaps()) > 0 {
			t.Errorf("gaps: %v", got.Snapshot.Gaps())
		}
	})
}

// deploy makes five calls a second on each of the two quotas that a scan uses.
func deploy(ctx context.Context, sim *awssim.Sim) {
	cfg := collecttest.Config(sim, account)
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIANEIGHBOUR0000000", SecretAccessKey: "secret"}, nil
	})
	client := sdk.NewFromConfig(cfg, func(o *sdk.Options) { o.RetryMaxAttempts = 1 })
	name := aws.String("function-000001")
	for ctx.Err() == nil {
		// What comes back is the simulator's to count.
		_, _ = client.GetPolicy(ctx, &sdk.GetPolicyInput{FunctionName: name})
		_, _ = client.GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: name})
		time.Sleep(200 * time.Millisecond)
	}
}

// Somebody else's burst slows the scan down for a while and costs it nothing else.
func TestThrottlesAreRiddenOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 200, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Throttle, Service: "lambda", First: 30, Times: 12}}})
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{})
		if len(got.Snapshot.Gaps()) > 0 || got.Snapshot.Footer.Throttled != 12 {
			t.Errorf("%d throttles, gaps %v", got.Snapshot.Footer.Throttled, got.Snapshot.Gaps())
		}
	})
}

// The cost is told before it is spent, and it is right.
func TestEstimate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 200, awssim.Options{})
		var told []collect.Estimate
		began := time.Now()
		var failing time.Duration
		watch := collect.Observer{
			Estimate: func(e collect.Estimate) { told = append(told, e) },
			Resource: func(resource.Resource, bool) {
				if failing == 0 {
					failing = time.Since(began)
				}
			},
		}
		result := run(t.Context(), t, sim, planFor(audit, "us-east-1"), watch)
		took := time.Since(began)
		if len(told) != 2 || told[0].Firm || !told[1].Firm {
			t.Fatalf("estimates: %+v", told)
		}
		// The policies of aliases are not known of before aliases are read.
		if calls := result.Snapshot.Footer.Calls; told[1].Calls > calls || told[1].Calls < calls*9/10 {
			t.Errorf("%d calls were told and %d made", told[1].Calls, calls)
		}
		if told[1].Time > took || told[1].Time < took*8/10 {
			t.Errorf("%s were told and it took %s", told[1].Time, took)
		}
		if failing == 0 || failing > 2*time.Second {
			t.Errorf("the first policy was shown after %s", failing)
		}
	})
}
