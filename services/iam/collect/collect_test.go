package collect_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/inventory"
	"surety/internal/resource"
	"surety/services/iam"
	iamcollect "surety/services/iam/collect"
)

const (
	account = "111122223333"
	trust   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	table   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}]}`
	plus    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a+b/100%/*"}]}`
)

func world() *awssim.World {
	return &awssim.World{Accounts: []*awssim.Account{{
		ID: account, IAMPage: 1,
		Regions: []*awssim.Region{{Name: "us-east-1"}},
		Policies: []*awssim.ManagedPolicy{
			{Name: "table", Document: table},
			{Name: "AdministratorAccess", AWS: true, Document: table},
		},
		Roles: []*awssim.Role{
			{Name: "orders", Trust: trust, Inline: []awssim.InlinePolicy{{Name: "b", Document: plus}, {Name: "a", Document: table}}, Attached: []string{"table", "aws:AdministratorAccess"},
				Boundary: "table", Tags: map[string]string{"team": "web"}, LastUsed: "2026-11-01T10:00:00Z"},
			{Name: "mail", Trust: trust},
		},
	}}}
}

func scan(t *testing.T, o awssim.Options) *inventory.Snapshot {
	t.Helper()
	sim := collecttest.Simulate(t, world(), o)
	plan := collect.Plan{Header: inventory.Header{Account: account, Partition: "aws", Regions: []resource.Region{"us-east-1"}, Facets: []resource.Facet{iam.FacetDetails}}}
	result, err := collect.Run(t.Context(), plan, []collect.Reader{iamcollect.New(collecttest.Config(sim, account))}, collect.Observer{})
	if err != nil {
		t.Fatal(err)
	}
	return result.Snapshot
}

// The account answers one entry a page, so a role and its policies come apart.
func TestRoles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := scan(t, awssim.Options{}).Of(iam.RoleType)
		want := []resource.Resource{
			&iam.Role{ARN: "arn:aws:iam::111122223333:role/mail", Name: "mail", Account: account, Trust: trust},
			&iam.Role{
				ARN: "arn:aws:iam::111122223333:role/orders", Name: "orders", Account: account, Trust: trust,
				Inline: []iam.Policy{{Name: "a", Text: table}, {Name: "b", Text: plus}},
				Attached: []iam.Policy{
					{Name: "table", ARN: "arn:aws:iam::111122223333:policy/table", Text: table},
					{Name: "AdministratorAccess", ARN: "arn:aws:iam::aws:policy/AdministratorAccess", Text: table},
				},
				Boundary: "arn:aws:iam::111122223333:policy/table", Tags: map[string]string{"team": "web"}, LastUsed: "2026-11-01T10:00:00Z",
			},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

func TestFaults(t *testing.T) {
	collecttest.Run(t, collecttest.Suite{
		New: iamcollect.New, World: world, Account: account, Regions: []resource.Region{"us-east-1"},
		Facets: []resource.Facet{iam.FacetDetails},
		APIs:   map[string]resource.Facet{"GetAccountAuthorizationDetails": iam.FacetDetails},
		Paged:  []string{"GetAccountAuthorizationDetails"},
		ID:     func(awssim.Call) resource.ID { return "" },
	})
}

// What came before a list broke is kept.
func TestBrokenOffList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scan(t, awssim.Options{Faults: []awssim.Fault{{Kind: awssim.AccessDenied, API: "GetAccountAuthorizationDetails", First: 2}}})
		if n := len(s.Of(iam.RoleType)); n != 1 {
			t.Errorf("%d roles are left of the first page, want 1", n)
		}
		if g := s.Gaps(); len(g) != 1 || g[0].Facet != iam.FacetDetails || g[0].Region != "" || g[0].Resource != "" || g[0].Code != "AccessDenied" {
			t.Errorf("gaps: %+v", g)
		}
	})
}
