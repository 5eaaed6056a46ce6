package profile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
)

type nothing struct{}

func (nothing) Ref() resource.Ref { return resource.Ref{} }

// rules are one rule whose setting takes no numbers.
func rules() []*rule.Rule {
	return []*rule.Rule{rule.For(rule.Rule{
		ID: "Lambda-006", Name: "lambda-shared-role", Risk: rule.High, Reads: []resource.Facet{"lambda:ListFunctions"}, Cites: []resource.Facet{"iam:Get"},
		Settings: []rule.Setting{{
			Name: "meant", List: true,
			Check: func(raw json.RawMessage) error {
				if strings.Trim(string(raw), "0123456789") == "" {
					return fmt.Errorf("%s is not what this rule wants", raw)
				}
				return nil
			},
			Needs: func(json.RawMessage) []resource.Facet { return []resource.Facet{"lambda:Needed"} },
		}},
	}, func(rule.View, nothing) rule.Verdict { return rule.Verdict{} })}
}

func TestParse(t *testing.T) {
	data, err := os.ReadFile("testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := profile.Parse(data, rules())
	if err != nil {
		t.Fatal(err)
	}
	high, on := rule.High, true
	want := &profile.Config{
		Regions: []resource.Region{"eu-west-1", "us-east-1"},
		Trust: profile.Trust{
			Organization: true,
			Accounts: []profile.Entry{{
				Value: "222233334444", Kind: profile.AccountKind, Name: "partner", Owner: "payments", Reason: "invoices", Line: 5,
				Until: time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC), For: profile.For{Function: "arn:aws:lambda:*:*:function:invoice-*"},
			}},
			Organizations: []profile.Entry{{Value: "o-a1b2c3d4e5", Kind: profile.OrganizationKind, Line: 6}},
			Units:         []profile.Entry{{Value: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", Kind: profile.UnitKind, Line: 7}},
			Principals:    []profile.Entry{{Value: "arn:aws:iam::999988887777:role/partner", Kind: profile.PrincipalKind, Line: 8}},
			Services:      []profile.Entry{{Value: "s3.amazonaws.com", Kind: profile.ServiceKind, Line: 9}},
			Networks: []profile.Entry{
				{Value: "203.0.113.0/24", Kind: profile.CIDRKind, Line: 10},
				{Value: "vpc-0a1b2c3d", Kind: profile.VPCKind, Line: 10},
				{Value: "vpce-0a1b2c3d", Kind: profile.EndpointKind, Line: 10},
			},
		},
		Rules: map[string]profile.RuleConfig{"Lambda-006": {
			Enabled: &on, Risk: &high,
			Settings: json.RawMessage(`{"meant":[{"owner":"edge","reason":"replicas","role":"arn:aws:iam::*:role/edge-*","until":"2027-01-31"},{"tag":{"key":"team","value":"edge"}},{"functions":["arn:aws:lambda:*:*:function:a-*"]}]}`),
		}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(profile.For{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(got.Trust.Unexplained()); n != 7 {
		t.Errorf("%d entries without owner or reason, want 7", n)
	}
}

// TestNothing: files that say nothing are the default.
func TestNothing(t *testing.T) {
	for _, text := range []string{"", "# only a comment\n", "---\n", "version: 1\n", "trust:\nrules:\nregions:\n", "trust: {accounts: []}\n"} {
		c, err := profile.Parse([]byte(text), rules())
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if len(c.Trust.Entries()) != 0 || c.Trust.Organization || len(c.Regions) != 0 || len(c.Rules) != 0 {
			t.Errorf("%q gives %+v", text, c)
		}
	}
}

func TestFaults(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/faults.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		t.Run(f.Name, func(t *testing.T) {
			first, _, _ := strings.Cut(string(f.Data), "\n")
			_, err := profile.Parse(f.Data, rules())
			if err == nil {
				t.Fatalf("no error; want %s", first)
			}
			if diff := cmp.Diff(strings.TrimPrefix(first, "# "), err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSchema: the schema takes the example, and refuses what Parse refuses for
// its shape.
func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(profile.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	check := func(data []byte) error {
		raw, err := yaml.YAMLToJSON(data)
		if err != nil {
			return err
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		return schema.Validate(v)
	}
	whole, err := os.ReadFile("testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := check(whole); err != nil {
		t.Error(err)
	}
	archive, err := txtar.ParseFile("testdata/faults.txtar")
	if err != nil {
		t.Fatal(err)
	}
	// What a schema cannot say: meanings of ARNs, addresses and dates, other
	// rules, and YAML itself.
	beyond := []string{
		"root-principal", "account-principal", "wildcard-principal", "service-principal", "bad-service", "bad-cidr", "host-bits", "whole-internet",
		"no-such-day", "bad-for", "unknown-rule", "rule-twice", "anchor", "two-documents", "number-with-zero",
		"scanned-twice", "scanned-by-no-role", "scanned-by-no-external-id", "scanned-profile-with-external-id",
	}
	for _, f := range archive.Files {
		if refused := check(f.Data) != nil; refused == slices.Contains(beyond, f.Name) {
			t.Errorf("the schema refuses %s: %t", f.Name, refused)
		}
	}
}

func FuzzParse(f *testing.F) {
	whole, err := os.ReadFile("testdata/whole.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	archive, err := txtar.ParseFile("testdata/faults.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(file.Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := profile.Parse(data, rules())
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("the error has more than one line: %q", err)
			}
			return
		}
		c.Resolve(profile.Organization{}, time.Unix(0, 0))
		for _, e := range c.Trust.Entries() {
			if e.Value == "" || e.Kind == "" {
				t.Errorf("an entry of nobody: %+v", e)
			}
		}
	})
}

func TestFlags(t *testing.T) {
	var trust profile.Trust
	err := trust.Add(profile.Flags{
		Accounts: []string{"222233334444"}, Orgs: []string{"o-a1b2c3d4e5"}, Units: []string{"o-a1b2c3d4e5/r-ab12/"},
		Principals: []string{"arn:aws:iam::999988887777:role/partner", "s3.amazonaws.com"},
		Networks:   []string{"203.0.113.0/24", "vpc-0a1b2c3d", "vpce-0a1b2c3d4e5f67890", "2001:db8::/32"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range trust.Entries() {
		got = append(got, fmt.Sprintf("%s %s", e.Kind, e.Value))
	}
	want := []string{
		"account 222233334444", "organization o-a1b2c3d4e5", "organizational unit o-a1b2c3d4e5/r-ab12/",
		"principal arn:aws:iam::999988887777:role/partner", "service s3.amazonaws.com",
		"cidr 203.0.113.0/24", "vpc vpc-0a1b2c3d", "endpoint vpce-0a1b2c3d4e5f67890", "cidr 2001:db8::/32",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(trust.Unexplained()); n != 0 {
		t.Errorf("%d flags are asked for an owner", n)
	}
	for _, c := range []struct {
		flags profile.Flags
		want  string
	}{
		{profile.Flags{Accounts: []string{"partner"}}, `--trust: "partner" is no account: write its 12 digits`},
		{profile.Flags{Orgs: []string{"a1b2c3d4e5"}}, `--trust-org: "a1b2c3d4e5" is no organization: write its id, such as o-a1b2c3d4e5`},
		{profile.Flags{Principals: []string{"999988887777"}}, `--trust-principal: "999988887777" is a whole account: list it under accounts (--trust)`},
		{profile.Flags{Principals: []string{"arn:aws:iam::999988887777:role/*"}}, `--trust-principal: "arn:aws:iam::999988887777:role/*" has a wildcard: a principal is one role, user or session; list whole accounts under accounts (--trust)`},
		{profile.Flags{Principals: []string{"*.amazonaws.com"}}, `--trust-principal: "*.amazonaws.com" has a wildcard: a principal is one role, user or session; list whole accounts under accounts (--trust)`},
		{profile.Flags{Networks: []string{"vpc-1"}}, `--trust-network: "vpc-1" is no VPC: write its id, such as vpc-0a1b2c3d`},
		{profile.Flags{Networks: []string{"::/0"}}, `--trust-network: "::/0" is every address and would trust everybody: name a network of yours`},
	} {
		var trust profile.Trust
		if err := trust.Add(c.flags); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func TestOrgAccounts(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []profile.OrgAccount
		err  string
	}{
		{"222233334444\n\n 333344445555 # billing\r\n", []profile.OrgAccount{{ID: "222233334444"}, {ID: "333344445555"}}, ""},
		{`{"Accounts":[{"Id":"222233334444","Name":"billing","Status":"ACTIVE"}]}`, []profile.OrgAccount{{ID: "222233334444", Name: "billing"}}, ""},
		{`{"Accounts":[{"Id":"222233334444","Paths":["o-a1b2c3d4e5/r-ab12/222233334444/"]}]}`,
			[]profile.OrgAccount{{ID: "222233334444", Paths: []string{"o-a1b2c3d4e5/r-ab12/"}}}, ""},
		{"222233334444\nbilling\n", nil, `line 2: "billing" is no account: write its 12 digits, one account a line`},
		{`{"Accounts":[{"Id":"1"}]}`, nil, `accounts[0]: "1" is no account: an Id has 12 digits`},
		{"\uFEFF222233334444\n", []profile.OrgAccount{{ID: "222233334444"}}, ""},
		{"# nobody yet\n", nil, "no accounts: write one a line, or what aws organizations list-accounts prints"},
		{`{"Accounts":[]}` + "\n{}", nil, "not one JSON object with a list of Accounts, each with an Id: give what aws organizations list-accounts prints"},
		{`{"Accounts":[{"Id":222233334444}]}`, nil, "not one JSON object with a list of Accounts, each with an Id: give what aws organizations list-accounts prints"},
		{`{"Roots":[]}`, nil, "no member Accounts with accounts in it: give what aws organizations list-accounts prints"},
	} {
		got, err := profile.ParseOrgAccounts([]byte(c.in))
		if err == nil {
			err = errors.New("")
		}
		if diff := cmp.Diff(c.want, got); diff != "" || err.Error() != c.err {
			t.Errorf("%q: %v\n%s", c.in, err, diff)
		}
	}
}
