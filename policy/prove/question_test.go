package prove_test

import (
	"strings"
	"testing"

	"surety/policy"
	"surety/policy/prove"
)

func TestQuestionsThatAreNotWellPut(t *testing.T) {
	t.Parallel()
	doc := document()
	for _, function := range []string{"", "orders", "arn:aws:lambda:us-east-1:111122223333:function:orders:prod", "arn:aws:lambda:us-east-1:11112222333:function:orders",
		"arn:aws:lambda:us-east-1:11112222333x:function:orders", "arn:aws:lambda:us-east-1:1111222233333:function:orders", "arn:aws:lambda:us-east-1:111122223333:layer:orders",
		"arn:aws:s3:us-east-1:111122223333:function:orders", "arn:aws:lambda:us-east-1:111122223333:function:", "bad:aws:lambda:us-east-1:111122223333:function:orders"} {
		q := prove.Question{Function: function}
		err := q.Check()
		if err == nil {
			t.Errorf("%q is taken for a function", function)
			continue
		}
		if got := prove.Outside(doc, q); got.Verdict != prove.Undecided || got.Why != err.Error() {
			t.Errorf("%q: %+v", function, got)
		}
		if got := prove.Grants(doc, q); len(got) != 1 || got[0].Kind != prove.KindUndecided || got[0].Why == "" {
			t.Errorf("%q: %+v", function, got)
		}
	}
	if err := (prove.Question{Function: orders}).Check(); err != nil {
		t.Errorf("%s: %v", orders, err)
	}
}

// A witness is shown on the function itself where that can be, else on a
// qualifier that exists, else on one that the document names.
func TestWitnessesPreferWhatExists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		resource string
		known    []string
		want     string
	}{
		{"*", []string{"prod"}, orders},
		{orders + ":*", []string{"prod", "7"}, orders + ":prod"},
		{orders + ":7", []string{"prod", "7"}, orders + ":7"},
		{orders + ":test", []string{"prod"}, orders + ":test"},
		{orders + ":t*", []string{"prod"}, orders + ":t"},
	} {
		doc := document(permission{principal: "*", action: "lambda:InvokeFunction"}.statement(c.resource))
		got := prove.Outside(doc, prove.Question{Function: orders, Known: c.known})
		if got.Verdict != prove.Fail || got.Witness.Resource != c.want {
			t.Errorf("%s: %s %+v, want %s", c.resource, got.Verdict, got.Witness, c.want)
		}
	}
}

// Other actions are other questions. Nobody without credentials can ask them.
func TestOtherActions(t *testing.T) {
	t.Parallel()
	update := []string{"lambda:UpdateFunctionCode"}
	for _, c := range []struct {
		name, statement string
		actions         []string
		want            prove.Verdict
	}{
		{"asked", permission{principal: "arn:aws:iam::" + foreignAccount + ":root", action: "lambda:UpdateFunctionCode"}.statement(orders), update, prove.Fail},
		{"not asked", permission{principal: "arn:aws:iam::" + foreignAccount + ":root", action: "lambda:UpdateFunctionCode"}.statement(orders), nil, prove.Pass},
		{"another", permission{principal: "arn:aws:iam::" + foreignAccount + ":root", action: "lambda:InvokeFunction"}.statement(orders), update, prove.Pass},
		{"anonymous", with("Allow", "StringEquals", "aws:PrincipalType", `"Anonymous"`), update, prove.Pass},
		{"the key of the other door", with("Allow", "Bool", "lambda:InvokedViaFunctionUrl", `"true"`), update, prove.Pass},
		{"everybody", with("Allow", "StringLike", "aws:PrincipalArn", `"*"`), update, prove.Fail},
	} {
		doc, q := document(c.statement), prove.Question{Function: orders, Zone: simpleZone(), Actions: c.actions}
		got := prove.Outside(doc, q)
		if got.Verdict != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Verdict, got.Why, c.want)
		}
		if got.Verdict == prove.Fail {
			if err := newSpace(doc, q).witnessed(got); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
	if got := strings.Join(prove.InvokeActions(), " "); got != "lambda:InvokeFunction lambda:InvokeFunctionUrl lambda:InvokeAsync" {
		t.Error(got)
	}
}

// with is a statement for everybody with one condition.
func with(effect, operator, key, value string) string {
	return `{"Effect":"` + effect + `","Principal":"*","Action":"lambda:*","Resource":"*","Condition":{"` + operator + `":{"` + key + `":` + value + `}}}`
}

