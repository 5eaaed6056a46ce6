package rules

import (
	"slices"
	"strings"
	"testing"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/policy"
	"surety/services/iam"
	"surety/services/lambda"
)

// TestUndecided: what the prover cannot decide fails, and says why. A function
// whose ARN is none is a question that cannot be asked.
func TestUndecided(t *testing.T) {
	s := inventory.New(inventory.Header{Account: owner, Qualifiers: "all", Facets: []resource.Facet{
		lambda.FacetList, lambda.FacetAliases, lambda.FacetPolicy, lambda.FacetURL, iam.FacetDetails,
	}})
	s.Add(&lambda.Function{
		ARN: "arn:aws:lambda:us-east-1:12:function:odd", Name: "odd", Account: owner,
		Policies: []lambda.Policy{{Text: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`}},
	})
	s.Seal()
	var got []check.Check
	err := judge.Run(t.Context(), judge.Case{Snapshot: s, Rules: []*rule.Rule{crossAccountAccess()}}, func(r judge.Result) error {
		got = append(got, r.Checks...)
		return nil
	})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	const want = `statement 0 may let somebody in: undecided, "arn:aws:lambda:us-east-1:12:function:odd" has no account of 12 digits; nobody else is trusted`
	if one := got[0]; one.Status != check.Fail || one.Message != want || one.Causes[0].Text != "undecided" ||
		!strings.Contains(string(one.Evidence), `"kind":"undecided","door":"direct"`) || !strings.Contains(string(one.Evidence), `"witness":null`) {
		t.Errorf("got %s: %s\n%s", one.Status, one.Message, one.Evidence)
	}
}

// TestUndecidedBound: a bound that was reached is told once.
func TestUndecidedBound(t *testing.T) {
	got := teller{fn: &lambda.Function{}}.sentence(accessGrant{Kind: "undecided", Door: "direct", Sid: "a", Why: "undecided: the patterns need more than 8 steps"})
	if want := "statement 0 (a) may let somebody in: undecided, the patterns need more than 8 steps"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDormantCause: in the table, which has no room for the reason, a grant that
// opens nothing today still says so.
func TestDormantCause(t *testing.T) {
	grants := []accessGrant{{Kind: "public", Door: "url", Dormant: true, Why: "dormant: no URL serves it today", anonymous: true}}
	got := teller{fn: &lambda.Function{}}.causes(grants)
	want := []rule.Cause{{Text: "anyone on the internet", Detail: "by URL (dormant)"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestNetworkCause: accesses from some networks are no cause of accesses from
// anywhere.
func TestNetworkCause(t *testing.T) {
	from := func(key string) accessGrant {
		return accessGrant{Kind: "public", Door: "direct", Witness: &policy.Request{Context: policy.Context{key: policy.Text("x")}}}
	}
	for key, want := range map[string]string{
		"aws:sourceip":         "any AWS account, from some networks",
		"aws:sourcevpc":        "any AWS account, from some networks",
		"aws:sourcevpce":       "any AWS account, from some networks",
		"aws:principalaccount": "any AWS account",
	} {
		got := teller{fn: &lambda.Function{}}.causes([]accessGrant{from(key)})
		if len(got) != 1 || got[0].Text != want {
			t.Errorf("%s: got %+v, want %q", key, got, want)
		}
	}
}
