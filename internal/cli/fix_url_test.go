package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

// newSite makes a bench with one function, which everybody may call by its URL.
func newSite(t *testing.T, whole bool) *bench {
	t.Helper()
	b := newBench(t, whole)
	b.addSite()
	b.sim.Edit(func(w *awssim.World) {
		w.Accounts[0].Regions[0].Functions = []*awssim.Function{w.Function("111122223333", "us-east-1", "site")}
	})
	return b
}

// addSite adds a function that everybody may call by its URL.
func (b *bench) addSite() {
	credentials, age := true, 3600
	b.sim.Edit(func(w *awssim.World) {
		const arn = "arn:aws:lambda:us-east-1:111122223333:function:site"
		site := *w.Function("111122223333", "us-east-1", "open") // settled
		site.Name, site.RevisionID = "site", ""
		site.URLs = []*awssim.URL{{AuthType: "NONE", InvokeMode: "RESPONSE_STREAM",
			Cors: &awssim.Cors{AllowCredentials: &credentials, AllowOrigins: []string{"https://example.com"}, AllowMethods: []string{"GET", "POST"}, MaxAge: &age}}}
		site.Policies = map[string]string{"": `{"Version":"2012-10-17","Statement":[{"Sid":"url","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"` + arn +
			`","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}},{"Sid":"invoke","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + arn +
			`","Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}},{"Sid":"partner","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222233334444:root"},"Action":"lambda:InvokeFunction","Resource":"` + arn + `"}]}`}
		w.Accounts[0].Regions[0].Add(&site)
	})
}

// site is the policy of the function, and its URL without the time it changed.
func (b *bench) site() (policy string, url awssim.URL) {
	b.sim.Edit(func(w *awssim.World) {
		f := w.Function("111122223333", "us-east-1", "site")
		policy, url = f.Policies[""], *f.URLs[0]
	})
	url.Modified = ""
	return policy, url
}

// The URL of a function that is closed asks for signatures afterwards, and rolling
// back brings the URL and the policy back. Killed at any call, the journal tells
// the truth, and the URL never asks for signatures before the policy is closed.
func TestFixURL(t *testing.T) {
	t.Parallel()
	for _, whole := range []bool{true, false} {
		probe := newSite(t, whole)
		was, url := probe.site()
		probe.plan()
		shown := probe.must(0, "fix", "show", probe.listed()[0].ID)
		for _, want := range []string{`-   "AuthType": "NONE",`, `+   "AuthType": "AWS_IAM",`, "must sign their requests", "lambda:UpdateFunctionUrlConfig"} {
			if !strings.Contains(shown, want) {
				t.Errorf("the plan does not say %s:\n%s", want, shown)
			}
		}
		calls := probe.calledApply()
		closed, signed := probe.site()
		want := url
		want.AuthType = "AWS_IAM"
		if d := cmp.Diff(want, signed); d != "" || closed == was || !strings.Contains(closed, `"Sid":"partner"`) {
			t.Fatalf("applied, and the policy is %s, and the URL differs:\n%s", closed, d)
		}
		for n := max(2, calls-8); n <= calls; n++ { // from the policy's last step on; the others are TestKilledAnywhere's
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("whole=%v/call=%d/after=%v", whole, n, after), func(t *testing.T) {
					t.Parallel()
					b := newSite(t, whole)
					b.plan()
					b.killed(n, after)
					policy, now := b.site()
					l := b.listed()[0]
					if now.AuthType == "AWS_IAM" && policy != closed || l.State == "applied" && !cmp.Equal(now, signed) {
						t.Errorf("killed, the site is %+v under %s, and the list says %+v", now, policy, l)
					}
					if n%2 == 0 {
						b.must(0, "fix", "rollback", l.ID, "--yes")
						if policy, now := b.site(); !cmp.Equal(now, url) || whole && policy != was || strings.Count(policy, `"Principal":"*"`) != 2 {
							t.Errorf("rolled back, the site is %+v under %s", now, policy)
						}
						return
					}
					b.must(0, "fix", "apply", "plan.json", "--yes", "--resume")
					if policy, now := b.site(); !cmp.Equal(now, signed) || policy != closed {
						t.Errorf("resumed, the site is %+v under %s", now, policy)
					}
				})
			}
		}
	}
}

// A URL that somebody changed after the plan was made is left alone, and so is one
// whose policy was.
func TestFixURLGuard(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*awssim.Function){
		"the URL":    func(f *awssim.Function) { f.URLs[0].InvokeMode = "BUFFERED" },
		"the policy": func(f *awssim.Function) { f.Policies[""] = strings.Replace(f.Policies[""], "partner", "other", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newSite(t, true)
			b.plan()
			b.sim.Edit(func(w *awssim.World) { change(w.Function("111122223333", "us-east-1", "site")) })
			b.must(5, "fix", "apply", "plan.json", "--yes")
			if _, url := b.site(); url.AuthType != "NONE" {
				t.Errorf("it was changed all the same: %+v", url)
			}
		})
	}
}
