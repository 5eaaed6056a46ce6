package role_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"surety/internal/aws/identity"
	"surety/internal/aws/role"
	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/internal/resource"
)

func world() *awssim.World {
	return &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333"}, {ID: "444455556666", Roles: []*awssim.Role{
		{Name: "SuretyAudit", Trust: `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}`},
		{Name: "SomeoneElses"}, {Name: "Guarded", Trust: `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"e-1"}}}]}`},
	}}}}
}

func TestEnter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, world(), awssim.Options{})
		entered, err := role.Enter(t.Context(), collecttest.Config(sim, "111122223333"), role.Role{Name: "SuretyAudit"}, "aws", "444455556666")
		if err != nil {
			t.Fatal(err)
		}
		for _, later := range []time.Duration{0, 54 * time.Minute, 2 * time.Minute, 3 * time.Hour} {
			time.Sleep(later)
			who, err := identity.Get(t.Context(), entered)
			if err != nil || who.Account != "444455556666" || !strings.Contains(who.ARN, "assumed-role/SuretyAudit/surety") {
				t.Errorf("after another %s: %+v, %v", later, who, err)
			}
		}
		// Good for an hour each, and renewed five minutes before that.
		if n := sim.Count(awssim.Calls{API: "AssumeRole"}); n != 3 {
			t.Errorf("the role was assumed %d times, want 3", n)
		}
	})
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		role    role.Role
		account resource.Account
		word    string
	}{
		{role.Role{Name: "SomeoneElses"}, "444455556666", "AccessDenied"},
		{role.Role{Name: "Guarded"}, "444455556666", "AccessDenied"},
		{role.Role{Name: "Guarded", ExternalID: "e-2"}, "444455556666", "AccessDenied"},
		{role.Role{Name: "Guarded", ExternalID: "e-1"}, "444455556666", ""},
		{role.Role{Name: "NotThere"}, "444455556666", "arn:aws:iam::444455556666:role/NotThere"},
		{role.Role{Name: "SuretyAudit"}, "999988887777", "AccessDenied"},
	} {
		synctest.Test(t, func(t *testing.T) {
			sim := collecttest.Simulate(t, world(), awssim.Options{})
			_, err := role.Enter(t.Context(), collecttest.Config(sim, "111122223333"), c.role, "aws", c.account)
			if c.word == "" {
				if err != nil {
					t.Errorf("%+v: %v", c.role, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.word) {
				t.Errorf("%+v in %s: %v, want %s", c.role, c.account, err, c.word)
			}
		})
	}
}

func TestARN(t *testing.T) {
	for name, want := range map[string]string{
		"SuretyAudit":                      "arn:aws-cn:iam::444455556666:role/SuretyAudit",
		"/audit/SuretyAudit":               "arn:aws-cn:iam::444455556666:role/audit/SuretyAudit",
		"arn:aws:iam::111122223333:role/x": "arn:aws:iam::111122223333:role/x",
	} {
		if got := (role.Role{Name: name}).ARN("aws-cn", "444455556666"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
