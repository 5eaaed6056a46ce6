package cli_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"surety/internal/awssim"
)

// Applying, rolling back and what planning by a strategy reads beside a scan call
// nothing that the printed policy does not allow, and every action of the policy that the simulator serves is called.
func TestPermissionsFix(t *testing.T) {
	t.Parallel()
	called := map[string]int{"PassRole": 1, "TagRole": 1, "GetAccountSummary": 1} // checked by AWS behind other calls; of the plan
	for _, behind := range []string{"CreateGrant", "DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"} {
		called[behind] = 1 // asked by AWS of whoever updates a function with a key or in a VPC
	}
	for _, whole := range []bool{true, false} {
		b := newBench(t, whole)
		b.addSite()
		b.sim.Edit(func(w *awssim.World) {
			a := w.Accounts[0]
			a.Policies = append(a.Policies, &awssim.ManagedPolicy{Name: "ReadOnlyAccess", AWS: true, Document: `{"Statement":[]}`})
			a.Roles = append(a.Roles, &awssim.Role{Name: "both", Inline: []awssim.InlinePolicy{{Name: "p", Document: `{"Statement":[]}`}}, Attached: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}})
			for _, name := range []string{"open", "other"} {
				f := w.Function(a.ID, "us-east-1", name)
				f.Role = "arn:aws:iam::" + a.ID + ":role/both"
				old := f.Configuration
				old.Version = "1"
				f.Versions, f.Aliases = []*awssim.Configuration{&old}, []*awssim.Alias{{Name: "live", Version: "1"}}
			}
		})
		b.must(0, "fix", "plan", "--rate", "unlimited", "-q", "--move-aliases", "-o", "plan.json") // nobody is trusted: a policy is left to the owner's services
		before := b.sim.CountByAPI(awssim.Calls{})
		for _, strategy := range []string{"least", "managed"} { // they read more than a scan does
			b.must(0, "fix", "plan", "--rate", "unlimited", "-q", "--strategy", strategy, "--as", "aws")
		}
		for api := range b.sim.CountByAPI(awssim.Calls{}) {
			if before[api] == 0 {
				called[api]++
			}
		}
		before = b.sim.CountByAPI(awssim.Calls{})
		b.must(0, "fix", "apply", "plan.json", "--yes")
		b.must(0, "fix", "rollback", b.listed()[0].ID, "--yes")
		for api, n := range b.sim.CountByAPI(awssim.Calls{}) {
			if n > before[api] {
				called[api] += n
			}
		}
	}
	var policy struct{ Statement []struct{ Action []string } }
	b := newBench(t, true)
	if err := json.Unmarshal([]byte(b.must(0, "permissions", "fix")), &policy); err != nil {
		t.Fatal(err)
	}
	var allowed []string
	for _, s := range policy.Statement {
		for _, action := range s.Action {
			_, api, _ := strings.Cut(action, ":")
			allowed = append(allowed, api)
		}
	}
	for api := range called {
		if !slices.Contains(allowed, api) {
			t.Errorf("%s is called, and the policy does not allow it", api)
		}
	}
	unused := []string{"GetAlias", "DeleteResourcePolicy"} // of policies that have gone
	for _, api := range allowed {
		if called[api] == 0 && !slices.Contains(unused, api) {
			t.Errorf("the policy allows %s, and nothing calls it", api)
		}
	}
}
