package actions_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"surety/internal/awssim"
	"surety/internal/plan"
	"surety/services/iam/actions"
)

// IAM does not always tell of a role at once: what was made is waited for, so that
// the steps that follow find it.
func TestNewRoleIsReadBack(t *testing.T) {
	for _, c := range []struct {
		lag  time.Duration
		seen bool
	}{{0, true}, {9 * time.Second, true}, {time.Hour, false}} {
		synctest.Test(t, func(t *testing.T) {
			actor, _ := roles(t, func(a *awssim.Account) { a.RoleLag = c.lag })
			s := plan.Step{Action: actions.RoleAction, Resource: "arn:aws:iam::" + account + ":role/surety/own", Group: "f role",
				Before: json.RawMessage(`null`), After: json.RawMessage(`{"trust":"{}","max_session":3600}`)}
			if err := actor.Describe(&s); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if err := actor.Write(t.Context(), s, ""); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took < min(c.lag, 30*time.Second) || took > time.Minute {
				t.Errorf("it waited %v for a role that takes %v", took, c.lag)
			}
			if now, err := actor.Read(t.Context(), s); err != nil || actor.Same(now.Content, s.After) != c.seen {
				t.Errorf("after a lag of %v: %s %v", c.lag, now.Content, err)
			}
		})
	}
}
