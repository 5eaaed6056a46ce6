package collect_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/inventory"
	"surety/internal/resource"
	"surety/services/lambda"
)

// Simulated time begins with the year 2000; the functions are of the year before.
const lastYear = "1999-06-01T00:00:00.000+0000"

// policies is what these tests read.
var policies = []resource.Facet{lambda.FacetList, lambda.FacetPolicy}

const stored = `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},` +
	`"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:%s"}]}`

func numbered(i int) string { return fmt.Sprintf("f-%04d", i) }

// recordedWorld is an account of so many functions, each with a policy, whose
// recorder captured them an hour ago.
func recordedWorld(functions int) *awssim.World {
	r := &awssim.Region{Name: "us-east-1", Recorder: &awssim.Recorder{Age: time.Hour, Items: map[string]*awssim.RecordedItem{}}}
	for i := range functions {
		name := numbered(i)
		r.Functions = append(r.Functions, &awssim.Function{
			Name: name, Configuration: awssim.Configuration{Role: "r", LastModified: lastYear}, Policies: map[string]string{"": fmt.Sprintf(stored, name)},
		})
	}
	return &awssim.World{Accounts: []*awssim.Account{{ID: account, Regions: []*awssim.Region{r}}}}
}

// recordedPlan takes what Config recorded in the last day.
func recordedPlan() collect.Plan {
	p := planFor(policies, "us-east-1")
	p.MaxAge = 24 * time.Hour
	return p
}

func functionsOf(s *inventory.Snapshot) (all []*lambda.Function) {
	for _, r := range s.Of(lambda.FunctionType) {
		all = append(all, r.(*lambda.Function))
	}
	return all
}

// A thousand functions cost ten calls of Config and none of GetPolicy.
func TestRecordedPoliciesSaveCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, recordedWorld(1000), awssim.Options{})
		got := run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot
		want := map[string]int{"ListFunctions": 20, "BatchGetResourceConfig": 10}
		if d := cmp.Diff(want, sim.CountByAPI(awssim.Calls{})); d != "" {
			t.Error(d)
		}
		for _, fn := range functionsOf(got) {
			if len(fn.Policies) != 1 || fn.Policies[0].Text != fmt.Sprintf(stored, fn.Name) || fn.Policies[0].RevisionID != fn.Versions[0].RevisionID ||
				time.Since(fn.Policies[0].Recorded).Round(time.Minute) != time.Hour {
				t.Fatalf("%s: %+v", fn.Name, fn.Policies)
			}
		}
		told := []inventory.Recorded{{Region: "us-east-1", Facet: lambda.FacetPolicy, Taken: 1000}}
		if d := cmp.Diff(told, got.Footer.Recorded); d != "" || len(got.Gaps()) > 0 {
			t.Error(d, got.Gaps())
		}
	})
}

// Of an account as they are, Config answers for functions; aliases, versions and
// functions without a policy are read from Lambda, and nothing changes but the
// source.
func TestRecordedAndDirectAgree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := func() *awssim.World {
			w := awssim.Generate(awssim.Size{Account: account, Functions: 230})
			w.Accounts[0].Regions[0].Recorder = &awssim.Recorder{Age: time.Hour}
			for _, f := range w.Accounts[0].Regions[0].Functions {
				f.LastModified = lastYear
			}
			return w
		}
		plan := planFor(audit, "us-east-1")
		direct := run(t.Context(), t, collecttest.Simulate(t, world(), awssim.Options{}), plan, collect.Observer{}).Snapshot
		sim := collecttest.Simulate(t, world(), awssim.Options{})
		plan.MaxAge = 24 * time.Hour
		got := run(t.Context(), t, sim, plan, collect.Observer{}).Snapshot
		if d := cmp.Diff(functionsOf(direct), functionsOf(got), unsourced()); d != "" || len(got.Gaps()) > 0 {
			t.Errorf("gaps %v\n%s", got.Gaps(), d)
		}
		// 23 functions have no policy, 46 an alias, 23 of them three versions.
		if n := sim.Count(awssim.Calls{API: "GetPolicy"}); n != 23+46+3*23 {
			t.Errorf("%d policies were read from Lambda", n)
		}
		told := []inventory.Recorded{{Region: "us-east-1", Facet: lambda.FacetPolicy, Taken: 207, Direct: 23}}
		if d := cmp.Diff(told, got.Footer.Recorded); d != "" {
			t.Error(d)
		}
	})
}

// unsourced leaves out where a policy comes from.
func unsourced() cmp.Option { return cmpopts.IgnoreFields(lambda.Policy{}, "Recorded") }

// A recorder that is of no use is asked once.
func TestUselessRecorders(t *testing.T) {
	for _, c := range []struct {
		name string
		with func(*awssim.Region)
		code string
	}{
		{"none", func(r *awssim.Region) { r.Recorder = nil }, "NoAvailableConfigurationRecorderException"},
		{"of other types", func(r *awssim.Region) { r.Recorder.Elsewhere = true }, inventory.CodeNotRecorded},
		{"without policies", func(r *awssim.Region) { r.Recorder.NoPolicies = true }, inventory.CodeNotCarried},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := recordedWorld(250)
				c.with(w.Accounts[0].Regions[0])
				sim := collecttest.Simulate(t, w, awssim.Options{})
				got := run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot
				if d := cmp.Diff(map[string]int{"ListFunctions": 5, "BatchGetResourceConfig": 1, "GetPolicy": 250}, sim.CountByAPI(awssim.Calls{})); d != "" {
					t.Error(d)
				}
				told := got.Footer.Recorded
				if len(told) != 1 || told[0].Code != c.code || told[0].Reason == "" || told[0].Direct != 250 || told[0].Taken != 0 || len(got.Gaps()) > 0 {
					t.Errorf("told %+v, gaps %v", told, got.Gaps())
				}
			})
		})
	}
}

