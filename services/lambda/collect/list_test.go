package collect_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/resource"
	"surety/services/lambda"
)

// The versions of a function are put together across pages, and each is asked
// for its policy.
func TestVersionsAcrossPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fn := &awssim.Function{Name: "many"}
		for i := range 130 {
			fn.Versions = append(fn.Versions, &awssim.Configuration{Version: fmt.Sprint(i + 1)})
		}
		for i := range 60 {
			fn.Aliases = append(fn.Aliases, &awssim.Alias{Name: fmt.Sprintf("a%02d", i), Version: fmt.Sprint(i + 1)})
		}
		w := &awssim.World{Accounts: []*awssim.Account{{ID: account, Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{fn}}}}}}
		sim := collecttest.Simulate(t, w, awssim.Options{})
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot.Of(lambda.FunctionType)
		if len(got) != 1 {
			t.Fatalf("%d functions", len(got))
		}
		f := got[0].(*lambda.Function)
		if len(f.Versions) != 131 || len(f.Aliases) != 60 || f.Versions[0].Qualifier != "$LATEST" || f.Versions[130].Qualifier != "130" {
			t.Errorf("%d versions, %d aliases", len(f.Versions), len(f.Aliases))
		}
		if n := sim.Count(awssim.Calls{API: "GetPolicy"}); n != 1+130+60 {
			t.Errorf("%d policies were asked for", n)
		}
	})
}

// Entries that no Lambda would list are gaps; the others are read.
func TestWrongEntries(t *testing.T) {
	const good = `{"FunctionName":"good","FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:good:$LATEST","Version":"$LATEST","Role":"arn:aws:iam::111122223333:role/r"}`
	for _, c := range []struct{ name, entry, gap, word string }{
		{"no ARN", `{"FunctionName":"f","Version":"$LATEST","Role":"r"}`, "", "no function's"},
		{"another account", `{"FunctionArn":"arn:aws:lambda:us-east-1:999988887777:function:f","Version":"$LATEST","Role":"r"}`, "", "another account"},
		{"another region", `{"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:f","Version":"$LATEST","Role":"r"}`, "", "another account or region"},
		{"no version", `{"FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f","Role":"r"}`, "", "which version"},
		{"no role", `{"FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f","Version":"$LATEST"}`, "arn:aws:lambda:us-east-1:111122223333:function:f", "execution role"},
		{"not the function itself", `{"FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f:7","Version":"7","Role":"r"}`, "arn:aws:lambda:us-east-1:111122223333:function:f", "published versions of it only"},
		{"hostile", `{"FunctionArn":"arn:aws:lambda:\u001b[31m\n","Version":"$LATEST"}`, "", "no function's"},
		{"hostile name", `{"FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f\u001b[2J","Version":"$LATEST","Role":"r"}`, "", "no function's"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := generated(t, 1, awssim.Options{Faults: []awssim.Fault{
					{Kind: awssim.WrongContent, API: "ListFunctions", Body: `{"Functions":[` + c.entry + "," + good + `]}`},
				}})
				got := run(t.Context(), t, sim, planFor([]resource.Facet{lambda.FacetList}, "us-east-1"), collect.Observer{}).Snapshot
				gaps := got.Gaps()
				if len(gaps) != 1 || string(gaps[0].Resource) != c.gap || gaps[0].Code != resource.CodeMalformed || gaps[0].Facet != lambda.FacetList || gaps[0].Region != "us-east-1" {
					t.Fatalf("gaps: %+v", gaps)
				}
				if r := gaps[0].Reason; !strings.Contains(r, c.word) || strings.ContainsAny(r, "\x1b\n") {
					t.Errorf("reason: %q", r)
				}
				fns := got.Of(lambda.FunctionType)
				if last := fns[len(fns)-1].Ref().Name; last != "good" {
					t.Errorf("the last function is %s", last)
				}
			})
		})
	}
}

