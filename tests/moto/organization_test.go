package moto_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"golang.org/x/sync/errgroup"
)

// memberRole is the role that Organizations makes in every account that it
// creates.
const memberRole = "OrganizationAccountAccessRole"

const (
	// payer is the account of credentials that moto does not know.
	payer = "123456789012"
	// sisters are the accounts of its organisation besides it; the last one is
	// closed again.
	sisters = 19
)

// organize creates the accounts, and in each, by way of its role, two functions
// in two regions. Every fifth lets a stranger in, the second lets in the third.
func (w *world) organize(ctx context.Context) (ids []string, err error) {
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(w.server), Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	orgs := organizations.NewFromConfig(cfg)
	if _, err := orgs.CreateOrganization(ctx, &organizations.CreateOrganizationInput{}); err != nil {
		return nil, fmt.Errorf("creating the organisation: %w", err)
	}
	for n := range sisters {
		out, err := orgs.CreateAccount(ctx, &organizations.CreateAccountInput{
			AccountName: aws.String(fmt.Sprintf("sister-%d", n)), Email: aws.String(fmt.Sprintf("sister-%d@example.com", n))})
		if err != nil {
			return nil, fmt.Errorf("creating account %d: %w", n, err)
		}
		ids = append(ids, *out.CreateAccountStatus.AccountId)
	}
	side, inside := errgroup.WithContext(ctx)
	side.SetLimit(4)
	for n, id := range ids {
		principal := id
		switch {
		case n%5 == 0:
			principal = "999988887777"
		case n == 1:
			principal = ids[2]
		}
		side.Go(func() error { return furnish(inside, cfg, id, principal) })
	}
	if err := side.Wait(); err != nil {
		return nil, err
	}
	_, err = orgs.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: aws.String(ids[sisters-1])})
	return ids, err
}

// furnish makes a role and two functions in an account, and lets somebody in.
func furnish(ctx context.Context, cfg aws.Config, id, principal string) error {
	in := cfg.Copy()
	in.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), "arn:aws:iam::"+id+":role/"+memberRole))
	role, err := iam.NewFromConfig(in).CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("runs"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	if err != nil {
		return fmt.Errorf("creating a role in %s: %w", id, err)
	}
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		client := lambda.NewFromConfig(in, func(o *lambda.Options) { o.Region = region })
		if _, err := client.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: aws.String("orders"), Role: role.Role.Arn,
			Runtime: types.RuntimePython313, Handler: aws.String("index.handler"), Code: &types.FunctionCode{ZipFile: code()}}); err != nil {
			return fmt.Errorf("creating a function in %s: %w", id, err)
		}
		if region != "us-east-1" {
			continue
		}
		if _, err := client.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: aws.String("orders"), StatementId: aws.String("a"),
			Action: aws.String("lambda:InvokeFunction"), Principal: aws.String(principal)}); err != nil {
			return fmt.Errorf("letting somebody into %s: %w", id, err)
		}
	}
	return nil
}

// TestWholeOrganization scans 20 accounts in one command: every account and
// region stands in the ledger, and every verdict is that account's own.
func TestWholeOrganization(t *testing.T) {
	server, stop, err := serve(t.Context(), shared.venv, "")
	t.Cleanup(stop)
	if err != nil {
		t.Fatal(err)
	}
	many := *shared
	many.server = server
	ids, err := many.organize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, problems, exit := many.surety(t, nil, "scan", "--organization", "--role-name", memberRole, "--format", "json",
		"--rate", "unlimited", "--region", "us-east-1", "--region", "eu-west-1", "--quiet")
	if exit != 3 {
		t.Errorf("exit %d, want 3\n%s", exit, problems)
	}
	checks, _ := readEvents(t, out)
	ledger, blocks := readLedger(t, out)
	if blocks != sisters+1 {
		t.Errorf("%d blocks of events, want %d", blocks, sisters+1)
	}
	for _, region := range []string{"us-east-1", "eu-west-1", ""} {
		if got := ledger[payer+" "+region]; got != "read" {
			t.Errorf("the caller's own account in %q: %q", region, got)
		}
	}
	for n, id := range ids {
		if n == sisters-1 {
			if got := ledger[id+" "]; got != "skipped NotActive" {
				t.Errorf("the closed account: %q", got)
			}
			continue
		}
		for _, region := range []string{"us-east-1", "eu-west-1", ""} {
			if got := ledger[id+" "+region]; got != "read" {
				t.Errorf("account %d in %q: %q", n, region, got)
			}
		}
		one := checks["Lambda-002 arn:aws:lambda:us-east-1:"+id+":function:orders"]
		want := "pass"
		if n%5 == 0 || n == 1 {
			want = "fail foreign-account/direct"
		}
		if one.told() != want {
			t.Errorf("account %d: %q, want %q", n, one.told(), want)
		}
		if n == 1 && !strings.Contains(one.Message, ids[2]+" (sister-2") {
			t.Errorf("the sister is not called by her name: %s", one.Message)
		}
		if got := checks["Lambda-006 arn:aws:lambda:eu-west-1:"+id+":function:orders"].told(); got != "fail" {
			t.Errorf("account %d shares a role across regions: %q", n, got)
		}
	}
}

// readLedger returns the states by account and region, and counts the blocks.
func readLedger(t *testing.T, out string) (ledger map[string]string, blocks int) {
	t.Helper()
	ledger = map[string]string{}
	for line := range strings.Lines(out) {
		var e struct {
			Scan   *struct{}
			Ledger *struct{ Account, Region, State, Code string }
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("not an event: %v: %s", err, line)
		}
		if e.Scan != nil {
			blocks++
		}
		if l := e.Ledger; l != nil {
			key := l.Account + " " + l.Region
			if ledger[key] != "" {
				t.Errorf("%s stands twice in the ledger", key)
			}
			ledger[key] = strings.TrimSpace(l.State + " " + l.Code)
		}
	}
	return ledger, blocks
}

// TestTemplateIsClean puts the template of the audit role to cfn-lint.
func TestTemplateIsClean(t *testing.T) {
	for name, args := range map[string][]string{
		"account": {"--scanner", "111122223333"},
		"role":    {"--scanner", "arn:aws:iam::111122223333:role/scanner", "--role-name", "Auditor+1", "--external-id", "a:b/c"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(shared.work, name+".yaml")
			if _, problems, exit := shared.surety(t, nil, append([]string{"onboard", "cloudformation", "-o", file}, args...)...); exit != 0 {
				t.Fatalf("exit %d\n%s", exit, problems)
			}
			lint := exec.CommandContext(t.Context(), filepath.Join(shared.venv, "bin", "cfn-lint"), file)
			lint.Env = settings("HOME=" + shared.work)
			if said, err := lint.CombinedOutput(); err != nil {
				text, _ := os.ReadFile(file)
				t.Errorf("cfn-lint: %v\n%s\n%s", err, said, text)
			}
		})
	}
}
