package collect_test

import (
	"testing"
	"testing/synctest"
	"time"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
)

// What Config answers is taken off the bucket of GetPolicy, and nothing else is:
// a scan then takes what the rest of its quotas make it take. Time is simulated;
// -v tells it.
func TestScanWithConfigTakesWhatItsQuotasTake(t *testing.T) {
	for _, c := range []struct {
		qualifiers string
		maxAge     time.Duration
		calls      int
	}{
		{collect.AllQualifiers, 0, 2526}, {collect.AllQualifiers, 24 * time.Hour, 2526 - 900 + 10},
		{collect.NoQualifiers, 0, 1026}, {collect.NoQualifiers, 24 * time.Hour, 1026 - 900 + 10},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := awssim.Generate(awssim.Size{Account: account, Functions: 1000})
			region := w.Accounts[0].Regions[0]
			region.Recorder = &awssim.Recorder{Age: time.Hour}
			for _, f := range region.Functions {
				f.LastModified = lastYear
			}
			sim := collecttest.Simulate(t, w, awssim.Options{Latency: 30 * time.Millisecond, Quotas: awssim.RealQuotas(1.25)})
			plan := planFor(audit, "us-east-1")
			plan.MaxAge, plan.Header.Qualifiers = c.maxAge, c.qualifiers
			began := time.Now()
			got := run(t.Context(), t, sim, plan, collect.Observer{}).Snapshot
			took, least := time.Since(began), floor(sim, []string{"us-east-1"}, 0.5)
			const quarter = time.Second / 30 // of an interval: a late timer may make it good
			if got.Footer.Calls != c.calls || took < least-quarter || took > least*105/100 || got.Footer.Throttled > 0 || len(got.Gaps()) > 0 {
				t.Errorf("%d calls took %s, the floor is %s; gaps %v", got.Footer.Calls, took, least, got.Gaps())
			}
			t.Logf("qualifiers %s, Config %v: %d calls, %.1f s", c.qualifiers, c.maxAge > 0, got.Footer.Calls, took.Seconds())
		})
	}
}
