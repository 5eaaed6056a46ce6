package actions_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/internal/plan"
	"surety/policy/prove"
	"surety/services/lambda"
	"surety/services/lambda/actions"
)

// What lets anybody in by a URL of AuthType NONE.
func open(qualifier string) []awssim.Grant {
	yes := true
	return []awssim.Grant{
		{StatementID: "url", Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionURLAuthType: "NONE", Qualifier: qualifier},
		{StatementID: "invoke", Action: "lambda:InvokeFunction", Principal: "*", InvokedViaFunctionURL: &yes, Qualifier: qualifier},
	}
}

// withURLs is a world of one function f with an alias, and f as a scan reads it.
func withURLs(t *testing.T, urls []*awssim.URL, policies map[string]string, grants []awssim.Grant, faults ...awssim.Fault) (*awssim.Sim, *lambda.Function) {
	t.Helper()
	f := &awssim.Function{Name: "f", Versions: []*awssim.Configuration{{Version: "1"}}, Aliases: []*awssim.Alias{{Name: "live", Version: "1"}}, URLs: urls, Policies: policies, Grants: grants}
	world := &awssim.World{Accounts: []*awssim.Account{{ID: account, Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{f}}}}}}
	sim := collecttest.Simulate(t, world, awssim.Options{Faults: faults})
	fn := &lambda.Function{ARN: "arn:aws:lambda:us-east-1:" + account + ":function:f", Name: "f", Account: account, Region: "us-east-1"}
	for _, q := range []string{"", "live"} {
		if text := f.Policies[q]; text != "" {
			fn.Policies = append(fn.Policies, lambda.Policy{Qualifier: q, Text: text})
		}
	}
	for _, u := range urls {
		fn.URLs = append(fn.URLs, lambda.URL{Qualifier: u.Qualifier, AuthType: u.AuthType})
	}
	return sim, fn
}

// A URL that asked nobody for a signature asks for one once its policy is closed,
// unless somebody without one is trusted, or it is not known how the URL is.
func TestURLAsksForSignatures(t *testing.T) {
	whole := func(statement string) map[string]string {
		return map[string]string{"": `{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","Resource":"arn:aws:lambda:us-east-1:` + account + `:function:f",` + statement + `}]}`}
	}
	none, iam, alias := &awssim.URL{AuthType: "NONE"}, &awssim.URL{AuthType: "AWS_IAM"}, &awssim.URL{Qualifier: "live", AuthType: "NONE"}
	for name, c := range map[string]struct {
		urls     []*awssim.URL
		policies map[string]string
		grants   []awssim.Grant
		zone     prove.Zone
		faults   []awssim.Fault
		want     []string // qualifiers of the URLs that change
		note     string   // part of what is said of one that does not
	}{
		"the function's":                {urls: []*awssim.URL{none}, grants: open(""), want: []string{""}},
		"an alias's":                    {urls: []*awssim.URL{alias}, grants: open("live"), want: []string{"live"}},
		"both":                          {urls: []*awssim.URL{none, alias}, grants: append(open(""), open("live")...), want: []string{"", "live"}},
		"the function's policy may say": {urls: []*awssim.URL{alias}, grants: open(""), want: []string{"live"}},
		"the alias's policy does not":   {urls: []*awssim.URL{none}, grants: open("live")},
		"asked already":                 {urls: []*awssim.URL{iam}, grants: open("")},
		"no URL":                        {grants: open("")},
		"everything to everybody":       {urls: []*awssim.URL{none}, policies: whole(`"Principal":"*","Action":"lambda:*"`), want: []string{""}},
		"from anywhere in a range":      {urls: []*awssim.URL{none}, policies: whole(`"Principal":"*","Action":"lambda:InvokeFunctionUrl","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`), want: []string{""}},
		"not the door":                  {urls: []*awssim.URL{none}, policies: whole(`"Principal":{"AWS":"999988887777"},"Action":"lambda:*"`)},
		"who signs is not the door":     {urls: []*awssim.URL{none}, policies: whole(`"Principal":"*","Action":"lambda:InvokeFunctionUrl","Condition":{"StringEquals":{"aws:PrincipalAccount":"999988887777"}}`)},
		"a trusted network": {urls: []*awssim.URL{none}, zone: prove.Zone{Networks: prove.Networks{CIDRs: []string{"192.0.2.0/24"}}},
			policies: whole(`"Principal":"*","Action":"lambda:InvokeFunctionUrl","Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/24","198.51.100.0/24"]}}`), note: "goes on asking nobody who calls"},
		"a refused read": {urls: []*awssim.URL{none}, grants: open(""), faults: []awssim.Fault{{Kind: awssim.AccessDenied, API: "GetFunctionUrlConfig"}}, note: "is not known and stays as it is"},
	} {
		t.Run(name, func(t *testing.T) {
			sim, fn := withURLs(t, c.urls, c.policies, c.grants, c.faults...)
			planner := actions.NewPlanner(collecttest.Config(sim, account))
			steps, refused := planner.PlanAccess(t.Context(), fn, actions.Trust{Zone: c.zone})
			if len(refused) > 0 || len(steps) == 0 {
				t.Fatalf("the policy is not mended: %v", refused)
			}
			var changed, notes []string
			for i, s := range steps {
				notes = append(notes, s.Warnings...)
				if s.Action != actions.URLAction {
					continue
				}
				changed = append(changed, s.Qualifier)
				if i == 0 || !slices.ContainsFunc(steps[:i], func(before plan.Step) bool { return before.Group == s.Group && before.Action == actions.PolicyAction }) {
					t.Errorf("the URL of %q does not wait for its policy", s.Qualifier)
				}
			}
			if d := cmp.Diff(c.want, changed); d != "" {
				t.Errorf("URLs that change: %s\n%q", d, notes)
			}
			if all := strings.Join(notes, "\n"); c.note != "" && !strings.Contains(all, c.note) {
				t.Errorf("the plan says %q and not %q", all, c.note)
			}
		})
	}
}

