package actions_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/internal/plan"
	"surety/services/lambda/actions"
)

const account = "111122223333"

// roleStep is a step that gives function f another role.
func roleStep(t *testing.T, actor interface{ Describe(*plan.Step) error }) plan.Step {
	t.Helper()
	s := plan.Step{Action: actions.RoleAction, Resource: "arn:aws:lambda:us-east-1:" + account + ":function:f", Group: "f",
		Before: json.RawMessage(`{"role":"arn:aws:iam::` + account + `:role/old"}`), After: json.RawMessage(`{"role":"arn:aws:iam::` + account + `:role/new"}`)}
	if err := actor.Describe(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// A role that was just made cannot be assumed for a while, and Lambda answers as
// it does to a mistake: within a minute it is tried again, then it is a mistake.
func TestNewRoleIsWaitedFor(t *testing.T) {
	for _, c := range []struct {
		delay time.Duration
		want  string // part of the error; "" for none
	}{{0, ""}, {20 * time.Second, ""}, {10 * time.Minute, "cannot be assumed by Lambda"}} {
		synctest.Test(t, func(t *testing.T) {
			world := &awssim.World{Accounts: []*awssim.Account{{ID: account, RoleDelay: c.delay,
				Roles:   []*awssim.Role{{Name: "old"}, {Name: "new", Created: time.Now().UTC().Format(time.RFC3339)}},
				Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{{Name: "f", Configuration: awssim.Configuration{Role: "old"}}}}}}}}
			sim := collecttest.Simulate(t, world, awssim.Options{})
			actor := actions.New(collecttest.Config(sim, account))[actions.RoleAction]
			s := roleStep(t, actor)
			now, err := actor.Read(t.Context(), s)
			if err != nil || !actor.Same(now.Content, s.Before) || now.Revision == "" {
				t.Fatalf("before: %s %q %v", now.Content, now.Revision, err)
			}
			began := time.Now()
			err = actor.Write(t.Context(), s, now.Revision)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Fatalf("after %v: %v, want %q", c.delay, err, c.want)
			}
			if took := time.Since(began); took > 2*time.Minute || took < min(c.delay, time.Minute) {
				t.Errorf("it waited %v for a role that takes %v", took, c.delay)
			}
			now, err = actor.Read(t.Context(), s)
			if err != nil || actor.Same(now.Content, s.After) != (c.want == "") {
				t.Errorf("afterwards: %s %v", now.Content, err)
			}
		})
	}
}

// An update that goes on is waited for, also by a run that did not begin it, and
// one that fails is never taken for done: the function names its new role and does
// not run with it. A new role's policies are waited for as the role itself is.
func TestUpdateIsSeenToItsEnd(t *testing.T) {
	for _, c := range []struct {
		name                    string
		delay, within, visible  time.Duration // of an update; how long it was waited for; of a role
		fails, letters, verdict string
	}{
		{name: "at once"},
		{name: "after a while", delay: 40 * time.Second, within: 40 * time.Second},
		{name: "never", delay: time.Hour, within: 5 * time.Minute, verdict: "the update is still in progress"},
		{name: "failed", delay: 5 * time.Second, within: 5 * time.Second, fails: "KMSKeyAccessDenied", verdict: "the update failed: The update could not be completed. (KMSKeyAccessDenied)"},
		{name: "a queue that the policies are not seen to allow", visible: 15 * time.Second, within: 15 * time.Second, letters: "arn:aws:sqs:us-east-1:" + account + ":dropped"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				world := &awssim.World{Accounts: []*awssim.Account{{ID: account, UpdateDelay: c.delay, RoleDelay: c.visible,
					Roles: []*awssim.Role{{Name: "old"}, {Name: "new", Created: time.Now().UTC().Format(time.RFC3339)}},
					Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{{Name: "f",
						Configuration: awssim.Configuration{Role: "old", UpdateFails: c.fails, DeadLetters: c.letters}}}}}}}}
				sim := collecttest.Simulate(t, world, awssim.Options{})
				actor := actions.New(collecttest.Config(sim, account))[actions.RoleAction]
				s := roleStep(t, actor)
				began := time.Now()
				if err := actor.Write(t.Context(), s, ""); err != nil {
					t.Fatal(err)
				}
				now, err := actor.Read(t.Context(), s) // as any later run would
				if err != nil || !actor.Same(now.Content, s.After) {
					t.Fatalf("afterwards: %s %v", now.Content, err)
				}
				if took := time.Since(began); took < c.within || took > c.within+10*time.Second {
					t.Errorf("it waited %v, want %v", took, c.within)
				}
				err = actor.Judge(s, now.Content)
				if (err == nil) != (c.verdict == "") || err != nil && !strings.Contains(err.Error(), c.verdict) {
					t.Errorf("judged: %v, want %q", err, c.verdict)
				}
			})
		})
	}
}

// Throttling is waited out for longer than a scan would, and so is an update of
// the function that is in progress when its policy is to be written.
func TestWritesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := &awssim.World{Accounts: []*awssim.Account{{ID: account, UpdateDelay: 20 * time.Second,
			Roles: []*awssim.Role{{Name: "old"}, {Name: "new"}},
			Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{{Name: "f", Configuration: awssim.Configuration{Role: "old"},
				Policies: map[string]string{"": `{"Version":"2012-10-17","Statement":[]}`}}}}}}}}
		sim := collecttest.Simulate(t, world, awssim.Options{Faults: []awssim.Fault{
			{Kind: awssim.Throttle, API: "UpdateFunctionConfiguration", Times: 4}, {Kind: awssim.ServerError, API: "PutResourcePolicy", Times: 3},
		}})
		actors := actions.New(collecttest.Config(sim, account))
		role := roleStep(t, actors[actions.RoleAction])
		if err := actors[actions.RoleAction].Write(t.Context(), role, ""); err != nil {
			t.Fatalf("throttled: %v", err)
		}
		policy := plan.Step{Action: actions.PolicyAction, Resource: role.Resource, Group: "f",
			Before: json.RawMessage(`"{\"Version\":\"2012-10-17\",\"Statement\":[]}"`),
			After:  json.RawMessage(`"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"222233334444\"},\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"*\"}]}"`)}
		began := time.Now()
		if err := actors[actions.PolicyAction].Write(t.Context(), policy, ""); err != nil {
			t.Fatalf("while the function is updated: %v", err)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it waited %v", took)
		}
		if now, err := actors[actions.PolicyAction].Read(t.Context(), policy); err != nil || !actors[actions.PolicyAction].Same(now.Content, policy.After) {
			t.Errorf("afterwards: %s %v", now.Content, err)
		}
		if n := sim.Count(awssim.Calls{API: "PutResourcePolicy"}); n < 5 {
			t.Errorf("the policy was put %d times: it did not meet the update", n)
		}
	})
}
