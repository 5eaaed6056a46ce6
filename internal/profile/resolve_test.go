package profile_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/policy/prove"
)

func parse(t *testing.T, text string) *profile.Config {
	t.Helper()
	c, err := profile.Parse([]byte(text), rules())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at
}

// members is an organisation of three accounts, one of them in a unit.
var members = profile.Organization{ID: "o-a1b2c3d4e5", Accounts: []profile.OrgAccount{
	{ID: "111122223333", Name: "root", Paths: []string{"o-a1b2c3d4e5/r-ab12/"}},
	{ID: "222233334444", Name: "billing", Paths: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"}},
	{ID: "333344445555", Paths: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"}},
}}

func TestZone(t *testing.T) {
	orders := resource.Ref{ID: "arn:aws:lambda:us-east-1:123412341234:function:orders", Account: "123412341234", Tags: map[string]string{"team": "edge"}}
	for _, c := range []struct {
		name, yaml string
		org        profile.Organization
		ref        resource.Ref
		want       prove.Zone
	}{
		{"nobody", "", members, orders, prove.Zone{}},
		{"own organisation", "trust: {organization: true}", members, orders, prove.Zone{
			Organizations: []string{"o-a1b2c3d4e5"}, Accounts: []string{"111122223333", "222233334444", "333344445555"}}},
		{"own organisation, accounts not read", "trust: {organization: true}", profile.Organization{ID: "o-a1b2c3d4e5"}, orders, prove.Zone{
			Organizations: []string{"o-a1b2c3d4e5"}}},
		{"own organisation, not known", "trust: {organization: true}", profile.Organization{}, orders, prove.Zone{}},
		{"own organisation by id", "trust: {organizations: [{id: o-a1b2c3d4e5}]}", members, orders, prove.Zone{
			Organizations: []string{"o-a1b2c3d4e5"}, Accounts: []string{"111122223333", "222233334444", "333344445555"}}},
		{"foreign organisation", "trust: {organizations: [{id: o-ffffffffff}]}", members, orders, prove.Zone{Organizations: []string{"o-ffffffffff"}}},
		{"a unit and all below it", "trust: {organizational_units: [{path: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/}]}", members, orders, prove.Zone{
			Units: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"}, Accounts: []string{"222233334444", "333344445555"}}},
		{"everything once", `trust:
  accounts: [{id: "222233334444"}, {id: "222233334444"}]
  principals: [{arn: "arn:aws:iam::999988887777:role/partner"}]
  services: [{name: s3.amazonaws.com}]
  networks: [{cidr: 203.0.113.0/24}, {vpc: vpc-0a1b2c3d}, {endpoint: vpce-0a1b2c3d}]`, profile.Organization{}, orders, prove.Zone{
			Accounts: []string{"222233334444"}, Principals: []string{"arn:aws:iam::999988887777:role/partner"}, Services: []string{"s3.amazonaws.com"},
			Networks: prove.Networks{CIDRs: []string{"203.0.113.0/24"}, VPCs: []string{"vpc-0a1b2c3d"}, Endpoints: []string{"vpce-0a1b2c3d"}}}},
		{"on its last day", `trust: {accounts: [{id: "222233334444", until: 2026-11-22}]}`, members, orders, prove.Zone{Accounts: []string{"222233334444"}}},
		{"after its last day", `trust: {accounts: [{id: "222233334444", until: 2026-11-21}]}`, members, orders, prove.Zone{}},
		{"for this function", `trust: {accounts: [{id: "222233334444", for: {function: "arn:aws:lambda:*:*:function:ord*"}}]}`, members, orders, prove.Zone{Accounts: []string{"222233334444"}}},
		{"for another function", `trust: {accounts: [{id: "222233334444", for: {function: "arn:aws:lambda:*:*:function:ord"}}]}`, members, orders, prove.Zone{}},
		{"for a tag", `trust: {accounts: [{id: "222233334444", for: {tag: {key: team}}}]}`, members, orders, prove.Zone{Accounts: []string{"222233334444"}}},
		{"for a tag's value", `trust: {accounts: [{id: "222233334444", for: {tag: {key: team, value: edge}}}]}`, members, orders, prove.Zone{Accounts: []string{"222233334444"}}},
		{"for another value", `trust: {accounts: [{id: "222233334444", for: {tag: {key: team, value: core}}}]}`, members, orders, prove.Zone{}},
		{"for a tag that was not read", `trust: {accounts: [{id: "222233334444", for: {tag: {key: team}}}]}`, members, resource.Ref{ID: orders.ID}, prove.Zone{}},
		{"for an account", `trust: {accounts: [{id: "222233334444", for: {account: "123412341234"}}]}`, members, orders, prove.Zone{Accounts: []string{"222233334444"}}},
		{"for another account", `trust: {accounts: [{id: "222233334444", for: {account: "123412341235"}}]}`, members, orders, prove.Zone{}},
		{"for a unit", `trust: {accounts: [{id: "999988887777", for: {ou: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/}}]}`, members,
			resource.Ref{ID: orders.ID, Account: "333344445555"}, prove.Zone{Accounts: []string{"999988887777"}}},
		{"for another unit", `trust: {accounts: [{id: "999988887777", for: {ou: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/}}]}`, members,
			resource.Ref{ID: orders.ID, Account: "111122223333"}, prove.Zone{}},
		{"for a unit, units not read", `trust: {accounts: [{id: "999988887777", for: {ou: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/}}]}`, profile.Organization{},
			resource.Ref{ID: orders.ID, Account: "333344445555"}, prove.Zone{}},
		// Prod may be invoked from prod, and not from dev, although both are of
		// one organisation.
		{"prod of prod", `trust: {organizational_units: [{path: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/, for: {ou: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/}}]}`, members,
			resource.Ref{ID: orders.ID, Account: "222233334444"}, prove.Zone{
				Units: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"}, Accounts: []string{"222233334444", "333344445555"}}},
		{"prod of the rest", `trust: {organizational_units: [{path: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/, for: {ou: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/}}]}`, members,
			resource.Ref{ID: orders.ID, Account: "111122223333"}, prove.Zone{}},
		{"for all that is said", `trust: {accounts: [{id: "222233334444", for: {account: "123412341234", tag: {key: color}}}]}`, members, orders, prove.Zone{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, c.yaml).Resolve(c.org, day("2026-11-22T23:59:59Z"))
			got, _ := p.Zone(c.ref)
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(prove.Zone{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if p.Organization() != c.org.ID {
				t.Errorf("organisation %q, want %q", p.Organization(), c.org.ID)
			}
		})
	}
}

// TestZoneKeys: the key tells zones apart, and nothing is shared between them.
func TestZoneKeys(t *testing.T) {
	p := parse(t, `trust:
  accounts: [{id: "111122223333"}, {id: "222233334444", for: {function: "arn:aws:lambda:*:*:function:a*"}}, {id: "333344445555", for: {function: "arn:aws:lambda:*:*:function:*b"}}]`).
		Resolve(profile.Organization{}, day("2026-11-22T00:00:00Z"))
	got := map[string]string{}
	for _, name := range []string{"a", "b", "ab", "c", "aa"} {
		zone, key := p.Zone(resource.Ref{ID: resource.ID("arn:aws:lambda:us-east-1:123412341234:function:" + name)})
		text := strings.Join(zone.Accounts, " ")
		if before, found := got[key]; found && before != text {
			t.Errorf("key %q means %s and %s", key, before, text)
		}
		got[key] = text
	}
	if len(got) != 4 {
		t.Errorf("%d zones, want 4: %v", len(got), got)
	}
}

func TestExpired(t *testing.T) {
	p := parse(t, `trust:
  accounts: [{id: "222233334444", until: 2026-11-21}, {id: "333344445555", until: 2026-11-22}]
  services: [{name: s3.amazonaws.com, until: 2020-01-01}]`).Resolve(members, day("2026-11-22T00:00:00Z"))
	var got []string
	for _, e := range p.Expired {
		got = append(got, e.Value)
	}
	if diff := cmp.Diff([]string{"222233334444", "s3.amazonaws.com"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	p := parse(t, `trust: {accounts: [{id: "222233334444", name: accounting}, {id: "999988887777", name: partner}]}`).Resolve(members, day("2026-11-22T00:00:00Z"))
	for id, want := range map[resource.Account]string{"111122223333": "root", "222233334444": "accounting", "999988887777": "partner", "333344445555": ""} {
		if got := p.AccountName(id); got != want {
			t.Errorf("%s is called %q, want %q", id, got, want)
		}
	}
}

func TestSelect(t *testing.T) {
	other := rule.For(rule.Rule{ID: "Lambda-002", Name: "lambda-cross-account-access", Risk: rule.High, Reads: []resource.Facet{"lambda:GetPolicy"}},
		func(rule.View, nothing) rule.Verdict { return rule.Verdict{} })
	all := append(rules(), other)
	for _, c := range []struct {
		name, yaml string
		words      []string
		want       string
		err        string
	}{
		{"all", "", nil, "Lambda-002 high, Lambda-006 high", ""},
		{"off", "rules: {Lambda-006: {enabled: false}}", nil, "Lambda-002 high", ""},
		{"asked for although off", "rules: {Lambda-006: {enabled: false}}", []string{"lambda-shared-role"}, "Lambda-006 high", ""},
		{"another risk", "rules: {lambda-shared-role: {risk: low}}", []string{"Lambda-006"}, "Lambda-006 low", ""},
		{"no such rule", "", []string{"Lambda-006", "Lambda-777"}, "", `no rule "Lambda-777": surety rules lists them`},
	} {
		got, err := parse(t, c.yaml).Select(all, c.words...)
		if err != nil {
			if err.Error() != c.err {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		var texts []string
		for _, r := range got {
			texts = append(texts, r.ID+" "+r.Risk.String())
		}
		if text := strings.Join(texts, ", "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
	if other.Risk != rule.High || all[0].Risk != rule.High {
		t.Error("choosing a risk changed the rule itself")
	}
}

func TestFacets(t *testing.T) {
	for yaml, want := range map[string][]resource.Facet{
		"": {"iam:Get", "lambda:ListFunctions"},
		"rules: {Lambda-006: {settings: {meant: [x]}}}":                             {"iam:Get", "lambda:ListFunctions", "lambda:Needed"},
		`trust: {accounts: [{id: "222233334444", for: {tag: {key: team}}}]}`:        {"iam:Get", "lambda:ListFunctions", "tags"},
		`trust: {accounts: [{id: "222233334444", for: {account: "123412341234"}}]}`: {"iam:Get", "lambda:ListFunctions"},
	} {
		if diff := cmp.Diff(want, parse(t, yaml).Facets(rules(), "tags")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", yaml, diff)
		}
	}
	p := parse(t, "rules: {Lambda-006: {settings: {meant: [x]}}}").Resolve(profile.Organization{}, time.Time{})
	if got := p.Settings("Lambda-006"); string(got) != string(json.RawMessage(`{"meant":["x"]}`)) {
		t.Errorf("settings are %s", got)
	}
	if got := p.Settings("Lambda-002"); got != nil {
		t.Errorf("settings of a rule without are %s", got)
	}
}

func TestAccountUnit(t *testing.T) {
	org := members
	org.Units = map[string]string{"ou-ab12-11111111": "Workloads"}
	p := new(profile.Config).Resolve(org, day("2026-11-22T00:00:00Z"))
	for account, want := range map[resource.Account]string{
		"111122223333": "root", "222233334444": "Workloads", "333344445555": "Workloads/ou-ab12-22222222", "999988887777": "",
	} {
		if got := p.AccountUnit(account); got != want {
			t.Errorf("unit of %s: %q, want %q", account, got, want)
		}
	}
}

func TestAccounts(t *testing.T) {
	c := parse(t, `accounts:
  - {id: "222233334444", name: shop, role: audit/SuretyAudit, external_id: e-1, tags: {stage: prod}}
  - {id: "333344445555", profile: lab}
  - {id: "444455556666"}`)
	want := []profile.Account{
		{ID: "222233334444", Name: "shop", Role: "audit/SuretyAudit", ExternalID: "e-1", Tags: map[string]string{"stage": "prod"}, Line: 2},
		{ID: "333344445555", Profile: "lab", Line: 3}, {ID: "444455556666", Line: 4},
	}
	if diff := cmp.Diff(want, c.Accounts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Ten thousand accounts, each as it should be written, are a trust zone.
func TestTenThousandAccounts(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\ntrust:\n  accounts:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "    - {id: %q, name: team-%d-production, owner: platform, reason: what the whole group shares, until: 2027-06-30}\n", fmt.Sprintf("%012d", i), i)
	}
	c, err := profile.Parse([]byte(b.String()), rules())
	if err != nil {
		t.Fatal(err)
	}
	zone, _ := c.Resolve(profile.Organization{}, time.Time{}).Zone(resource.Ref{})
	if len(zone.Accounts) != 10_000 {
		t.Errorf("%d accounts of 10,000", len(zone.Accounts))
	}
}
