package organization_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"surety/internal/aws/organization"
	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/resource"
)

func world() *awssim.World {
	return &awssim.World{
		Accounts: []*awssim.Account{{ID: "111122223333"}, {ID: "444455556666"}, {ID: "777788889999"}},
		Organizations: []*awssim.Organization{{
			ID: "o-a1b2c3d4e5", Root: "r-ab12", Management: "111122223333",
			Units: []awssim.OrganizationalUnit{{ID: "ou-ab12-11111111", Name: "shops"}},
			Members: []awssim.Member{
				{Account: "111122223333", Name: "payer"}, {Account: "444455556666", Name: "shop", Parent: "ou-ab12-11111111", State: "SUSPENDED"},
			},
		}},
	}
}

func TestDescribeAndList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, world(), awssim.Options{})
		cfg := collecttest.Config(sim, "111122223333")
		id, gap := organization.Describe(t.Context(), cfg, "111122223333")
		if id != "o-a1b2c3d4e5" || gap != nil {
			t.Fatalf("organisation %q, gap %+v", id, gap)
		}
		got, gap := organization.List(t.Context(), cfg, "111122223333", id)
		if gap != nil {
			t.Fatalf("gap %+v", gap)
		}
		want := collect.Organization{ID: id, Accounts: []collect.OrganizationAccount{
			{ID: "111122223333", Name: "payer", State: "ACTIVE", Paths: []string{"o-a1b2c3d4e5/r-ab12/"}},
			{ID: "444455556666", Name: "shop", State: "SUSPENDED", Paths: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"}},
		}}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

func TestWhoIsInNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, world(), awssim.Options{})
		id, gap := organization.Describe(t.Context(), collecttest.Config(sim, "777788889999"), "777788889999")
		if id != "" || gap != nil {
			t.Errorf("organisation %q, gap %+v", id, gap)
		}
	})
}

// What cannot be read is a gap of the account, and never half a list.
func TestGaps(t *testing.T) {
	for _, c := range []struct {
		kind awssim.Kind
		code string
	}{
		{awssim.AccessDenied, "AccessDeniedException"}, {awssim.Hang, resource.CodeTimeout}, {awssim.Reset, resource.CodeUnreachable},
		{awssim.HTML, resource.CodeMalformed}, {awssim.Empty, resource.CodeMalformed}, {awssim.Truncated, resource.CodeMalformed},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := collecttest.Simulate(t, world(), awssim.Options{Faults: []awssim.Fault{{Kind: c.kind, Service: "organizations"}}})
				cfg := collecttest.Config(sim, "111122223333")
				id, gap := organization.Describe(t.Context(), cfg, "111122223333")
				if id != "" || gap == nil || gap.Facet != organization.FacetDescribe || gap.Code != c.code || gap.Account != "111122223333" {
					t.Errorf("organisation %q, gap %+v", id, gap)
				}
				got, gap := organization.List(t.Context(), cfg, "111122223333", "o-a1b2c3d4e5")
				if len(got.Accounts) > 0 || gap == nil || gap.Facet != organization.FacetAccounts || gap.Code != c.code {
					t.Errorf("%d accounts, gap %+v", len(got.Accounts), gap)
				}
			})
		})
	}
}

// An entry that is no account makes the list none.
func TestWrongAccounts(t *testing.T) {
	for _, entry := range []string{`{}`, `null`, `{"Id":""}`, `{"Id":"../../../x/y"}`, `{"Id":"11112222333"}`} {
		t.Run(entry, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				body := `{"Accounts":[{"Id":"111122223333","Status":"ACTIVE"},` + entry + `]}`
				sim := collecttest.Simulate(t, world(), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.WrongContent, API: "ListAccounts", Body: body}}})
				got, gap := organization.List(t.Context(), collecttest.Config(sim, "111122223333"), "111122223333", "o-a1b2c3d4e5")
				if len(got.Accounts) > 0 || gap == nil || gap.Code != resource.CodeMalformed {
					t.Errorf("%d accounts, gap %+v", len(got.Accounts), gap)
				}
			})
		})
	}
}

// Names of units are a nicety: what cannot be read is left out.
func TestUnitNames(t *testing.T) {
	for name, c := range map[string]struct {
		faults []awssim.Fault
		want   map[string]string
	}{
		"read":    {nil, map[string]string{"ou-ab12-11111111": "shops"}},
		"refused": {[]awssim.Fault{{Kind: awssim.AccessDenied, API: "DescribeOrganizationalUnit"}}, map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := collecttest.Simulate(t, world(), awssim.Options{Faults: c.faults})
				cfg := collecttest.Config(sim, "111122223333")
				org, gap := organization.List(t.Context(), cfg, "111122223333", "o-a1b2c3d4e5")
				if gap != nil {
					t.Fatalf("gap %+v", gap)
				}
				if d := cmp.Diff(c.want, organization.UnitNames(t.Context(), cfg, org)); d != "" {
					t.Error(d)
				}
			})
		})
	}
}