// What is read leniently is asked about as it was read: a Deny that could not
// be read denies nothing, an element that could not be read narrows nothing.
func TestDocumentsReadLeniently(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       prove.Verdict
	}{
		{"a Deny with an unknown operator", `{"Statement":[` + with("Allow", "StringLike", "aws:UserAgent", `"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"Nearly":{"a":"b"}}}]}`, prove.Fail},
		{"an Allow with an unknown operator", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"Nearly":{"a":"b"}}}]}`, prove.Fail},
		{"an Allow for a bare account", `{"Statement":[{"Effect":"Allow","Principal":"` + trustedAccount + `","Action":"*","Resource":"*"}]}`, prove.Pass},
		{"no statement at all", `{}`, prove.Fail},
	} {
		doc, notes, err := policy.ParseStored([]byte(c.text))
		if err != nil || len(notes) == 0 {
			t.Errorf("%s: %v, notes %q", c.name, err, notes)
			continue
		}
		if got := prove.Outside(doc, prove.Question{Function: orders, Zone: simpleZone()}); got.Verdict != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Verdict, got.Why, c.want)
		}
	}
}

// Networks, units and sessions of the zone are trusted, and nothing beside them.
func TestZones(t *testing.T) {
	t.Parallel()
	role := "arn:aws:iam::" + foreignAccount + ":role/partner"
	for _, c := range []struct {
		name, statement string
		zone            prove.Zone
		want            prove.Verdict
	}{
		{"range", with("Allow", "IpAddress", "aws:SourceIp", `"203.0.113.0/25"`), prove.Zone{Networks: prove.Networks{CIDRs: []string{"203.0.113.0/24"}}}, prove.Pass},
		{"wider range", with("Allow", "IpAddress", "aws:SourceIp", `"203.0.112.0/23"`), prove.Zone{Networks: prove.Networks{CIDRs: []string{"203.0.113.0/24"}}}, prove.Fail},
		{"address as text", with("Allow", "StringLike", "aws:SourceIp", `"203.0.113.*"`), prove.Zone{Networks: prove.Networks{CIDRs: []string{"203.0.113.0/24"}}}, prove.Pass},
		{"address as text, half of it", with("Allow", "StringLike", "aws:SourceIp", `"203.0.113.*"`), prove.Zone{Networks: prove.Networks{CIDRs: []string{"203.0.113.0/25"}}}, prove.Fail},
		{"VPC", with("Allow", "StringEquals", "aws:SourceVpc", `"vpc-1"`), prove.Zone{Networks: prove.Networks{VPCs: []string{"vpc-1"}}}, prove.Pass},
		{"another VPC", with("Allow", "StringEquals", "aws:SourceVpc", `["vpc-1","vpc-2"]`), prove.Zone{Networks: prove.Networks{VPCs: []string{"vpc-1"}}}, prove.Fail},
		{"endpoint", with("Allow", "StringEquals", "aws:SourceVpce", `"vpce-1"`), prove.Zone{Networks: prove.Networks{Endpoints: []string{"vpce-1"}}}, prove.Pass},
		{"another endpoint", with("Allow", "StringLike", "aws:SourceVpce", `"vpce-?"`), prove.Zone{Networks: prove.Networks{Endpoints: []string{"vpce-1"}}}, prove.Fail},
		{"unit", with("Allow", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", `"`+trustedUnit+`*"`), prove.Zone{Units: []string{trustedUnit}}, prove.Pass},
		{"unit, and its parent is not", with("Allow", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", `"o-f0f0f0f0f0/r-ab12/*"`), prove.Zone{Units: []string{trustedUnit}}, prove.Fail},
		{"unit of a source", strings.Replace(with("Allow", "ForAnyValue:StringLike", "aws:SourceOrgPaths", `"`+trustedUnit+`*"`), `"*"`, `{"Service":"sns.amazonaws.com"}`, 1), prove.Zone{Units: []string{trustedUnit}}, prove.Pass},
		{"one below a unit", with("Allow", "ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", `"`+trustedUnit+`ou-ab12-22222222/"`), prove.Zone{Units: []string{trustedUnit}}, prove.Pass},
		{"role by its user id", with("Allow", "ArnEquals", "aws:PrincipalArn", `"`+role+`"`), prove.Zone{Principals: []string{role}}, prove.Pass},
		{"session by condition", with("Allow", "ArnEquals", "aws:PrincipalArn", `"`+role+`"`), prove.Zone{Principals: []string{"arn:aws:sts::" + foreignAccount + ":assumed-role/partner/s1"}}, prove.Fail},
	} {
		doc, q := document(c.statement), prove.Question{Function: orders, Zone: c.zone}
		got := prove.Outside(doc, q)
		if got.Verdict != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Verdict, got.Why, c.want)
		}
		if got.Verdict == prove.Fail {
			if err := newSpace(doc, q).witnessed(got); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
}
