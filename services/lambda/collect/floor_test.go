package collect_test

import (
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/resource"
	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda"
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

// spread is an account of so many functions over so many regions.
type spread struct {
	functions int // in all
	regions   []string
}

func (s spread) String() string {
	return fmt.Sprintf("%d functions in %d regions", s.functions, len(s.regions))
}

// spreads are the accounts that are scanned in simulated time. The largest take
// real seconds to simulate: they come with SURETY_BENCH_QUOTAS, which `make
// bench` sets.
func spreads() []spread {
	one, four := []string{"us-east-1"}, fourRegions()
	all := []spread{{100, one}, {1000, one}, {100, four}, {1000, four}}
	if os.Getenv("SURETY_BENCH_QUOTAS") != "" {
		all = append(all, spread{10000, one}, spread{10000, four})
	}
	return all
}

// Under AWS's quotas a scan takes what the quotas make it take, within a
// twentieth, regions do not wait for each other, and the first function that is
// open to a stranger is seen within two seconds. Time is simulated, so it is
// exact; -v tells it.
func TestScanTakesWhatItsQuotasTake(t *testing.T) {
	for _, s := range spreads() {
		t.Run(s.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := generated(t, s.functions/len(s.regions), awssim.Options{Latency: 30 * time.Millisecond, Quotas: awssim.RealQuotas(1.25)}, s.regions...)
				watch := watchFirst()
				got := run(t.Context(), t, sim, planFor(audit, named(s.regions)...), watch.observer()).Snapshot
				took, least := time.Since(watch.began), floor(sim, s.regions, 0.5)
				if took < least || took > least*105/100 || got.Footer.Throttled > 0 || len(got.Gaps()) > 0 {
					t.Errorf("took %s, the floor is %s; %d throttles, %d gaps", took, least, got.Footer.Throttled, len(got.Gaps()))
				}
				if watch.open <= 0 || watch.open > 2*time.Second {
					t.Errorf("the first open function was seen after %s", watch.open)
				}
				t.Logf("%s: %d calls, %.1f s, floor %.1f s (%+.2f %%), first open function after %.2f s",
					s, got.Footer.Calls, took.Seconds(), least.Seconds(), 100*(took.Seconds()/least.Seconds()-1), watch.open.Seconds())
			})
		})
	}
}

// Without quotas a scan keeps its 32 places of a region busy: it takes what the
// calls alone would, within a twentieth, though each page tells of the next and
// each function of its aliases. Time is simulated, so what the machine is worth
// has no part in it; BenchmarkBesideBareClient has.
func TestPlacesAreKeptBusy(t *testing.T) {
	const places, answersIn = 32, 30 * time.Millisecond
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 1000, awssim.Options{Latency: answersIn})
		plan := planFor(audit, "us-east-1")
		plan.Rate = collect.Unlimited
		began := time.Now()
		calls := run(t.Context(), t, sim, plan, collect.Observer{}).Snapshot.Footer.Calls
		took, least := time.Since(began), time.Duration(calls)*answersIn/places
		if took < least || took > least*105/100 {
			t.Errorf("%d calls took %s, %s would do", calls, took, least)
		}
		t.Logf("%d calls: %s, %d at a time need %s (%+.1f %%)", calls, took, places, least, 100*(took.Seconds()/least.Seconds()-1))
	})
}

// first tells when a scan first shows a function that fails Lambda-002.
type first struct {
	began time.Time
	open  time.Duration // 0: not yet
}

func watchFirst() *first { return &first{began: time.Now()} }

func (f *first) observer() collect.Observer {
	return collect.Observer{Resource: func(r resource.Resource, _ bool) {
		if fn, ok := r.(*lambda.Function); ok && f.open == 0 && isOpen(fn) {
			f.open = time.Since(f.began)
		}
	}}
}

// isOpen asks the prover about every policy of a function that was read so far.
func isOpen(fn *lambda.Function) bool {
	for _, p := range fn.Policies {
		doc, err := policy.Parse([]byte(p.Text))
		if err != nil {
			continue
		}
		if prove.Outside(doc, prove.Question{Function: fn.ARN, Qualifier: p.Qualifier}).Verdict == prove.Fail {
			return true
		}
	}
	return false
}