// An answer that is not exactly one answer is a gap, not the part of it that can
// be read.
func TestWrongAnswers(t *testing.T) {
	for _, c := range []struct {
		api, body string
		facet     resource.Facet
	}{
		{"ListFunctions", `{"Functions":[]} and more`, lambda.FacetList},
		{"ListFunctions", `{"Functions":[]}{"Functions":[]}`, lambda.FacetList},
		{"ListAliases", `{"Aliases":[]}]`, lambda.FacetAliases},
		{"ListAliases", `{"Aliases":[{"Name":"","FunctionVersion":"3"}]}`, lambda.FacetAliases},
		{"ListAliases", `{"Aliases":[{"Name":"live/../x","FunctionVersion":"3"}]}`, lambda.FacetAliases},
		{"ListAliases", `{"Aliases":[{"Name":"live"}]}`, lambda.FacetAliases},
		{"ListAliases", `{"Aliases":[null]}`, lambda.FacetAliases},
		{"GetPolicy", `{"Policy":"[]"}`, lambda.FacetPolicy},
		{"GetPolicy", `{"Policy":"{\"Statement\":[{\"Effect\":\"Allow\""}`, lambda.FacetPolicy},
		{"GetPolicy", `{"Policy":"{\"Statement\":[]}"}<!-- cached -->`, lambda.FacetPolicy},
	} {
		t.Run(c.api+c.body, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := generated(t, 1, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.WrongContent, API: c.api, Qualifier: awssim.Unqualified, Body: c.body}}})
				gaps := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot.Gaps()
				if len(gaps) != 1 || gaps[0].Code != resource.CodeMalformed || gaps[0].Facet != c.facet {
					t.Errorf("gaps: %+v", gaps)
				}
			})
		})
	}
}

// A function URL that is another's, or that calls its own rules of access by a name
// that nobody knows, makes the list none.
func TestWrongURLs(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:111122223333:function:shop"
	for _, entry := range []string{
		`{"AuthType":"NONE"}`, `{"FunctionArn":"` + arn + `s:prod","AuthType":"NONE"}`, `{"FunctionArn":"` + arn + `:prod"}`,
		`{"FunctionArn":"` + arn + `:prod","AuthType":"\u001b[2J"}`, `null`,
	} {
		t.Run(entry, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := collecttest.Simulate(t, twoRegions(), awssim.Options{Faults: []awssim.Fault{
					{Kind: awssim.WrongContent, API: "ListFunctionUrlConfigs", Body: `{"FunctionUrlConfigs":[` + entry + `]}`}}})
				gaps := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot.Gaps()
				if len(gaps) != 1 || gaps[0].Code != resource.CodeMalformed || gaps[0].Facet != lambda.FacetURL || string(gaps[0].Resource) != arn || strings.Contains(gaps[0].Reason, "\x1b") {
					t.Errorf("gaps: %+v", gaps)
				}
			})
		})
	}
}

// Functions that are deleted or renamed while they are read: what is not there to
// be read any more is a gap, never an empty list, and the others are whole.
func TestChangesMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := run(t.Context(), t, generated(t, 60, awssim.Options{}), planFor(audit, "us-east-1"), collect.Observer{}).Snapshot.Of(lambda.FunctionType)
		sim := generated(t, 60, awssim.Options{})
		gone := map[resource.ID]bool{}
		time.AfterFunc(time.Second, func() { // the list has been read, and a few policies
			sim.Edit(func(w *awssim.World) {
				at := w.Accounts[0].Region("us-east-1")
				for _, f := range at.Functions[50:] {
					gone[resource.ID("arn:aws:lambda:us-east-1:"+account+":function:"+f.Name)] = true
				}
				at.Functions[50].Name += "-renamed"
				at.Functions = at.Functions[:51]
			})
		})
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot
		unread := map[resource.ID]bool{}
		for _, g := range got.Gaps() {
			if g.Code != "ResourceNotFoundException" || g.Facet != lambda.FacetAliases {
				t.Errorf("gap: %+v", g)
			}
			unread[g.Resource] = true
		}
		if d := cmp.Diff(gone, unread); d != "" || len(gone) != 10 {
			t.Errorf("%d functions went away; unread are\n%s", len(gone), d)
		}
		for i, f := range got.Of(lambda.FunctionType) {
			if d := cmp.Diff(want[i], f); d != "" && !gone[f.Ref().ID] {
				t.Errorf("%s changed:\n%s", f.Ref().ID, d)
			}
		}
	})
}

