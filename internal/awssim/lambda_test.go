package awssim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

func ordersFunction() *awssim.Function {
	return &awssim.Function{
		Name:          "orders",
		Configuration: awssim.Configuration{Role: "orders", Environment: map[string]string{"LOG_LEVEL": "info"}},
		Tags:          map[string]string{"team": "checkout"},
		Versions:      []*awssim.Configuration{{Version: "1", Role: "old"}, {Version: "2"}},
		Aliases:       []*awssim.Alias{{Name: "prod", Version: "2", Weights: map[string]float64{"1": 0.25}}},
		URLs:          []*awssim.URL{{AuthType: "NONE"}, {Qualifier: "prod", AuthType: "AWS_IAM"}},
		Grants: []awssim.Grant{
			{StatementID: "whole", Principal: "222233334444"},
			{StatementID: "alias", Principal: "events.amazonaws.com", Qualifier: "prod"},
			{StatementID: "version", Principal: "*", Qualifier: "1"},
		},
	}
}

const ordersARN = "arn:aws:lambda:us-east-1:111122223333:function:orders"

// A list of all versions names $LATEST by it, each version with its own role; a
// list of functions alone names functions without a version.
func TestListFunctions(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{}))
	all, err := client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range all.Functions {
		got = append(got, strings.Join([]string{*f.FunctionArn, *f.Version, *f.Role}, " "))
	}
	want := []string{
		ordersARN + ":$LATEST $LATEST arn:aws:iam::111122223333:role/orders",
		ordersARN + ":1 1 arn:aws:iam::111122223333:role/old",
		ordersARN + ":2 2 arn:aws:iam::111122223333:role/orders",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if f := all.Functions[0]; f.Environment.Variables["LOG_LEVEL"] != "info" || f.State != "" || f.Runtime == "" || f.PackageType != types.PackageTypeZip {
		t.Errorf("entry of $LATEST: %+v", f)
	}
	latest, err := client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(latest.Functions) != 1 || *latest.Functions[0].FunctionArn != ordersARN {
		t.Errorf("without FunctionVersion: %d functions", len(latest.Functions))
	}
}

// No page holds more than 50 entries, and all pages together hold every entry once.
func TestListFunctionsInPages(t *testing.T) {
	var functions []*awssim.Function
	for i := range 120 {
		functions = append(functions, &awssim.Function{Name: fmt.Sprintf("f-%03d", i), Versions: []*awssim.Configuration{{Version: "1"}}})
	}
	client := lambdaOf(start(t, oneAccount(functions...), awssim.Options{}))
	for asked, pages := range map[int32]int{0: 5, 10000: 5, 100: 5, 50: 5, 7: 35} {
		in := &lambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll}
		if asked > 0 {
			in.MaxItems = aws.Int32(asked)
		}
		seen, n := map[string]bool{}, 0
		for p := lambda.NewListFunctionsPaginator(client, in); p.HasMorePages(); n++ {
			out, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range out.Functions {
				seen[*f.FunctionArn] = true
			}
		}
		if n != pages || len(seen) != 240 {
			t.Errorf("MaxItems %d: %d entries in %d pages", asked, len(seen), n)
		}
	}
	_, err := client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{Marker: aws.String("nonsense")})
	wantError(t, err, "InvalidParameterValueException", 400)
}

// MasterRegion keeps the replicas of that region's functions.
func TestListReplicas(t *testing.T) {
	replica := &awssim.Function{Name: "us-east-1.edge", Configuration: awssim.Configuration{MasterArn: "arn:aws:lambda:us-east-1:111122223333:function:edge:4"}}
	client := lambdaOf(start(t, oneAccount(ordersFunction(), replica), awssim.Options{}))
	for master, want := range map[string]int{"us-east-1": 1, "ALL": 1, "eu-west-1": 0} {
		out, err := client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll, MasterRegion: &master})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Functions) != want || want == 1 && *out.Functions[0].MasterArn != replica.MasterArn {
			t.Errorf("%s: %d functions", master, len(out.Functions))
		}
	}
	_, err := client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{MasterRegion: aws.String("us-east-1")})
	wantError(t, err, "InvalidParameterValueException", 400)
}

// Each qualifier has a policy of its own; $LATEST has that of the function.
func TestGetPolicyByQualifier(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(ordersFunction(), &awssim.Function{Name: "bare"}), awssim.Options{}))
	for _, c := range []struct{ name, qualifier, want string }{
		{"orders", "", `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"whole","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222233334444:root"},"Action":"lambda:InvokeFunction","Resource":"` + ordersARN + `"}]}`},
		{"orders", "prod", `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"alias","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + ordersARN + `:prod"}]}`},
		{"orders", "1", `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"version","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + ordersARN + `:1"}]}`},
		{ordersARN + ":1", "", `"Sid":"version"`},
		{"111122223333:function:orders:prod", "", `"Sid":"alias"`},
		{ordersARN, "prod", `"Sid":"alias"`},
		{"orders", "2", ""},
		{"bare", "", ""},
		{"gone", "", ""},
	} {
		in := &lambda.GetPolicyInput{FunctionName: &c.name}
		if c.qualifier != "" {
			in.Qualifier = &c.qualifier
		}
		out, err := client.GetPolicy(t.Context(), in)
		if c.want == "" {
			wantError(t, err, "ResourceNotFoundException", 404)
			continue
		}
		if err != nil {
			t.Errorf("%s %s: %v", c.name, c.qualifier, err)
			continue
		}
		if !strings.Contains(*out.Policy, c.want) || out.RevisionId == nil {
			t.Errorf("%s %s: %s", c.name, c.qualifier, *out.Policy)
		}
	}
}

// What cannot be meant is refused, and a function of elsewhere is not found here.
func TestFunctionNames(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{}))
	for name, want := range map[string]struct {
		code   string
		status int
	}{
		"arn:aws:lambda:eu-west-1:111122223333:function:orders": {"ResourceNotFoundException", 404},
		"arn:aws:lambda:us-east-1:999988887777:function:orders": {"AccessDeniedException", 403},
		"arn:aws:sqs:us-east-1:111122223333:orders":             {"InvalidParameterValueException", 400},
		"a function": {"InvalidParameterValueException", 400},
		"orders:":    {"InvalidParameterValueException", 400},
	} {
		_, err := client.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: &name})
		wantError(t, err, want.code, want.status)
	}
	_, err := client.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("orders:1"), Qualifier: aws.String("2")})
	wantError(t, err, "InvalidParameterValueException", 400)
}

