package cli

import (
	"fmt"
	"strings"
	"testing"

	"surety/policy"
)

// TestStrangers names everybody that one statement lets in, by principal and
// condition. The owner is 111122223333.
func TestStrangers(t *testing.T) {
	for _, c := range []struct{ principal, condition, want string }{
		{`{"AWS":"999988887777"}`, `{}`, "accounts 999988887777"},
		{`{"AWS":"arn:aws:iam::999988887777:root"}`, `{}`, "accounts 999988887777"},
		{`{"AWS":"111122223333"}`, `{}`, ""},
		{`{"AWS":"arn:aws:iam::111122223333:role/own"}`, `{}`, ""},
		{`{"AWS":"arn:aws:iam::999988887777:role/x"}`, `{}`, "principals arn:aws:iam::999988887777:role/x"},
		{`{"AWS":"AIDAEXAMPLEEXAMPLEEX"}`, `{}`, ""},
		{`"*"`, `{}`, "anybody anybody (*)"},
		{`"*"`, `{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}`, "organizations o-a1b2c3d4e5"},
		{`"*"`, `{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`, "anybody anybody (*)"},
		{`"*"`, `{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"}}`, "organizational_units o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"},
		{`"*"`, `{"StringEquals":{"aws:PrincipalAccount":["999988887777","111122223333"]}}`, "accounts 999988887777"},
		{`"*"`, `{"StringNotEquals":{"aws:PrincipalAccount":"999988887777"}}`, "anybody anybody (*)"},
		{`"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::999988887777:role/x"}}`, "principals arn:aws:iam::999988887777:role/x"},
		{`"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::999988887777:role/*"}}`, "accounts 999988887777"},
		{`"*"`, `{"StringEquals":{"aws:SourceVpce":"vpce-0a1b2c3d"}}`, "networks endpoint: vpce-0a1b2c3d"},
		{`"*"`, `{"StringEquals":{"aws:SourceVpc":"vpc-0a1b2c3d"}}`, "networks vpc: vpc-0a1b2c3d"},
		{`{"Service":"s3.amazonaws.com"}`, `{}`, "service without a source s3.amazonaws.com"},
		{`{"Service":"s3.amazonaws.com"}`, `{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::bucket"}}`, "service without a source s3.amazonaws.com"},
		{`{"Service":"s3.amazonaws.com"}`, `{"StringEquals":{"aws:SourceAccount":"111122223333"}}`, ""},
		{`{"Service":"s3.amazonaws.com"}`, `{"StringEquals":{"AWS:SourceAccount":"999988887777"}}`, "accounts 999988887777"},
		{`{"Service":"sns.amazonaws.com"}`, `{"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:999988887777:t"}}`, "accounts 999988887777"},
		{`{"Service":"sns.amazonaws.com"}`, `{"StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}}`, "organizations o-a1b2c3d4e5"},
	} {
		text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":"lambda:InvokeFunction","Resource":"*","Condition":%s}]}`, c.principal, c.condition)
		doc, err := policy.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got []string
		for _, p := range strangers(doc, "111122223333") {
			got = append(got, string(p.kind)+" "+p.value)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("principal %s, condition %s: %q, want %q", c.principal, c.condition, got, c.want)
		}
	}
}

func TestStrangersOfDeny(t *testing.T) {
	doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"999988887777"},"Action":"*","Resource":"*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := strangers(doc, "111122223333"); len(got) > 0 {
		t.Errorf("a deny lets in %v", got)
	}
}
