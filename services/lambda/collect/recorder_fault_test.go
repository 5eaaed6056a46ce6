package collect_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/inventory"
	"surety/internal/resource"
	"surety/services/lambda"
	lambdacollect "surety/services/lambda/collect"
)

// However a call of Config fails, everything is read as though Config had never
// been asked: no gap, and no policy that was not seen.
func TestRecorderFaults(t *testing.T) {
	for _, kind := range append(collecttest.Kinds(), awssim.ExpiredToken) { // an aggregator has credentials of its own
		if kind == awssim.EndlessPage { // its answers have no pages
			continue
		}
		for _, first := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s from call %d", kind, first), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sim := collecttest.Simulate(t, recordedWorld(250), awssim.Options{Faults: []awssim.Fault{{Kind: kind, Service: "config", First: first}}})
					got := run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot
					for _, fn := range functionsOf(got) {
						if len(fn.Policies) != 1 || fn.Policies[0].Text != fmt.Sprintf(stored, fn.Name) {
							t.Fatalf("%s: %+v", fn.Name, fn.Policies)
						}
					}
					told := got.Footer.Recorded
					if len(told) != 1 || told[0].Taken != 100*(first-1) || told[0].Taken+told[0].Direct != 250 || told[0].Code == "" || told[0].Reason == "" || len(got.Gaps()) > 0 {
						t.Errorf("told %+v, gaps %v", told, got.Gaps())
					}
				})
			})
		}
	}
}

// When Config falls silent nothing is left for a later run: all is read from Lambda.
func TestSilentRecorder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, recordedWorld(3000), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Reset, Service: "config", First: 2}}})
		plan := recordedPlan()
		plan.Rate = collect.Unlimited // so that many calls are out when the first is lost
		got := run(t.Context(), t, sim, plan, collect.Observer{})
		if tries := sim.Count(awssim.Calls{Bucket: "config"}); got.GaveUp || len(got.Snapshot.Gaps()) > 0 || tries < 60 {
			t.Errorf("gave up: %t, %d gaps, after %d calls of Config", got.GaveUp, len(got.Snapshot.Gaps()), tries)
		}
	})
}

// Until the first answer has come, nothing more is asked of Config, however many
// functions wait.
func TestFirstAnswerIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := recordedWorld(250)
		w.Accounts[0].Regions[0].Recorder.NoPolicies = true
		const throttles = 2
		sim := collecttest.Simulate(t, w, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Throttle, Service: "config", Times: throttles}}})
		got := run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot
		if n := sim.Count(awssim.Calls{Bucket: "config"}); n != throttles+1 || got.Footer.Recorded[0].Code != inventory.CodeNotCarried {
			t.Errorf("%d calls, told %+v", n, got.Footer.Recorded)
		}
	})
}

// A list without revisions gives nothing to compare an item with.
func TestListWithoutRevisions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := recordedWorld(1)
		w.Accounts[0].Regions[0].Recorder.Items[numbered(0)] = &awssim.RecordedItem{Revision: "-"}
		sim := collecttest.Simulate(t, w, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.WrongContent, API: "ListFunctions",
			Body: `{"Functions":[{"FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f-0000","Version":"$LATEST","Role":"r","LastModified":"` + lastYear + `"}]}`}}})
		got := functionsOf(run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot)
		if p := got[0].Policies; len(p) != 1 || !p[0].Recorded.IsZero() {
			t.Errorf("%+v", p)
		}
	})
}

// Answers that hold less, or something else, than the API promises.
func TestGarbledItems(t *testing.T) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `{"baseConfigurationItems":null}`, `{"baseConfigurationItems":{}}`, `{"baseConfigurationItems":[]} and more`,
		`{"baseConfigurationItems":[null]}`, `{"baseConfigurationItems":[{}]}`, `{"baseConfigurationItems":[7]}`,
		`{"baseConfigurationItems":[{"arn":"arn:aws:lambda:us-east-1:111122223333:function:f-0000","configurationItemStatus":"OK"}]}`,
		`{"baseConfigurationItems":[{"arn":"arn:aws:lambda:us-east-1:111122223333:function:f-0000","configurationItemStatus":"OK","configurationItemCaptureTime":"soon"}]}`,
		`{"baseConfigurationItems":[{"arn":"arn:aws:lambda:us-east-1:111122223333:function:f-0000","configurationItemStatus":"OK","configurationItemCaptureTime":946681200,"configuration":"{","supplementaryConfiguration":{"Policy":"{"}}]}`,
		`{"baseConfigurationItems":[{"arn":"arn:aws:lambda:us-east-1:111122223333:function:f-0000\u001b[2J","configurationItemStatus":"OK"}]}`,
	} {
		t.Run(body, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := collecttest.Simulate(t, recordedWorld(3), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.WrongContent, Service: "config", Body: body}}})
				got := run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot
				if n := sim.Count(awssim.Calls{API: "GetPolicy"}); n != 3 || len(got.Gaps()) > 0 || got.Footer.Recorded[0].Direct != 3 {
					t.Errorf("%d policies read, gaps %v, told %+v", n, got.Gaps(), got.Footer.Recorded)
				}
			})
		})
	}
}