// Where nothing is to be read, Config is not asked.
func TestRecorderOfEmptyRegion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, recordedWorld(0), awssim.Options{})
		got := run(t.Context(), t, sim, recordedPlan(), collect.Observer{}).Snapshot
		if n := sim.Count(awssim.Calls{Bucket: "config"}); n != 0 || got.Footer.Recorded != nil {
			t.Errorf("%d calls, told %v", n, got.Footer.Recorded)
		}
	})
}

// A recorder that lags is believed as far as it goes, under its own time: that a
// change moves the revision is not promised.
func TestRecorderThatLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := recordedWorld(2)
		before := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*"}]}`
		w.Accounts[0].Regions[0].Recorder.Items[numbered(0)] = &awssim.RecordedItem{Age: 5 * time.Hour, Policy: before}
		got := functionsOf(run(t.Context(), t, collecttest.Simulate(t, w, awssim.Options{}), recordedPlan(), collect.Observer{}).Snapshot)
		p := got[0].Policies
		if len(p) != 1 || p[0].Text != before || time.Since(p[0].Recorded).Round(time.Minute) != 5*time.Hour {
			t.Errorf("%+v", p)
		}
	})
}

// An item that is not exactly of this function as the list shows it, captured in
// time, with a policy as Lambda stores it, is read from Lambda.
func TestItemsThatAreNotBelieved(t *testing.T) {
	other := fmt.Sprintf(stored, "other")
	for name, c := range map[string]awssim.RecordedItem{
		"not there":             {Missing: true},
		"no policy":             {Policy: "-"},
		"older than the limit":  {Age: 25 * time.Hour},
		"older than the change": {Age: 24 * 365 * time.Hour},
		"of the future":         {Age: -25 * time.Hour},
		"another revision":      {Policy: other, Revision: "11111111-2222-3333-4444-555555555555"},
		"no revision":           {Policy: other, Revision: "-"},
		"deleted":               {Policy: other, Status: "ResourceDeleted"},
		"not recorded":          {Policy: other, Status: "ResourceNotRecorded"},
		"odd status":            {Policy: other, Status: "\x1b[31mOK"},
		"of another function":   {Policy: other, ARN: "arn:aws:lambda:us-east-1:111122223333:function:other"},
		"of another account":    {Policy: other, ARN: "arn:aws:lambda:us-east-1:999988887777:function:f-0001"},
		"of a version":          {Policy: other, ARN: "arn:aws:lambda:us-east-1:111122223333:function:f-0001:1"},
		"twice":                 {Policy: other, Twice: true},
		"empty policy":          {Policy: "{}"},
		"no statements":         {Policy: `{"Version":"2012-10-17","Statement":[]}`},
		"half a policy":         {Policy: other[:len(other)/2]},
		"a policy and more":     {Policy: other + "}"},
		"two policies":          {Policy: other + other},
		"null":                  {Policy: "null"},
		"a list":                {Policy: "[" + other + "]"},
		"a wrapping":            {Policy: `{"PolicyText":` + other + `}`},
		"a text in a text":      {Policy: `"\"{}\""`},
		"a member twice":        {Policy: `{"Version":"2012-10-17","Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`},
		"an unknown member":     {Policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"1"},"Action":"*","Resource":"*","Truncated":true}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := recordedWorld(2)
				w.Accounts[0].Regions[0].Recorder.Items[numbered(1)] = &c
				sim := collecttest.Simulate(t, w, awssim.Options{Trace: true})
				plan := recordedPlan()
				if name == "older than the change" {
					plan.MaxAge = 24 * 1000 * time.Hour
				}
				got := run(t.Context(), t, sim, plan, collect.Observer{}).Snapshot
				fns := functionsOf(got)
				if p := fns[1].Policies; len(p) != 1 || p[0].Text != fmt.Sprintf(stored, "f-0001") || !p[0].Recorded.IsZero() {
					t.Errorf("%+v", p)
				}
				if p := fns[0].Policies; len(p) != 1 || p[0].Recorded.IsZero() {
					t.Errorf("its neighbour: %+v", p)
				}
				read := slices.DeleteFunc(sim.Trace(), func(c awssim.Call) bool { return c.API != "GetPolicy" })
				if len(read) != 1 || read[0].Function != "f-0001" || len(got.Gaps()) > 0 {
					t.Errorf("read %v, gaps %v", read, got.Gaps())
				}
			})
		})
	}
}

// Both forms in which an item can hold a policy are read.
func TestFormsOfRecordedPolicies(t *testing.T) {
	document := fmt.Sprintf(stored, "f-0000")
	for name, form := range map[string]string{"document": document, "text": fmt.Sprintf("%q", document)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := recordedWorld(1)
				w.Accounts[0].Regions[0].Recorder.Items[numbered(0)] = &awssim.RecordedItem{Policy: form}
				got := functionsOf(run(t.Context(), t, collecttest.Simulate(t, w, awssim.Options{}), recordedPlan(), collect.Observer{}).Snapshot)
				if p := got[0].Policies; len(p) != 1 || p[0].Text != document || p[0].Recorded.IsZero() {
					t.Errorf("%+v", p)
				}
			})
		})
	}
}
