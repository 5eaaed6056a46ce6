package moto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"
)

// toMend starts a server of its own with the account of mend.txtar in it.
func toMend(t *testing.T) *world {
	t.Helper()
	server, stop, err := serve(t.Context(), shared.venv, owner)
	t.Cleanup(stop)
	if err != nil {
		t.Fatal(err)
	}
	w := *shared
	w.server, w.work = server, t.TempDir()
	if w.account, err = readAccount("testdata/mend.txtar"); err == nil {
		err = w.fill(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return &w
}

// mendTrust is the trust of testdata/mend.txtar. It has no organisation: what of a
// service's or everybody's grant is left for one, AddPermission cannot say, and it
// is all that moto has.
func mendTrust(args ...string) []string { return append(args, "--trust", "222233334444") }

// state is what there is of the account, by name, in the words of the SDK: every
// policy, statement by statement in order of their text as AWS would have stored
// them, every function's role and URL, and every role with its policies.
func (w *world) state(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &w.server, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	for _, f := range w.account.functions {
		name := f.region + "/" + f.name
		all[name+" policy"] = strings.Join(statementsOf(t, asStored(t, w.policy(t, f))), "\n")
		client := lambda.NewFromConfig(cfg, func(o *lambda.Options) { o.Region = f.region })
		configuration, err := client.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: &f.name})
		if err != nil {
			t.Fatal(err)
		}
		all[name+" role"] = *configuration.Role
		url, err := client.GetFunctionUrlConfig(t.Context(), &lambda.GetFunctionUrlConfigInput{FunctionName: &f.name})
		var none *types.ResourceNotFoundException
		if err != nil && !errors.As(err, &none) {
			t.Fatal(err)
		} else if err == nil {
			all[name+" url"] = asJSON(t, []any{url.AuthType, url.Cors, url.InvokeMode, url.FunctionUrl})
		}
	}
	roles := iam.NewFromConfig(cfg)
	list, err := roles.GetAccountAuthorizationDetails(t.Context(), &iam.GetAccountAuthorizationDetailsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list.RoleDetailList {
		r.RoleLastUsed = nil
		all["role "+*r.RoleName] = asJSON(t, r)
	}
	return all
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// policy is the policy that moto keeps for a function and all its qualifiers; "{}"
// for none.
func (w *world) policy(t *testing.T, f function) string {
	t.Helper()
	client := lambda.New(lambda.Options{Region: f.region, BaseEndpoint: &w.server, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	out, err := client.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: &f.name})
	var none *types.ResourceNotFoundException
	if errors.As(err, &none) {
		return "{}"
	}
	if err != nil {
		t.Fatal(err)
	}
	return *out.Policy
}

func statementsOf(t *testing.T, policy string) []string {
	t.Helper()
	var doc struct{ Statement []json.RawMessage }
	if err := json.Unmarshal([]byte(policy), &doc); err != nil {
		t.Fatalf("%v in %s", err, policy)
	}
	var all []string
	for _, s := range doc.Statement {
		all = append(all, string(s))
	}
	slices.Sort(all)
	return all
}

// asStored writes a policy of moto's as AWS would have stored it: docs/testing.md
// says what moto does otherwise.
func asStored(t *testing.T, policy string) string {
	t.Helper()
	var doc struct {
		Version   string
		Statement []map[string]any
	}
	if err := json.Unmarshal([]byte(policy), &doc); err != nil {
		t.Fatalf("%v in %s", err, policy)
	}
	doc.Version = "2012-10-17"
	for _, s := range doc.Statement {
		if p, bare := s["Principal"].(string); bare && p != "*" {
			if len(p) == 12 {
				p = "arn:aws:iam::" + p + ":root"
			}
			s["Principal"] = map[string]string{"AWS": p}
		}
	}
	return asJSON(t, doc)
}

// request is what a caller of the account's file asks of a function.
func request(t *testing.T, f function, caller string) string {
	t.Helper()
	caller, qualifier, qualified := strings.Cut(caller, " @")
	resource := f.arn()
	if qualified {
		resource += ":" + qualifier
	}
	words := strings.Fields(caller)
	r := map[string]any{"action": "lambda:InvokeFunction", "resource": resource}
	switch {
	case words[1] == "anonymous":
		r["action"], r["principal"] = "lambda:InvokeFunctionUrl", map[string]string{"type": "anonymous"}
		r["context"] = map[string]string{"aws:principalaccount": "anonymous", "lambda:functionurlauthtype": "NONE"}
	case len(words) == 2:
		r["principal"] = map[string]string{"type": "iam", "account": words[1], "arn": "arn:aws:iam::" + words[1] + ":role/r", "session": "arn:aws:sts::" + words[1] + ":assumed-role/r/s"}
		r["context"] = map[string]string{"aws:principalaccount": words[1]}
	case len(words) == 4:
		r["principal"] = map[string]string{"type": "service", "service": words[1]}
		r["context"] = map[string]string{"aws:sourceaccount": words[2], "aws:sourcearn": words[3]}
	default:
		t.Fatalf("%q is no caller", caller)
	}
	return asJSON(t, r)
}

// admits asks `surety evaluate` about every caller of the account's file.
func (w *world) admits(t *testing.T, strangers bool) {
	t.Helper()
	asked := 0
	for _, f := range w.account.functions {
		policy := asStored(t, w.policy(t, f))
		for i, caller := range f.callers {
			err := w.evaluate(t, fmt.Sprint(f.region, f.name, i), policy, []byte(request(t, f, caller)))
			if want := strangers || strings.HasPrefix(caller, "trusted"); (err == nil) != want {
				t.Errorf("%s/%s: %s is let in: %v, want %v (%v): %s", f.region, f.name, caller, err == nil, want, err, policy)
			}
			asked++
		}
	}
	if asked < 15 {
		t.Errorf("only %d callers were asked about", asked)
	}
}

// judges scans the whole account.
func (w *world) judges(t *testing.T, failing bool) {
	t.Helper()
	checks, _, exit := w.scan(t, mendTrust()...)
	for _, f := range w.account.functions {
		for rule, want := range f.want {
			if !failing {
				want = "pass"
			}
			if got := checks[rule+" "+f.arn()].told(); got != want {
				t.Errorf("%s of %s/%s: %q, want %q", rule, f.region, f.name, got, want)
			}
		}
	}
	if want := map[bool]int{true: 3}[failing]; exit != want {
		t.Errorf("the scan ends with %d, want %d", exit, want)
	}
}

// done runs the program and wants exit 0.
func (w *world) done(t *testing.T, args ...string) string {
	t.Helper()
	out, problems, exit := w.surety(t, nil, args...)
	if exit != 0 {
		t.Fatalf("surety %s: exit %d\n%s\n%s", strings.Join(args, " "), exit, out, problems)
	}
	return out
}

// One plan turns both rules green in every region, no trusted caller loses access,
// and rolling back brings everything back. Then the script for the aws command
// line does the same, and cfn-lint has nothing against the template.
func TestMendAccount(t *testing.T) {
	w := toMend(t)
	before := w.state(t)
	w.judges(t, true)
	w.admits(t, true)

	journal, file := filepath.Join(w.work, "journal"), filepath.Join(w.work, "plan.json")
	plan := mendTrust("fix", "plan", "--rate", "unlimited", "-q", "--journal", journal)
	if said := w.done(t, append(plan, "-o", file)...); strings.Contains(said, "not mended") {
		t.Fatalf("the plan leaves something out:\n%s", said)
	}
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Fatalf("planning changed the account:\n%s", d)
	}
	w.done(t, "fix", "apply", file, "--yes", "--guard", "content", "--journal", journal)
	w.judges(t, false)
	w.admits(t, false)
	after := w.state(t)
	for _, name := range []string{"us-east-1/nightly policy", "us-east-1/nightly role", "ap-northeast-1/orders policy", "us-east-1/shared role", "role shared", "role two-regions"} {
		if d := cmp.Diff(before[name], after[name]); d != "" || before[name] == "" {
			t.Errorf("%s had nothing to be mended:\n%s", name, d)
		}
	}
	if url := after["eu-west-1/orders url"]; !strings.HasPrefix(url, `["AWS_IAM",{`) {
		t.Errorf("the URL is %s", url)
	}

	var listed struct{ ID, State string }
	if err := json.Unmarshal([]byte(w.done(t, "fix", "list", "--format", "json", "--journal", journal)), &listed); err != nil || listed.State != "applied" {
		t.Fatalf("fix list: %v, %+v", err, listed)
	}
	w.done(t, "fix", "rollback", listed.ID, "--yes", "--guard", "content", "--journal", journal)
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Fatalf("rolled back, and yet:\n%s", d)
	}

	w.lint(t, w.done(t, append(plan, "--as", "cloudformation")...))
	w.script(t, w.done(t, append(plan, "--as", "aws")...))
	w.judges(t, false)
	w.admits(t, false)
}

// lint puts a template to cfn-lint.
func (w *world) lint(t *testing.T, template string) {
	t.Helper()
	file := filepath.Join(w.work, "template.json")
	if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), filepath.Join(w.venv, "bin", "cfn-lint"), file).CombinedOutput(); err != nil {
		t.Errorf("cfn-lint: %v\n%s", err, said)
	}
}
