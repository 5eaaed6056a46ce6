package prove_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
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
	q := prove.Question{Function: orders, Zone: simpleZone().Prepare()}
	names := slices.Sorted(maps.Keys(documents))
	for _, name := range names {
		doc := document(documents[name]...)
		b.Run(name, func(b *testing.B) { proofs(b, 1, func() { prove.Outside(doc, q) }) })
	}
	b.Run("mix", func(b *testing.B) { // each in turn
		var all []*policy.Document
		for _, name := range names {
			all = append(all, document(documents[name]...))
		}
		proofs(b, len(all), func() {
			for _, doc := range all {
				prove.Outside(doc, q)
			}
		})
	})
}

// proofs runs a round of proofs again and again and tells how many a second of
// the clock and of the processor.
func proofs(b *testing.B, round int, do func()) {
	b.ReportAllocs()
	before := processor()
	for b.Loop() {
		do()
	}
	done := float64(round * b.N)
	b.ReportMetric(done/b.Elapsed().Seconds(), "proofs/s")
	if used := processor() - before; used > 0 {
		b.ReportMetric(done/used, "proofs/cpu-s")
	}
}

// processor is the time in seconds that this process used of processors, user
// and system, to a hundredth; 0 where the system does not tell. On a machine
// that others use too it says more than the clock. Fields 14 and 15 of proc(5).
func processor() float64 {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

// BenchmarkExamples proves the whole corpus once a round.
func BenchmarkExamples(b *testing.B) {
	var all []asked
	for _, e := range examples(b) {
		if doc, err := policy.Parse(e.text()); err == nil {
			all = append(all, asked{doc, e.question()})
		}
	}
	proofs(b, len(all), func() {
		for _, a := range all {
			prove.Outside(a.doc, a.q)
		}
	})
}

// BenchmarkHostile proves the documents that are built to be slow.
func BenchmarkHostile(b *testing.B) {
	q := prove.Question{Function: orders, Zone: simpleZone()}
	all := prove.Hostile()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			before := processor()
			for b.Loop() {
				prove.Outside(all[name], q)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
			b.ReportMetric(1000*(processor()-before)/float64(b.N), "cpu-ms/op")
		})
	}
}

// BenchmarkZone proves beside zones of few and of very many accounts, prepared
// once: what a proof costs must not grow with them.
func BenchmarkZone(b *testing.B) {
	documents := map[string]string{
		"api gateway":     permission{principal: "apigateway.amazonaws.com", action: "lambda:InvokeFunction", arn: "arn:aws:execute-api:us-east-1:111122223333:abc123/*/GET/orders"}.statement(orders),
		"foreign account": permission{principal: "arn:aws:iam::" + foreignAccount + ":root", action: "lambda:InvokeFunction"}.statement(orders),
		"organisation":    permission{principal: "*", action: "lambda:InvokeFunction", org: trustedOrg}.statement(orders),
	}
	for _, accounts := range []int{1, 100, 10_000} {
		q := prove.Question{Function: orders, Zone: zoneOf(accounts).Prepare()}
		for _, name := range slices.Sorted(maps.Keys(documents)) {
			doc := document(documents[name])
			b.Run(fmt.Sprintf("%s/%d", name, accounts), func(b *testing.B) { proofs(b, 1, func() { prove.Outside(doc, q) }) })
		}
	}
}

// BenchmarkKeeps asks who loses by changes as remediation makes them, beside
// zones of few and of very many accounts.
func BenchmarkKeeps(b *testing.B) {
	own, bucket := `"StringEquals":{"aws:SourceAccount":"111122223333"}`, `"ArnLike":{"aws:SourceArn":"`+ownBucket+`"}`
	call := func(principal, conditions string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"lambda:InvokeFunction","Resource":"` + orders + `","Condition":{` + conditions + `}}`
	}
	partner, s3 := permission{principal: trustedAccount, action: "lambda:InvokeFunction"}.statement(orders), `{"Service":"s3.amazonaws.com"}`
	changes := map[string]change{
		"a stranger goes":  {before: document(partner, permission{principal: foreignAccount, action: "lambda:InvokeFunction"}.statement(orders)), after: document(partner)},
		"a bucket, pinned": {before: document(call(s3, bucket)), after: document(call(s3, bucket+","+own))},
		"an organisation":  {before: document(call(`"*"`, `"StringEquals":{"aws:PrincipalOrgID":["`+trustedOrg+`","`+foreignOrg+`"]}`)), after: document(call(`"*"`, `"StringEquals":{"aws:PrincipalOrgID":"`+trustedOrg+`"}`))},
		"everybody": {before: document(call(`"*"`, "")), after: document(
			call(`{"AWS":["111122223333","`+trustedAccount+`"],"Service":["`+strings.Join(prove.OwnServices("us-east-1"), `","`)+`"]}`, ""),
			call(`"*"`, `"StringEquals":{"aws:SourceAccount":["111122223333","`+trustedAccount+`"]}`),
			call(`"*"`, `"ArnLike":{"aws:SourceArn":["arn:aws:*:*:111122223333:*","arn:aws:*:*:`+trustedAccount+`:*"]}`),
			call(`"*"`, `"StringEquals":{"aws:PrincipalOrgID":"`+trustedOrg+`"}`),
			call(`"*"`, `"StringEquals":{"aws:SourceOrgID":"`+trustedOrg+`"}`),
			call(`"*"`, `"ForAnyValue:StringLike":{"aws:SourceOrgPaths":"`+trustedOrg+`/*"}`))},
	}
	for _, accounts := range []int{1, 10_000} {
		q := prove.Question{Function: orders, Organization: trustedOrg, Zone: zoneOf(accounts).Prepare()}
		for _, name := range slices.Sorted(maps.Keys(changes)) {
			c := changes[name]
			b.Run(fmt.Sprintf("%s/%d", name, accounts), func(b *testing.B) { proofs(b, 1, func() { prove.Keeps(c.before, c.after, q) }) })
		}
	}
}

// zoneOf is an organisation and so many accounts.
func zoneOf(accounts int) prove.Zone {
	zone := simpleZone()
	random := rand.New(rand.NewPCG(1, 1))
	for range accounts - 1 {
		zone.Accounts = append(zone.Accounts, fmt.Sprintf("%012d", random.Int64N(1e12)))
	}
	return zone
}
