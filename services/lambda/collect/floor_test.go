package collect_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"surety/internal/awssim"
	"surety/internal/collect"
)

// floor is the shortest time in which a scan of generated functions can be
// read: calls of the busier quota, less one that needs no waiting, at the share.
func floor(sim *awssim.Sim, regions []string, share float64) (longest time.Duration) {
	for _, r := range regions {
		for _, bucket := range []string{awssim.BucketGetPolicy, awssim.BucketOther} {
			calls := sim.Count(awssim.Calls{Region: r, Bucket: bucket})
			longest = max(longest, time.Duration(float64(calls-1)/(15*share)*float64(time.Second)))
		}
	}
	return longest
}

// Under AWS's quotas a scan takes what the quotas make it take, within a
// twentieth, and regions do not wait for each other. Time is simulated.
func TestScanTakesWhatItsQuotasTake(t *testing.T) {
	for _, c := range []struct {
		functions int
		regions   []string
	}{
		{100, []string{"us-east-1"}}, {1000, []string{"us-east-1"}}, {100, fourRegions()},
	} {
		t.Run(fmt.Sprintf("%d functions in %d regions", c.functions, len(c.regions)), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := generated(t, c.functions, awssim.Options{Latency: 30 * time.Millisecond, Quotas: awssim.RealQuotas(1.25)}, c.regions...)
				began := time.Now()
				got := run(t.Context(), t, sim, planFor(audit, named(c.regions)...), collect.Observer{}).Snapshot
				took, least := time.Since(began), floor(sim, c.regions, 0.5)
				if took < least || took > least*105/100 || got.Footer.Throttled > 0 || len(got.Gaps()) > 0 {
					t.Errorf("took %s, the floor is %s; %d throttles, %d gaps", took, least, got.Footer.Throttled, len(got.Gaps()))
				}
			})
		})
	}
}
