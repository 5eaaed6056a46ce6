package awssim_test

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

const allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"a b+c%"}]}`

func rolesWorld() *awssim.World {
	w := oneAccount()
	a := w.Accounts[0]
	a.Policies = []*awssim.ManagedPolicy{{Name: "AdministratorAccess", AWS: true, Document: allowAll}, {Name: "mine", Path: "/team/", Document: allowAll, Version: "v3"}}
	a.Roles = []*awssim.Role{
		{Name: "admin", Attached: []string{"aws:AdministratorAccess", "mine"}, Boundary: "mine", LastUsed: "2026-11-20T04:12:00Z", UsedIn: "us-east-1", Tags: map[string]string{"b": "2", "a": "1"}},
		{Name: "inline", Path: "/service-role/", Inline: []awssim.InlinePolicy{{Name: "one", Document: allowAll}}},
		{Name: "plain"},
	}
	return w
}

// read goes through all pages and tells how many there were.
func readRoles(t *testing.T, s *awssim.Sim, in *iam.GetAccountAuthorizationDetailsInput) (roles []types.RoleDetail, policies []types.ManagedPolicyDetail, pages int) {
	t.Helper()
	client := iam.NewFromConfig(signed(s, awssim.AccessKey(owner), region))
	for p := iam.NewGetAccountAuthorizationDetailsPaginator(client, in); p.HasMorePages(); pages++ {
		out, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		roles, policies = append(roles, out.RoleDetailList...), append(policies, out.Policies...)
	}
	return roles, policies, pages
}

func TestAccountAuthorizationDetails(t *testing.T) {
	roles, policies, pages := readRoles(t, start(t, rolesWorld(), awssim.Options{}), &iam.GetAccountAuthorizationDetailsInput{})
	if pages != 1 || len(roles) != 3 || len(policies) != 2 {
		t.Fatalf("%d roles, %d policies, %d pages", len(roles), len(policies), pages)
	}
	admin, inline := roles[0], roles[1]
	got := map[string]any{
		"arn":      *inline.Arn,
		"boundary": *admin.PermissionsBoundary.PermissionsBoundaryArn,
		"attached": *admin.AttachedManagedPolicies[0].PolicyArn,
		"tags":     *admin.Tags[0].Key + *admin.Tags[0].Value,
		"used":     admin.RoleLastUsed.LastUsedDate.String() + " " + *admin.RoleLastUsed.Region,
		"unused":   inline.RoleLastUsed.LastUsedDate == nil,
		"policy":   *policies[1].Arn + " " + *policies[1].DefaultVersionId,
		"count":    *policies[0].AttachmentCount,
	}
	want := map[string]any{
		"arn":      "arn:aws:iam::111122223333:role/service-role/inline",
		"boundary": "arn:aws:iam::111122223333:policy/team/mine",
		"attached": "arn:aws:iam::aws:policy/AdministratorAccess",
		"tags":     "a1",
		"used":     "2026-11-20 04:12:00 +0000 UTC us-east-1",
		"unused":   true,
		"policy":   "arn:aws:iam::111122223333:policy/team/mine v3",
		"count":    int32(1),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// Documents come percent-encoded by RFC 3986: both ways of decoding give the text.
	for _, encoded := range []string{*inline.RolePolicyList[0].PolicyDocument, *policies[0].PolicyVersionList[0].Document} {
		byPath, err1 := url.PathUnescape(encoded)
		byQuery, err2 := url.QueryUnescape(encoded)
		if byPath != allowAll || byQuery != allowAll || err1 != nil || err2 != nil {
			t.Errorf("decoded %q and %q", byPath, byQuery)
		}
	}
}

// A page may be shorter than asked for while there is more.
func TestAccountAuthorizationDetailsInPages(t *testing.T) {
	w := rolesWorld()
	w.Accounts[0].IAMPage = 2
	s := start(t, w, awssim.Options{})
	for _, c := range []struct {
		in                     iam.GetAccountAuthorizationDetailsInput
		roles, policies, pages int
	}{
		{iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(1000)}, 3, 2, 3},
		{iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(1)}, 3, 2, 5},
		{iam.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{types.EntityTypeRole}}, 3, 0, 2},
		{iam.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{types.EntityTypeLocalManagedPolicy}}, 0, 1, 1},
		{iam.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{types.EntityTypeAWSManagedPolicy, types.EntityTypeRole}}, 3, 1, 2},
	} {
		roles, policies, pages := readRoles(t, s, &c.in)
		if len(roles) != c.roles || len(policies) != c.policies || pages != c.pages {
			t.Errorf("%v: %d roles, %d policies, %d pages", c.in.Filter, len(roles), len(policies), pages)
		}
	}
}
