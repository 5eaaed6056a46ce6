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
