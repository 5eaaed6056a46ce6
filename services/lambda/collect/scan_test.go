package collect_test

import (
	"context"
	"path/filepath"
	"strings"
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
	lambdacollect "surety/services/lambda/collect"
)

// audit is what both rules of today ask for.
var audit = []resource.Facet{lambda.FacetList, lambda.FacetAliases, lambda.FacetPolicy, lambda.FacetURL}

func planFor(facets []resource.Facet, regions ...resource.Region) collect.Plan {
	return collect.Plan{Header: inventory.Header{ID: "scan-1", Account: account, Partition: "aws", Regions: regions, Facets: facets}}
}

func run(ctx context.Context, t *testing.T, sim *awssim.Sim, plan collect.Plan, watch collect.Observer) collect.Result {
	t.Helper()
	result, err := collect.Run(ctx, plan, []collect.Reader{lambdacollect.New(collecttest.Config(sim, account))}, watch)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, twoRegions(), awssim.Options{})
		got := run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{}).Snapshot
		arn := "arn:aws:lambda:us-east-1:111122223333:function:"
		role := "arn:aws:iam::111122223333:role/"
		want := []resource.Resource{
			&lambda.Function{ARN: arn + "mail", Name: "mail", Account: account, Region: "us-east-1",
				Versions: []lambda.Version{{Qualifier: "$LATEST", Role: role + "shop", PackageType: "Image"}}},
			&lambda.Function{
				ARN: arn + "shop", Name: "shop", Account: account, Region: "us-east-1",
				Versions: []lambda.Version{
					{Qualifier: "$LATEST", Role: role + "shop", Runtime: "nodejs22.x", PackageType: "Zip", Variables: variables()},
					{Qualifier: "1", Role: role + "old", Runtime: "nodejs22.x", PackageType: "Zip", Variables: variables()},
					{Qualifier: "2", Role: role + "shop", Runtime: "nodejs22.x", PackageType: "Zip", Variables: variables()},
				},
				Aliases:  []lambda.Alias{{Name: "prod", Versions: []string{"2"}}, {Name: "test", Versions: []string{"$LATEST"}}},
				Policies: []lambda.Policy{{Qualifier: "1", Text: plainPolicy}, {Qualifier: "prod", Text: urlPolicy}},
				URLs:     []lambda.URL{{Qualifier: "prod", AuthType: "NONE"}},
			},
		}
		ignore := cmp.Options{
			cmpopts.IgnoreFields(lambda.Version{}, "LastModified", "RevisionID"), cmpopts.IgnoreFields(lambda.Variable{}, "Fingerprint"),
			cmpopts.IgnoreFields(lambda.Policy{}, "RevisionID"), cmpopts.IgnoreFields(lambda.URL{}, "URL"),
		}
		if d := cmp.Diff(want, got.Of(lambda.FunctionType), ignore); d != "" {
			t.Error(d)
		}
	})
}

func variables() []lambda.Variable {
	return []lambda.Variable{
		{Name: "KEY", Length: 20, Kind: "aws-access-key"}, {Name: "TABLE", Length: 6, Kind: "text"}, {Name: "TOKEN", Length: 45, Kind: "jwt"},
	}
}

// What is read, and nothing else, follows from facets, scope and names.
func TestCallsFollowWhatIsAsked(t *testing.T) {
	one := []resource.ID{"arn:aws:lambda:us-east-1:111122223333:function:shop"}
	for _, c := range []struct {
		name   string
		facets []resource.Facet
		scope  string
		only   []resource.ID
		want   map[string]int
	}{
		{"roles only", []resource.Facet{lambda.FacetList}, "all", nil, map[string]int{"ListFunctions": 2}},
		{"everything", audit, "all", nil, map[string]int{"ListFunctions": 2, "ListAliases": 3, "GetPolicy": 7, "ListFunctionUrlConfigs": 1}},
		{"no versions", audit, "aliases", nil, map[string]int{"ListFunctions": 2, "ListAliases": 3, "GetPolicy": 5, "ListFunctionUrlConfigs": 1}},
		{"functions alone", audit, "function", nil, map[string]int{"ListFunctions": 2, "GetPolicy": 3}},
		{"one function", audit, "all", one, map[string]int{"ListFunctions": 2, "ListAliases": 1, "GetPolicy": 5, "ListFunctionUrlConfigs": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := collecttest.Simulate(t, twoRegions(), awssim.Options{})
				plan := planFor(c.facets, "eu-west-1", "us-east-1")
				plan.Header.Qualifiers, plan.Only = c.scope, c.only
				got := run(t.Context(), t, sim, plan, collect.Observer{})
				if d := cmp.Diff(c.want, sim.CountByAPI(awssim.Calls{})); d != "" {
					t.Error(d)
				}
				if n := len(got.Snapshot.Of(lambda.FunctionType)); n != 3 {
					t.Errorf("%d functions, want 3: joins need all", n)
				}
			})
		})
	}
}

