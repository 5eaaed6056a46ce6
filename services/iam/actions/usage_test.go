package actions_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/services/iam"
	"surety/services/iam/actions"
)

const (
	account = "111122223333"
	shared  = "arn:aws:iam::111122223333:role/team/shared"
)

// roles is the planner's view of an account with one role, at a simulated time.
func roles(t *testing.T, change func(*awssim.Account), faults ...awssim.Fault) (*actions.Roles, *awssim.Sim) {
	t.Helper()
	a := &awssim.Account{ID: account, Regions: []*awssim.Region{{Name: "us-east-1"}},
		Roles: []*awssim.Role{{Name: "shared", Path: "/team/", Created: "1999-06-01T00:00:00Z", Used: map[string]awssim.Use{
			"logs": {Days: 1}, "s3": {Days: 2, Actions: map[string]int{"CreateBucket": 0, "DeleteBucket": 120}}, "ses": {},
		}}},
		Policies: []*awssim.ManagedPolicy{{Name: "mine", Path: "/a/", Version: "v3", Document: `{"Statement":[]}`}, {Name: "Base", AWS: true, Document: `{"x":"ü +%"}`}},
	}
	if change != nil {
		change(a)
	}
	sim := collecttest.Simulate(t, &awssim.World{Accounts: []*awssim.Account{a}}, awssim.Options{Faults: faults})
	return actions.NewRoles(collecttest.Config(sim, account)), sim
}

// A report is waited for as long as is said and no longer; its days are those that
// IAM tells.
func TestUsage(t *testing.T) {
	for _, c := range []struct {
		name   string
		polls  int
		failed string
		fault  awssim.Fault
		want   string // part of the error
		waits  time.Duration
	}{
		{name: "at once"},
		{name: "after three looks", polls: 3, waits: 7 * time.Second},
		{name: "never", polls: -1, want: "still not ready after 2m0s", waits: 2 * time.Minute},
		{name: "failed", failed: "sorry\x1b[2J", want: "ended as FAILED: sorry"},
		{name: "refused", fault: awssim.Fault{Kind: awssim.AccessDenied, API: "GenerateServiceLastAccessedDetails"}, want: "AccessDenied"},
		{name: "refused later", fault: awssim.Fault{Kind: awssim.AccessDenied, API: "GetServiceLastAccessedDetails"}, want: "AccessDenied"},
		{name: "the role is not told", fault: awssim.Fault{Kind: awssim.AccessDenied, API: "GetRole"}, want: "AccessDenied"},
		{name: "a page for people", fault: awssim.Fault{Kind: awssim.HTML, API: "GetServiceLastAccessedDetails"}, want: "reading what was last used of role shared"},
		{name: "no answer at all", fault: awssim.Fault{Kind: awssim.Empty, API: "GetServiceLastAccessedDetails"}, want: "reading what was last used of role shared"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var faults []awssim.Fault
				if c.fault.Kind != "" {
					faults = append(faults, c.fault)
				}
				r, _ := roles(t, func(a *awssim.Account) { a.ReportPolls, a.ReportError = c.polls, c.failed }, faults...)
				began := time.Now()
				got, err := r.Usage(t.Context(), shared)
				if waited := time.Since(began); c.fault.Kind == "" && (waited < c.waits || waited > c.waits+20*time.Second) {
					t.Errorf("it waited %v, want about %v", waited, c.waits)
				}
				if c.want != "" {
					if err == nil || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n") {
						t.Fatalf("%v, want %q in one line", err, c.want)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				want := &iam.Usage{Made: time.Date(1999, 6, 1, 0, 0, 0, 0, time.UTC), Asked: began.UTC(), Services: map[string]iam.ServiceUsage{
					"logs": {Last: began.UTC().AddDate(0, 0, -1), Actions: map[string]time.Time{}},
					"s3":   {Last: began.UTC().AddDate(0, 0, -2), Actions: map[string]time.Time{"createbucket": {}, "deletebucket": began.UTC().AddDate(0, 0, -120)}},
					"ses":  {Actions: map[string]time.Time{}},
				}}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("usage (-want +got):\n%s", d)
				}
			})
		})
	}
}

// All pages of a report are read; one that never ends is an error.
func TestUsagePages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		many := func(a *awssim.Account) {
			for i := range 250 {
				a.Roles[0].Used["service"+strings.Repeat("x", i)] = awssim.Use{Days: 1}
			}
		}
		r, sim := roles(t, many)
		got, err := r.Usage(t.Context(), shared)
		if err != nil || len(got.Services) != 253 {
			t.Fatalf("%d services, %v", len(slices.Collect(maps.Keys(got.Services))), err)
		}
		if err := sim.Break(awssim.Fault{Kind: awssim.EndlessPage, API: "GetServiceLastAccessedDetails"}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Usage(t.Context(), shared); err == nil || !strings.Contains(err.Error(), "says that there is more, but not where") {
			t.Errorf("an endless report: %v", err)
		}
	})
}

// The default version of a managed policy is read, whoever manages it.
func TestDocument(t *testing.T) {
	r, _ := roles(t, nil)
	for arn, want := range map[string]string{
		"arn:aws:iam::" + account + ":policy/a/mine": `{"Statement":[]}`,
		"arn:aws:iam::aws:policy/Base":               `{"x":"ü +%"}`,
		"arn:aws:iam::aws:policy/None":               "",
	} {
		if got, err := r.Document(t.Context(), arn); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", arn, got, err, want)
		}
	}
	for _, api := range []string{"GetPolicy", "GetPolicyVersion"} {
		r, _ := roles(t, nil, awssim.Fault{Kind: awssim.AccessDenied, API: api})
		if got, err := r.Document(t.Context(), "arn:aws:iam::aws:policy/Base"); err == nil || got != "" || !strings.Contains(err.Error(), "reading policy arn:aws:iam::aws:policy/Base: ") {
			t.Errorf("%s refused: %q %v", api, got, err)
		}
	}
}

// The quotas of the account, not those that are usual.
func TestRoom(t *testing.T) {
	r, sim := roles(t, func(a *awssim.Account) { a.RolesQuota = 3 })
	if got, err := r.Room(t.Context()); err != nil || got != (iam.Room{Roles: 2, Attached: 10}) {
		t.Errorf("%+v %v", got, err)
	}
	if err := sim.Break(awssim.Fault{Kind: awssim.AccessDenied, API: "GetAccountSummary"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Room(t.Context()); err == nil || errors.Unwrap(err) == nil {
		t.Errorf("refused: %v", err)
	}
}
