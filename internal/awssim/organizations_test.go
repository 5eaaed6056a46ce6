package awssim_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

func organizationWorld() *awssim.World {
	return &awssim.World{
		Accounts: []*awssim.Account{{ID: owner}, {ID: "444455556666"}, {ID: "999988887777"}},
		Organizations: []*awssim.Organization{{ID: "o-a1b2c3d4e5", Root: "r-ab12", Management: owner,
			Units: []awssim.OrganizationalUnit{{ID: "ou-ab12-11111111", Name: "production"}, {ID: "ou-ab12-22222222", Name: "inner", Parent: "ou-ab12-11111111"}},
			Members: []awssim.Member{{Account: owner, Name: "management"}, {Account: "444455556666", Parent: "ou-ab12-22222222"},
				{Account: "777788889999", Parent: "ou-ab12-11111111", State: "CLOSED"}}}},
	}
}

func organizationsOf(t *testing.T, w *awssim.World, account string) *organizations.Client {
	return organizations.NewFromConfig(signed(start(t, w, awssim.Options{}), awssim.AccessKey(account), region))
}

func TestOrganizationAccounts(t *testing.T) {
	client := organizationsOf(t, organizationWorld(), owner)
	var got []string
	for p := organizations.NewListAccountsPaginator(client, &organizations.ListAccountsInput{MaxResults: aws.Int32(1)}); p.HasMorePages(); {
		out, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.Accounts {
			got = append(got, *a.Id+" "+string(a.State)+" "+a.Paths[0])
		}
	}
	want := []string{
		"111122223333 ACTIVE o-a1b2c3d4e5/r-ab12/111122223333/",
		"444455556666 ACTIVE o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/444455556666/",
		"777788889999 CLOSED o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/777788889999/",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	in, err := client.ListAccountsForParent(t.Context(), &organizations.ListAccountsForParentInput{ParentId: aws.String("r-ab12")})
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Accounts) != 1 || *in.Accounts[0].Id != owner {
		t.Errorf("%d accounts in the root", len(in.Accounts))
	}
}

func TestOrganizationTree(t *testing.T) {
	client, ctx := organizationsOf(t, organizationWorld(), owner), t.Context()
	got := map[string]string{}
	roots, err := client.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		t.Fatal(err)
	}
	got["root"] = *roots.Roots[0].Id
	units, err := client.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: roots.Roots[0].Id})
	if err != nil {
		t.Fatal(err)
	}
	got["unit"] = *units.OrganizationalUnits[0].Id + " " + *units.OrganizationalUnits[0].Path
	unit, err := client.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: aws.String("ou-ab12-22222222")})
	if err != nil {
		t.Fatal(err)
	}
	got["inner"] = *unit.OrganizationalUnit.Path
	for _, child := range []string{"444455556666", "ou-ab12-22222222", "ou-ab12-11111111"} {
		out, err := client.ListParents(ctx, &organizations.ListParentsInput{ChildId: &child})
		if err != nil {
			t.Fatal(err)
		}
		got[child] = string(out.Parents[0].Type) + " " + *out.Parents[0].Id
	}
	want := map[string]string{
		"root":             "r-ab12",
		"unit":             "ou-ab12-11111111 o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
		"inner":            "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
		"444455556666":     "ORGANIZATIONAL_UNIT ou-ab12-22222222",
		"ou-ab12-22222222": "ORGANIZATIONAL_UNIT ou-ab12-11111111",
		"ou-ab12-11111111": "ROOT r-ab12",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	_, err = client.ListParents(ctx, &organizations.ListParentsInput{ChildId: aws.String("000000000000")})
	wantError(t, err, "ChildNotFoundException", 400)
}

// Any member may ask which organisation it is in; only the management account
// and delegated administrators may list it.
func TestWhoMayListAnOrganization(t *testing.T) {
	for _, c := range []struct {
		account   string
		delegated []string
		describe  string
		list      string
	}{
		{owner, nil, "", ""},
		{"444455556666", nil, "", "AccessDeniedException"},
		{"444455556666", []string{"444455556666"}, "", ""},
		{"999988887777", nil, "AWSOrganizationsNotInUseException", "AWSOrganizationsNotInUseException"},
	} {
		w := organizationWorld()
		w.Organizations[0].Delegated = c.delegated
		client := organizationsOf(t, w, c.account)
		out, err := client.DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
		wantOutcome(t, err, c.describe)
		if err == nil && *out.Organization.Id != "o-a1b2c3d4e5" {
			t.Errorf("organisation %s", *out.Organization.Id)
		}
		_, err = client.ListAccounts(t.Context(), &organizations.ListAccountsInput{})
		wantOutcome(t, err, c.list)
	}
}

// wantOutcome wants an error of that code, or none for "".
func wantOutcome(t *testing.T, err error, code string) {
	t.Helper()
	if code != "" {
		wantError(t, err, code, 400)
	} else if err != nil {
		t.Error(err)
	}
}