func TestReadsOfOneFunction(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(ordersFunction()), awssim.Options{}))
	ctx, name := t.Context(), aws.String("orders")
	got := map[string]any{}
	add := func(key string, err error, value func() any) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		got[key] = value()
	}
	aliases, err := client.ListAliases(ctx, &lambda.ListAliasesInput{FunctionName: name})
	add("aliases", err, func() any {
		a := aliases.Aliases[0]
		return []any{len(aliases.Aliases), *a.AliasArn, *a.FunctionVersion, a.RoutingConfig.AdditionalVersionWeights["1"]}
	})
	alias, err := client.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: name, Name: aws.String("prod")})
	add("alias", err, func() any { return *alias.Name })
	versions, err := client.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: name})
	add("versions", err, func() any { return len(versions.Versions) })
	urls, err := client.ListFunctionUrlConfigs(ctx, &lambda.ListFunctionUrlConfigsInput{FunctionName: name, MaxItems: aws.Int32(1)})
	add("urls", err, func() any {
		return []any{len(urls.FunctionUrlConfigs), urls.FunctionUrlConfigs[0].AuthType, urls.NextMarker != nil}
	})
	url, err := client.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: name, Qualifier: aws.String("prod")})
	add("url", err, func() any { return []any{url.AuthType, *url.FunctionArn} })
	tags, err := client.ListTags(ctx, &lambda.ListTagsInput{Resource: aws.String(ordersARN)})
	add("tags", err, func() any { return tags.Tags })
	config, err := client.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: name, Qualifier: aws.String("prod")})
	add("configuration", err, func() any { return []any{*config.FunctionArn, *config.Version, config.State} })
	function, err := client.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: name})
	add("function", err, func() any { return []any{*function.Configuration.FunctionArn, function.Tags["team"]} })
	want := map[string]any{
		"aliases":       []any{1, ordersARN + ":prod", "2", 0.25},
		"alias":         "prod",
		"versions":      3,
		"urls":          []any{1, types.FunctionUrlAuthTypeNone, true},
		"url":           []any{types.FunctionUrlAuthTypeAwsIam, ordersARN + ":prod"},
		"tags":          map[string]string{"team": "checkout"},
		"configuration": []any{ordersARN + ":prod", "2", types.StateActive},
		"function":      []any{ordersARN, "checkout"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	_, err = client.ListAliases(ctx, &lambda.ListAliasesInput{FunctionName: aws.String("gone")})
	wantError(t, err, "ResourceNotFoundException", 404)
}

// The life of a function as a deployment leads it.
func TestDeploy(t *testing.T) {
	client := lambdaOf(start(t, oneAccount(), awssim.Options{Clock: newClock()}))
	ctx, name := t.Context(), aws.String("new")
	role := "arn:aws:iam::111122223333:role/new"
	made, err := client.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: name, Role: &role, Runtime: types.RuntimePython313,
		Handler: aws.String("app.run"), Code: &types.FunctionCode{ZipFile: []byte("zip")}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: name, Role: &role, Code: &types.FunctionCode{}})
	wantError(t, err, "ResourceConflictException", 409)
	published, err := client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name, RevisionId: made.RevisionId})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name, RevisionId: made.RevisionId})
	wantError(t, err, "PreconditionFailedException", 412)
	if _, err = client.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: name, Name: aws.String("prod"), FunctionVersion: published.Version}); err != nil {
		t.Fatal(err)
	}
	other := "arn:aws:iam::111122223333:role/other"
	if _, err = client.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: name, Role: &other}); err != nil {
		t.Fatal(err)
	}
	roles := map[string]string{}
	for _, q := range []string{"$LATEST", "1", "prod"} {
		out, err := client.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: name, Qualifier: &q})
		if err != nil {
			t.Fatal(err)
		}
		roles[q] = *out.Role
	}
	// A change of role reaches $LATEST alone: versions freeze theirs.
	if d := cmp.Diff(map[string]string{"$LATEST": other, "1": role, "prod": role}, roles); d != "" {
		t.Error(d)
	}
}

// statementOf cuts the one statement of that Sid out of a policy.
func statementOf(t *testing.T, policy, sid string) string {
	t.Helper()
	var d struct{ Statement []json.RawMessage }
	if err := json.Unmarshal([]byte(policy), &d); err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Statement {
		if strings.Contains(string(s), `"Sid":"`+sid+`"`) {
			return string(s)
		}
	}
	return ""
}
