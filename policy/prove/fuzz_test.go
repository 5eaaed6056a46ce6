package prove_test

import (
	"encoding/json"
	"testing"

	"surety/policy"
	"surety/policy/prove"
)

// FuzzOutside asks about documents of any bytes: no panic, every witness is
// one, and no request that is made of the document's own words contradicts a
// PASS. What is read leniently is asked about too; a document that is read both
// ways is answered one way.
func FuzzOutside(f *testing.F) {
	for i, e := range examples(f) {
		f.Add(e.text(), uint64(i))
	}
	for _, p := range []permission{{principal: "*", action: "lambda:*", arn: ownBucket}, {principal: "sns.amazonaws.com", action: "*", account: foreignAccount, token: aSkill}} {
		f.Add([]byte(`{"Statement":[`+p.statement(orders)+`]}`), uint64(0))
	}
	for _, doc := range prove.Hostile() {
		f.Add([]byte(doc.String()), uint64(1))
	}
	questions := []prove.Question{
		{Function: orders, Zone: simpleZone()},
		{Function: orders, Zone: simpleZone(), Qualifier: "prod", Organization: trustedOrg},
		{Function: orders, Zone: prove.Zone{Units: []string{trustedUnit}, Principals: []string{"arn:aws:iam::" + foreignAccount + ":role/partner"}, Services: []string{"s3.amazonaws.com"},
			Networks: prove.Networks{CIDRs: []string{"203.0.113.0/24"}, VPCs: []string{"vpc-1"}}}},
		{Function: "arn:aws-cn:lambda:cn-north-1:111122223333:function:orders"},
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		doc, _, err := policy.ParseStored(data)
		if err != nil {
			return
		}
		q := questions[seed%uint64(len(questions))]
		a := asked{doc, q}
		if len(doc.Statements) == 0 {
			if got := prove.Outside(doc, q); got.Verdict != prove.Pass {
				t.Fatalf("%s of a document without statements", got.Verdict)
			}
			return
		}
		got, _, err := contradiction(a, seed, 10)
		if err != nil {
			t.Fatal(err)
		}
		if got.Verdict == prove.Undecided && got.Why == "" || got.Verdict == prove.Pass && got.Witness != nil {
			w, _ := json.Marshal(got)
			t.Fatalf("%s", w)
		}
		grants := prove.Grants(doc, q)
		if (got.Verdict == prove.Pass) != (len(grants) == 0) {
			t.Fatalf("%s with %d grants\n%s", got.Verdict, len(grants), a)
		}
	})
}