// Whenever a scan is stopped, each policy was seen or is a gap.
func TestStopWhileConfigIsAsked(t *testing.T) {
	const functions = 250
	for after := time.Duration(0); after < 3*time.Second; after += 90 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			w := recordedWorld(functions)
			w.Accounts[0].Regions[0].Recorder.Items[numbered(7)] = &awssim.RecordedItem{Missing: true}
			sim := collecttest.Simulate(t, w, awssim.Options{Latency: 50 * time.Millisecond})
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			got := run(ctx, t, sim, recordedPlan(), collect.Observer{}).Snapshot
			missing := map[resource.ID]bool{}
			listed := true
			for _, g := range got.Gaps() {
				missing[g.Resource] = true
				listed = listed && g.Resource != ""
			}
			for _, fn := range functionsOf(got) {
				if seen := len(fn.Policies) == 1; seen == missing[resource.ID(fn.ARN)] {
					t.Errorf("after %s: %s: seen %v, gap %v", after, fn.Name, seen, !seen)
				}
			}
			if n := len(functionsOf(got)); listed && n != functions {
				t.Errorf("after %s: %d functions and no gap of the list", after, n)
			}
		})
	}
}

// A list that breaks off leaves the functions that it named with their policies.
func TestListThatBreaksOffWithConfig(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, recordedWorld(250), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.AccessDenied, API: "ListFunctions", First: 4}}})
		got := run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot
		fns := functionsOf(got)
		for _, fn := range fns {
			if len(fn.Policies) != 1 {
				t.Errorf("%s has no policy", fn.Name)
			}
		}
		if len(fns) != 150 || len(got.Gaps()) != 1 || got.Gaps()[0].Facet != lambda.FacetList || sim.Count(awssim.Calls{API: "BatchGetResourceConfig"}) != 2 {
			t.Errorf("%d functions, gaps %v", len(fns), got.Gaps())
		}
	})
}

// What Config answered is not asked again by a scan that goes on, and is judged
// by the limit of that scan.
func TestResumeWithConfig(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit time.Duration
		taken int
	}{{"same limit", 24 * time.Hour, 249}, {"smaller limit", time.Minute, 0}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := recordedWorld(250)
				w.Accounts[0].Regions[0].Recorder.Items[numbered(7)] = &awssim.RecordedItem{Missing: true}
				sim := collecttest.Simulate(t, w, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Hang, API: "GetPolicy"}}})
				plan := recordedPlan()
				plan.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
				plan.MaxTime = 10 * time.Second
				if half := run(t.Context(), t, sim, plan, collect.Observer{}); half.Stopped == nil {
					t.Fatal("it was not stopped")
				}
				before := sim.Count(awssim.Calls{API: "BatchGetResourceConfig"})
				if err := sim.Break(); err != nil {
					t.Fatal(err)
				}
				plan.Resume, plan.MaxTime, plan.MaxAge = true, 0, c.limit
				got := run(t.Context(), t, sim, plan, collect.Observer{}).Snapshot
				if n := sim.Count(awssim.Calls{API: "BatchGetResourceConfig"}); before != 3 || n != 3 {
					t.Errorf("%d calls of Config before, %d after", before, n)
				}
				want := []inventory.Recorded{{Region: "us-east-1", Facet: lambda.FacetPolicy, Taken: c.taken, Direct: 250 - c.taken}}
				if d := cmp.Diff(want, got.Footer.Recorded); d != "" || len(got.Gaps()) > 0 {
					t.Error(d, got.Gaps())
				}
			})
		})
	}
}

// All accounts that are read at a time draw from the one quota of their
// aggregator, and each is told of its own functions only.
func TestAggregator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := recordedWorld(0)
		w.Accounts[0].Aggregators = []awssim.Aggregator{{Name: "all", Region: "us-east-1"}}
		var others []resource.Account
		for i := range 4 {
			other := recordedWorld(250).Accounts[0]
			other.ID = fmt.Sprintf("22223333444%d", i)
			others = append(others, resource.Account(other.ID))
			w.Accounts[0].Aggregators[0].Accounts = append(w.Accounts[0].Aggregators[0].Accounts, other.ID)
			w.Accounts = append(w.Accounts, other)
		}
		sim := collecttest.Simulate(t, w, awssim.Options{})
		through := lambdacollect.NewAggregator(collecttest.Config(sim, account), "all")
		var all sync.WaitGroup
		for _, other := range others {
			all.Go(func() { readThrough(t, collecttest.Config(sim, other), other, through) })
		}
		all.Wait()
		if d := cmp.Diff(map[string]int{"ListFunctions": 4 * 5, "BatchGetAggregateResourceConfig": 4 * 3}, sim.CountByAPI(awssim.Calls{})); d != "" {
			t.Error(d)
		}
		if need := sim.NeededBurst(awssim.Calls{Account: account, Bucket: "config"}, 5*0.5); need > 1.2501 {
			t.Errorf("the calls of all accounts need a burst of %.2f", need)
		}
	})
}

func readThrough(t *testing.T, cfg aws.Config, of resource.Account, through *lambdacollect.Aggregator) {
	plan := recordedPlan()
	plan.Header.Account = of
	result, err := collect.Run(t.Context(), plan, []collect.Reader{lambdacollect.NewAggregated(cfg, through)}, collect.Observer{})
	if err != nil {
		t.Error(err)
		return
	}
	want := []inventory.Recorded{{Region: "us-east-1", Facet: lambda.FacetPolicy, Taken: 250}}
	if d := cmp.Diff(want, result.Snapshot.Footer.Recorded); d != "" || len(result.Snapshot.Gaps()) > 0 {
		t.Errorf("%s: %s %v", of, d, result.Snapshot.Gaps())
	}
}
