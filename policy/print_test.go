package policy

import (
	"encoding/json"
	"testing"
)

// Documents that no text is: each prints as it is, and none is lost.
func TestPrintHandmade(t *testing.T) {
	t.Parallel()
	account := Principal{Kind: AccountPrincipal, Text: "222233334444", Account: "222233334444"}
	service := Principal{Kind: ServicePrincipal, Text: "s3.amazonaws.com"}
	for want, d := range map[string]Document{
		`{"Statement":[]}`: {},
		`{"Statement":[{"Effect":"Allow","Principal":{},"Action":[],"Resource":[]}]}`: {Statements: []Statement{{}}},
		`{"Statement":[{"Sid":"s","Effect":"Deny","NotPrincipal":"*","Action":"*","Resource":"*"}]}`: {Statements: []Statement{
			{Sid: "s", Effect: Deny, Void: true, Principals: Principals{Entries: []Principal{account}}, Actions: Patterns{Texts: []string{"a"}}}}},
		`{"Statement":[{"Effect":"Allow","Principal":{"AWS":["222233334444","222233334444"],"Service":"s3.amazonaws.com"},"Action":"a","Resource":"b",` +
			`"Condition":{"Bool":{"x":"true","z":[]},"Null":{"y":["true","false"]}}}]}`: {Statements: []Statement{{
			Principals: Principals{Entries: []Principal{account, service, account}}, Actions: Patterns{Texts: []string{"a"}}, Resources: Patterns{Texts: []string{"b"}},
			Conditions: []Condition{
				{Operator: Operator{Comparison: Bool}, Key: "x", Values: []string{"true"}},
				{Operator: Operator{Comparison: Null}, Key: "y", Values: []string{"true", "false"}},
				{Operator: Operator{Comparison: Bool}, Key: "z"},
			}}}},
		`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"a","NotResource":"b"}]}`: {Statements: []Statement{{
			Principals: Principals{Entries: []Principal{account, {Kind: Everyone, Text: "*"}}}, Actions: Patterns{Texts: []string{"a"}}, Resources: Patterns{Negated: true, Texts: []string{"b"}}}}},
	} {
		for _, v := range []any{d, &d} {
			if b, err := json.Marshal(v); err != nil || string(b) != want {
				t.Errorf("%s, %v\nwant %s", b, err, want)
			}
		}
	}
}

func TestStringIsIndented(t *testing.T) {
	t.Parallel()
	if got, want := (Document{Version: Version2012}).String(), "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
