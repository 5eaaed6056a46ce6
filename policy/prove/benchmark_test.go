package prove_test

import (
	"maps"
	"slices"
	"testing"

	"surety/policy"
	"surety/policy/prove"
)

// BenchmarkTypical proves what AddPermission writes: proofs a second on one core.
func BenchmarkTypical(b *testing.B) {
	api := "arn:aws:execute-api:us-east-1:111122223333:abc123/*/GET/orders"
	call := func(principal, arn, account string) string {
		return permission{principal: principal, action: "lambda:InvokeFunction", arn: arn, account: account}.statement(orders)
	}
	documents := map[string][]string{
		"api gateway":     {call("apigateway.amazonaws.com", api, "")},
		"bucket":          {call("s3.amazonaws.com", ownBucket, "111122223333")},
		"topic":           {call("sns.amazonaws.com", "arn:aws:sns:us-east-1:111122223333:orders", "")},
		"rule":            {call("events.amazonaws.com", "arn:aws:events:us-east-1:111122223333:rule/nightly", "")},
		"trusted account": {call("arn:aws:iam::"+trustedAccount+":root", "", "")},
		"foreign account": {call("arn:aws:iam::"+foreignAccount+":root", "", "")},
		"foreign role":    {call("arn:aws:iam::"+foreignAccount+":role/partner", "", "")},
		"organisation":    {permission{principal: "*", action: "lambda:InvokeFunction", org: trustedOrg}.statement(orders)},
		"three":           {call("apigateway.amazonaws.com", api, ""), call("events.amazonaws.com", "arn:aws:events:us-east-1:111122223333:rule/nightly", ""), call("arn:aws:iam::"+trustedAccount+":root", "", "")},
	}
	q := prove.Question{Function: orders, Zone: simpleZone()}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		doc := document(documents[name]...)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				prove.Outside(doc, q)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "proofs/s")
		})
	}
}

// BenchmarkExamples proves the whole corpus once a round.
func BenchmarkExamples(b *testing.B) {
	var all []asked
	for _, e := range examples(b) {
		if doc, err := policy.Parse(e.text()); err == nil {
			all = append(all, asked{doc, e.question()})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range all {
			prove.Outside(a.doc, a.q)
		}
	}
	b.ReportMetric(float64(len(all)*b.N)/b.Elapsed().Seconds(), "proofs/s")
}

// BenchmarkHostile proves the documents that are built to be slow.
func BenchmarkHostile(b *testing.B) {
	q := prove.Question{Function: orders, Zone: simpleZone()}
	all := prove.Hostile()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				prove.Outside(all[name], q)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
		})
	}
}