// A replica is judged by its master: nothing of it is read but its line.
func TestReplicas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := twoRegions()
		w.Accounts[0].Region("eu-west-1").Functions[0].MasterArn = "arn:aws:lambda:us-east-1:111122223333:function:shop:1"
		sim := collecttest.Simulate(t, w, awssim.Options{})
		got := run(t.Context(), t, sim, planFor(audit, "eu-west-1"), collect.Observer{}).Snapshot
		fns := got.Of(lambda.FunctionType)
		if len(fns) != 1 || !fns[0].(*lambda.Function).Replica() || len(got.Gaps()) != 0 {
			t.Errorf("functions %+v, gaps %+v", fns, got.Gaps())
		}
		if d := cmp.Diff(map[string]int{"ListFunctions": 1}, sim.CountByAPI(awssim.Calls{})); d != "" {
			t.Error(d)
		}
	})
}

// Values of variables, whole or in part, are nowhere in what a scan leaves.
func TestValuesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, twoRegions(), awssim.Options{Faults: []awssim.Fault{
			{Kind: awssim.Truncated, API: "ListFunctions", Region: "eu-west-1"},
		}})
		dir := t.TempDir()
		plan := planFor(audit, "eu-west-1", "us-east-1")
		plan.Checkpoint = filepath.Join(dir, "checkpoint")
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		got := run(ctx, t, sim, plan, collect.Observer{}).Snapshot
		var text strings.Builder
		if err := inventory.Encode(&text, got); err != nil {
			t.Fatal(err)
		}
		text.Write(contents(t, plan.Checkpoint))
		if !strings.Contains(text.String(), `"aws-access-key"`) {
			t.Fatal("the variables were not read")
		}
		for _, secret := range []string{"AKIAIOSFODNN7EXAMPLE", "eyJzdWIiOiJtZSJ9", `"orders"`} {
			if strings.Contains(text.String(), secret) {
				t.Errorf("%s is in the snapshot or the checkpoint", secret)
			}
		}
	})
}

// Policies of functions and aliases come first, then those of versions that an
// alias points to, then the others, newest first.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fns []*awssim.Function
		for _, name := range []string{"a", "b", "c"} {
			fns = append(fns, &awssim.Function{
				Name: name,
				Versions: []*awssim.Configuration{
					{Version: "1", LastModified: "2026-01-01T00:00:00.000+0000"},
					{Version: "2", LastModified: "2026-03-01T00:00:00.000+0000"},
					{Version: "3", LastModified: "2026-02-01T00:00:00.000+0000"},
				},
				Aliases: []*awssim.Alias{{Name: "live", Version: "1"}},
			})
		}
		w := &awssim.World{Accounts: []*awssim.Account{{ID: account, Regions: []*awssim.Region{{Name: "us-east-1", Functions: fns}}}}}
		sim := collecttest.Simulate(t, w, awssim.Options{Trace: true, Quotas: awssim.RealQuotas(1)})
		run(t.Context(), t, sim, planFor(audit, "us-east-1"), collect.Observer{})
		var got []string
		for _, c := range sim.Trace() {
			if c.API == "GetPolicy" {
				got = append(got, c.Function+":"+c.Qualifier)
			}
		}
		want := []string{"a:", "b:", "c:", "a:live", "b:live", "c:live", "a:1", "b:1", "c:1", "a:2", "b:2", "c:2", "a:3", "b:3", "c:3"}
		if len(got) != len(want) {
			t.Fatalf("read %v", got)
		}
		class := func(s string) int {
			switch s[2:] {
			case "", "live":
				return 0
			case "1":
				return 1
			case "2":
				return 2
			}
			return 3
		}
		for i := 1; i < len(got); i++ {
			if class(got[i]) < class(got[i-1]) {
				t.Errorf("%s was read after %s: %v", got[i], got[i-1], got)
			}
		}
	})
}
