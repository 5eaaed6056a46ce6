package awssim_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	acctypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

func regionsWorld() *awssim.World {
	return &awssim.World{Accounts: []*awssim.Account{{ID: owner, Regions: []*awssim.Region{
		{Name: "us-east-1"}, {Name: "af-south-1", Status: "ENABLED"}, {Name: "ap-east-1", Status: "DISABLED"}, {Name: "me-south-1", Status: "ENABLING"}}}}}
}

func TestListRegions(t *testing.T) {
	client := account.NewFromConfig(signed(start(t, regionsWorld(), awssim.Options{}), awssim.AccessKey(owner), region))
	for name, c := range map[string]struct {
		in   account.ListRegionsInput
		want []string
	}{
		"all":      {account.ListRegionsInput{}, []string{"us-east-1 ENABLED_BY_DEFAULT", "af-south-1 ENABLED", "ap-east-1 DISABLED", "me-south-1 ENABLING"}},
		"by one":   {account.ListRegionsInput{MaxResults: aws.Int32(1)}, []string{"us-east-1 ENABLED_BY_DEFAULT", "af-south-1 ENABLED", "ap-east-1 DISABLED", "me-south-1 ENABLING"}},
		"filtered": {account.ListRegionsInput{RegionOptStatusContains: []acctypes.RegionOptStatus{acctypes.RegionOptStatusEnabled}}, []string{"af-south-1 ENABLED"}},
	} {
		var got []string
		for p := account.NewListRegionsPaginator(client, &c.in); p.HasMorePages(); {
			out, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range out.Regions {
				got = append(got, *r.RegionName+" "+string(r.RegionOptStatus))
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// A region that is not switched on knows no keys; neither does anybody a stranger's.
func TestWhoIsNotKnown(t *testing.T) {
	s := start(t, regionsWorld(), awssim.Options{})
	for _, c := range []struct{ key, region string }{
		{awssim.AccessKey(owner), "ap-east-1"}, {awssim.AccessKey(owner), "xx-nowhere-1"}, {"AKIASTRANGER", "us-east-1"},
	} {
		_, err := lambda.NewFromConfig(signed(s, c.key, c.region)).ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
		wantError(t, err, "UnrecognizedClientException", 403)
	}
	_, err := sts.NewFromConfig(signed(s, "AKIASTRANGER", region)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	wantError(t, err, "InvalidClientTokenId", 403)
}

func TestCallerIdentity(t *testing.T) {
	w := regionsWorld()
	w.Accounts[0].Partition = "aws-us-gov"
	w.Callers = []awssim.Caller{{AccessKey: "AKIADEPLOYER", Account: owner, ARN: "arn:aws-us-gov:iam::111122223333:user/deployer"}}
	s := start(t, w, awssim.Options{})
	for key, want := range map[string]string{
		awssim.AccessKey(owner): "arn:aws-us-gov:iam::111122223333:user/auditor",
		"AKIADEPLOYER":          "arn:aws-us-gov:iam::111122223333:user/deployer",
	} {
		out, err := sts.NewFromConfig(signed(s, key, region)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err != nil {
			t.Fatal(err)
		}
		if *out.Account != owner || *out.Arn != want || len(*out.UserId) != 21 {
			t.Errorf("%s is %s %s %s", key, *out.Account, *out.Arn, *out.UserId)
		}
	}
}

// A role lets in whom its trust policy names, and its session works in the
// role's account until it ends.
func TestAssumeRole(t *testing.T) {
	const member, stranger = "444455556666", "999988887777"
	w := regionsWorld()
	w.Accounts = append(w.Accounts, &awssim.Account{ID: stranger}, &awssim.Account{ID: member, Regions: []*awssim.Region{{Name: region, Functions: []*awssim.Function{{Name: "theirs"}}}},
		Roles: []*awssim.Role{{Name: "auditor", Trust: `{"Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root"]},"Action":"sts:AssumeRole"}]}`}, {Name: "lambda-only"}}})
	clock := newClock()
	s := start(t, w, awssim.Options{Clock: clock})
	assume := func(account, role string) (*sts.AssumeRoleOutput, error) {
		return sts.NewFromConfig(signed(s, awssim.AccessKey(account), region)).AssumeRole(t.Context(), &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::" + member + ":role/" + role), RoleSessionName: aws.String("audit")})
	}
	for _, c := range [][2]string{{stranger, "auditor"}, {owner, "lambda-only"}, {owner, "missing"}} {
		_, err := assume(c[0], c[1])
		wantError(t, err, "AccessDenied", 403)
	}
	out, err := assume(owner, "auditor")
	if err != nil {
		t.Fatal(err)
	}
	if *out.AssumedRoleUser.Arn != "arn:aws:sts::444455556666:assumed-role/auditor/audit" || !out.Credentials.Expiration.Equal(clock.now.Add(time.Hour)) {
		t.Errorf("%s until %s", *out.AssumedRoleUser.Arn, out.Credentials.Expiration)
	}
	client := lambda.NewFromConfig(signed(s, *out.Credentials.AccessKeyId, region))
	list, err := client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Functions) != 1 || *list.Functions[0].FunctionName != "theirs" {
		t.Errorf("the session sees %d functions", len(list.Functions))
	}
	clock.now = clock.now.Add(time.Hour)
	_, err = client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	wantError(t, err, "ExpiredTokenException", 403)
}