// An answer without end is left, not read until the machine is full: a valid
// policy with white space behind it, more than any answer has.
func TestEndlessAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := `{"Policy":"{\"Statement\":[]}"}` + strings.Repeat(" ", 33<<20)
		sim := generated(t, 1, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.WrongContent, API: "GetPolicy", Qualifier: awssim.Unqualified, Body: body}}})
		gaps := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot.Gaps()
		if len(gaps) != 1 || gaps[0].Code != resource.CodeMalformed || !strings.Contains(gaps[0].Reason, "longer than 32 MiB") {
			t.Errorf("gaps: %+v", gaps)
		}
	})
}

// A plan that cannot be carried out is refused before anything is read.
func TestWrongPlans(t *testing.T) {
	for _, c := range []struct {
		name, word string
		spoil      func(*collect.Plan)
	}{
		{"no account", "no account", func(p *collect.Plan) { p.Header.Account = "" }},
		{"no region", "--region", func(p *collect.Plan) { p.Header.Regions = nil }},
		{"scope", "all, aliases or function", func(p *collect.Plan) { p.Header.Qualifiers = "some" }},
		{"rate", "share of a quota", func(p *collect.Plan) { p.Rate = 1.5 }},
		{"rate too low to be counted", "share of a quota", func(p *collect.Plan) { p.Rate = 1e-300 }},
		{"facet", "nothing here reads s3:GetBucketPolicy", func(p *collect.Plan) { p.Header.Facets = []resource.Facet{"s3:GetBucketPolicy"} }},
		{"checkpoint", "checkpoint", func(p *collect.Plan) { p.Checkpoint, p.Resume = "/dev/null/checkpoint", true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := generated(t, 1, awssim.Options{})
				plan := planFor(audit, "us-east-1")
				c.spoil(&plan)
				_, err := collect.Run(t.Context(), plan, readers(sim), collect.Observer{})
				if err == nil || !strings.Contains(err.Error(), c.word) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error: %v", err)
				}
				if n := sim.Count(awssim.Calls{}); n > 0 {
					t.Errorf("%d calls were made", n)
				}
			})
		})
	}
}

// Without credentials nothing is read, and every region says so.
func TestNoCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 1, awssim.Options{}, "us-east-1", "eu-west-1")
		cfg := collecttest.Config(sim, account)
		cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, fmt.Errorf("the session of the single sign-on has ended")
		})
		plan := planFor(audit, "us-east-1", "eu-west-1")
		got, err := collect.Run(t.Context(), plan, readersWith(cfg), collect.Observer{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Stopped == nil || got.Stopped.Code != collect.CodeCredentials || len(got.Snapshot.Gaps()) != 2 || got.Snapshot.Footer.Calls > 0 {
			t.Errorf("stopped %+v, gaps %+v, footer %+v", got.Stopped, got.Snapshot.Gaps(), got.Snapshot.Footer)
		}
	})
}

// Progress only grows, and ends with nothing left.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := generated(t, 60, awssim.Options{}, "us-east-1", "eu-west-1")
		var told []collect.Progress
		snapshot := run(t.Context(), t, sim, planFor(audit, "us-east-1", "eu-west-1"),
			collect.Observer{Progress: func(p collect.Progress) { told = append(told, p) }}).Snapshot
		if len(told) < 10 {
			t.Fatalf("progress was told %d times", len(told))
		}
		for i := 1; i < len(told); i++ {
			if told[i].Calls < told[i-1].Calls || told[i].Resources < told[i-1].Resources || told[i].RegionsDone < told[i-1].RegionsDone {
				t.Errorf("%+v after %+v", told[i], told[i-1])
			}
		}
		last := told[len(told)-1]
		want := collect.Progress{Regions: 2, RegionsDone: 2, Resources: 120, Calls: snapshot.Footer.Calls}
		if last != want {
			t.Errorf("at the end %+v, want %+v", last, want)
		}
	})
}