// A step on a URL changes its authentication and nothing else, and its reverse
// brings the same back; a URL that somebody changed is another.
func TestURLStep(t *testing.T) {
	age := 60
	cors := &awssim.Cors{AllowOrigins: []string{"https://example.com", "*"}, AllowMethods: []string{"GET"}, MaxAge: &age}
	sim, _ := withURLs(t, []*awssim.URL{{AuthType: "NONE"}, {Qualifier: "live", AuthType: "NONE", InvokeMode: "RESPONSE_STREAM", Cors: cors}}, nil, nil)
	actor := actions.New(collecttest.Config(sim, account))[actions.URLAction]
	s := plan.Step{Action: actions.URLAction, Resource: "arn:aws:lambda:us-east-1:" + account + ":function:f", Qualifier: "live", Group: "f"}
	was, err := actor.Read(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	s.Before, s.After = was.Content, json.RawMessage(strings.Replace(string(was.Content), "NONE", "AWS_IAM", 1))
	for _, step := range []plan.Step{s, s.Reverse()} {
		if err := actor.Describe(&step); err != nil || !step.Reversible || step.Permission != "lambda:UpdateFunctionUrlConfig" {
			t.Fatalf("described as %+v: %v", step, err)
		}
		if err := actor.Write(t.Context(), step, ""); err != nil {
			t.Fatal(err)
		}
		now, err := actor.Read(t.Context(), step)
		if err != nil || !actor.Same(now.Content, step.After) || actor.Same(now.Content, step.Before) || actor.Judge(step, now.Content) != nil {
			t.Errorf("it became %s, want %s: %v", now.Content, step.After, err)
		}
	}
	if now, _ := actor.Read(t.Context(), s); !cmp.Equal(string(now.Content), string(was.Content)) {
		t.Errorf("it became %s, was %s", now.Content, was.Content)
	}
	sim.Edit(func(w *awssim.World) {
		if u := w.Function(account, "us-east-1", "f").URLs[0]; u.AuthType != "NONE" {
			t.Errorf("the other URL changed to %s", u.AuthType)
		}
	})
}

// Contents that mean the same are the same to a guard, and nothing else is.
func TestURLGuard(t *testing.T) {
	sim, _ := withURLs(t, nil, nil, nil)
	actor := actions.New(collecttest.Config(sim, account))[actions.URLAction]
	plain := `{"AuthType":"NONE","InvokeMode":"BUFFERED"}`
	for content, want := range map[string]bool{
		plain:                 true,
		`{"AuthType":"NONE"}`: true,
		`{"AuthType":"NONE","InvokeMode":"BUFFERED","Cors":{}}`:                              true,
		`{"AuthType":"NONE","Cors":{"AllowHeaders":[],"AllowCredentials":false,"MaxAge":0}}`: true,
		`{"AuthType":"AWS_IAM"}`:                               false,
		`{"AuthType":"NONE","InvokeMode":"RESPONSE_STREAM"}`:   false,
		`{"AuthType":"NONE","Cors":{"AllowOrigins":["*"]}}`:    false,
		`{"AuthType":"NONE","Cors":{"AllowCredentials":true}}`: false,
		`null`: false,
		`{`:    false,
	} {
		if got := actor.Same(json.RawMessage(content), json.RawMessage(plain)); got != want {
			t.Errorf("%s is %s: %v, want %v", content, plain, got, want)
		}
	}
	if now, err := actor.Read(t.Context(), plan.Step{Resource: "arn:aws:lambda:us-east-1:" + account + ":function:f"}); err != nil || string(now.Content) != "null" {
		t.Errorf("no URL is read as %s: %v", now.Content, err)
	}
}

// What a step on a URL cannot be is refused when it is described.
func TestURLStepRefused(t *testing.T) {
	sim, _ := withURLs(t, nil, nil, nil)
	actor := actions.New(collecttest.Config(sim, account))[actions.URLAction]
	for _, c := range [][2]string{
		{`null`, `{"AuthType":"NONE"}`}, {`{"AuthType":"NONE"}`, `null`}, {`{"AuthType":"NONE"}`, `{"AuthType":"NONE"}`}, {`{"AuthType":"NONE"}`, `{"AuthType":""}`},
		{`{"AuthType":"NONE"}`, `{"AuthType":"AWS_IAM","InvokeMode":"RESPONSE_STREAM"}`}, {`{"AuthType":"NONE"}`, `{"AuthType":"AWS_IAM","Cors":{"MaxAge":1}}`},
		{`7`, `{"AuthType":"NONE"}`}, {`{"AuthType":"NONE"}`, `"AWS_IAM"`},
	} {
		s := plan.Step{Resource: "arn:aws:lambda:us-east-1:" + account + ":function:f", Before: json.RawMessage(c[0]), After: json.RawMessage(c[1])}
		if err := actor.Describe(&s); err == nil {
			t.Errorf("from %s to %s it would call %s", c[0], c[1], s.Call.Input)
		}
	}
}
