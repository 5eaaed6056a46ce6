package policy

import "testing"

const (
	role    = "arn:aws:iam::222233334444:role/a"
	session = "arn:aws:sts::222233334444:assumed-role/a/s"
)

func iam(account, arn, session string) Caller {
	return Caller{Type: IAMCaller, Account: account, ARN: arn, Session: session}
}

// Who is let in by Principal in an Allow and in a Deny, and by NotPrincipal in
// both: t for in. Source: IAM User Guide, Principal and NotPrincipal elements;
// the readings of {"AWS": "*"} for services are in docs/decisions.
func TestPrincipals(t *testing.T) {
	t.Parallel()
	inSession := iam("222233334444", role, session)
	user := iam("222233334444", "arn:aws:iam::222233334444:user/u", "")
	stranger := iam("999988887777", "arn:aws:iam::999988887777:role/a", "arn:aws:sts::999988887777:assumed-role/a/s")
	chinese := iam("222233334444", "arn:aws-cn:iam::222233334444:role/a", "")
	nameless := iam("222233334444", "", "")
	anonymous := Caller{Type: AnonymousCaller}
	service := Caller{Type: ServiceCaller, Service: "s3.amazonaws.com"}
	for _, c := range []struct {
		element string
		caller  Caller
		want    string // Principal in Allow, in Deny, NotPrincipal in Allow, in Deny
	}{
		{`"*"`, inSession, "ttff"}, {`"*"`, anonymous, "ttff"}, {`"*"`, service, "ttff"},
		{`{"AWS": "*"}`, inSession, "ttff"}, {`{"AWS": "*"}`, anonymous, "ttff"}, {`{"AWS": "*"}`, service, "tftf"},
		{`{"AWS": "222233334444"}`, inSession, "ttff"}, {`{"AWS": "222233334444"}`, user, "ttff"}, {`{"AWS": "222233334444"}`, chinese, "ttff"},
		{`{"AWS": "222233334444"}`, nameless, "ttff"}, {`{"AWS": "222233334444"}`, stranger, "fftt"}, {`{"AWS": "222233334444"}`, anonymous, "fftt"}, {`{"AWS": "222233334444"}`, service, "fftt"},
		{`{"AWS": "arn:aws:iam::222233334444:root"}`, inSession, "ttff"}, {`{"AWS": "arn:aws:iam::222233334444:root"}`, user, "ttff"},
		{`{"AWS": "arn:aws:iam::222233334444:root"}`, chinese, "fftt"}, {`{"AWS": "arn:aws-cn:iam::222233334444:root"}`, chinese, "ttff"},
		{`{"AWS": "arn:aws:iam::222233334444:root"}`, nameless, "ttff"}, {`{"AWS": "arn:aws-cn:iam::222233334444:root"}`, nameless, "fftt"},
		{`{"AWS": "arn:aws:iam::222233334444:root"}`, stranger, "fftt"},
		{`{"AWS": "arn:aws:sts::222233334444:root"}`, inSession, "fftt"},
		{`{"AWS": "arn:aws:iam::222233334444:role/a"}`, inSession, "ttff"}, {`{"AWS": "arn:aws:iam::222233334444:role/A"}`, inSession, "fftt"},
		{`{"AWS": "arn:aws:iam::222233334444:role/a"}`, user, "fftt"}, {`{"AWS": "arn:aws:iam::222233334444:role/a"}`, stranger, "fftt"}, {`{"AWS": "arn:aws:iam::222233334444:role/a"}`, chinese, "fftt"},
		{`{"AWS": "arn:aws:sts::222233334444:assumed-role/a/s"}`, inSession, "ttff"}, {`{"AWS": "arn:aws:sts::222233334444:assumed-role/a/t"}`, inSession, "fftt"},
		{`{"AWS": "arn:aws:iam::222233334444:role/a"}`, anonymous, "fftt"}, {`{"AWS": "arn:aws:iam::222233334444:role/a"}`, service, "fftt"},
		{`{"AWS": "AROAQ3EGRRDQ7EXAMPLE2"}`, inSession, "fftt"}, {`{"AWS": "AROAQ3EGRRDQ7EXAMPLE2"}`, anonymous, "fftt"},
		{`{"Service": "s3.amazonaws.com"}`, service, "ttff"}, {`{"Service": "sns.amazonaws.com"}`, service, "fftt"}, {`{"Service": "s3.amazonaws.com"}`, inSession, "fftt"}, {`{"Service": "s3.amazonaws.com"}`, anonymous, "fftt"},
		{`{"Service": "sns.amazonaws.com", "AWS": ["999988887777", "222233334444"]}`, user, "ttff"}, {`{"AWS": "999988887777", "Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}`, service, "ttff"},
		{`"*"`, Caller{}, "ffff"}, {`{"AWS": "222233334444"}`, Caller{Account: "222233334444"}, "ffff"}, {`"*"`, Caller{Type: "root"}, "ffff"},
		{`{"AWS": "222233334444"}`, Caller{Type: ServiceCaller, Account: "222233334444"}, "fftt"},
		{`{"AWS": "arn:aws:iam::222233334444:role/a"}`, Caller{Type: AnonymousCaller, ARN: role}, "fftt"}, {`{"Service": "s3.amazonaws.com"}`, Caller{Type: IAMCaller, Service: "s3.amazonaws.com"}, "fftt"},
	} {
		got := ""
		for _, element := range []string{"Principal", "NotPrincipal"} {
			for _, effect := range []Effect{Allow, Deny} {
				d, err := Parse([]byte(`{"Statement": {"Effect": "` + effect.String() + `", "` + element + `": ` + c.element + `, "Action": "*", "Resource": "*"}}`))
				if err != nil {
					t.Fatal(err)
				}
				in := d.Statements[0].Principals.Match(c.caller, "aws", effect)
				got += map[bool]string{true: "t", false: "f"}[in]
				r := Request{Caller: c.caller, Resource: "arn:aws:lambda:us-east-1:1:function:f"}
				if d.Statements[0].AppliesTo(d, r) != in {
					t.Errorf("%s %s %s: the statement disagrees about %+v", effect, element, c.element, c.caller)
				}
			}
		}
		if got != c.want {
			t.Errorf("%s on %+v: %s, want %s", c.element, c.caller, got, c.want)
		}
	}
}

func TestPartitionIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	p, _ := awsPrincipal("arn:aws-cn:iam::222233334444:root")
	for _, c := range []struct {
		arn, given string
		want       bool
	}{
		{"arn:aws-cn:iam::222233334444:role/a", "aws", true},
		{"arn:aws:iam::222233334444:role/a", "aws-cn", false},
		{"", "aws-cn", true}, {"", "aws", false}, {"", "", false},
		{"aws-cn:iam", "aws-cn", true}, {"arn:aws", "aws-cn", true}, {"arn:aws", "aws", false},
	} {
		got := Principals{Entries: []Principal{p}}.Match(iam("222233334444", c.arn, ""), c.given, Allow)
		if got != c.want {
			t.Errorf("%q in %q: %t", c.arn, c.given, got)
		}
	}
}

func TestParsedPrincipals(t *testing.T) {
	t.Parallel()
	d, err := Parse([]byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"AWS": ["*", "222233334444", 999988887777,
		"arn:aws-cn:iam::222233334444:root", "arn:aws:iam::222233334444:role/a", "AIDAQ3EGRRDQ7EXAMPLE2"], "Service": "s3.amazonaws.com"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Principal{
		{Kind: EveryAWS, Text: "*"},
		{Kind: AccountPrincipal, Text: "222233334444", Account: "222233334444"},
		{Kind: AccountPrincipal, Text: "999988887777", Account: "999988887777"},
		{Kind: AccountPrincipal, Text: "arn:aws-cn:iam::222233334444:root", Partition: "aws-cn", Account: "222233334444"},
		{Kind: ARNPrincipal, Text: role, Partition: "aws", Account: "222233334444"},
		{Kind: UniqueID, Text: "AIDAQ3EGRRDQ7EXAMPLE2"},
		{Kind: ServicePrincipal, Text: "s3.amazonaws.com"},
	}
	got := d.Statements[0].Principals.Entries
	if len(got) != len(want) {
		t.Fatalf("%d entries", len(got))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("entry %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}
