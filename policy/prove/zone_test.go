package prove_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// Whoever lists whole runs of accounts trusts every account of a run: patterns
// and numbers over the run are closed, and open as soon as one is left out.
func TestRunsOfAccountsAgreeWithAList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SampledFrom([]string{"2222333344", "1111222233", "0000000000", "99998888777"}).Draw(t, "prefix")
		wild := 12 - len(prefix)
		var run []string
		for n := range [...]int{1, 10, 100}[wild] {
			run = append(run, fmt.Sprintf("%s%0*d", prefix, wild, n))
		}
		missing := rapid.IntRange(-1, len(run)-1).Draw(t, "missing") // -1: none
		zone := prove.Zone{Accounts: slices.Clone(run)}
		if missing >= 0 {
			zone.Accounts = slices.Delete(zone.Accounts, missing, missing+1)
		}
		zone.Accounts = append(zone.Accounts, "333344445555", "12", "not an account")
		if rapid.Bool().Draw(t, "prepared") {
			zone = zone.Prepare()
		}
		want := prove.Pass
		if missing >= 0 && run[missing] != "111122223333" { // the owner needs no list
			want = prove.Fail
		}
		condition := rapid.SampledFrom([]string{
			`"StringLike":{"aws:PrincipalAccount":"` + prefix + strings.Repeat("?", wild) + `"}`,
			`"StringLike":{"aws:PrincipalAccount":"` + prefix + `*"}`,
			`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::` + prefix + `*:role/*"}`,
			`"NumericGreaterThanEquals":{"aws:PrincipalAccount":"` + run[0] + `"},"NumericLessThanEquals":{"aws:PrincipalAccount":"` + run[len(run)-1] + `"}`,
		}).Draw(t, "condition")
		doc := document(`{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*","Condition":{` + condition + `}}`)
		q := prove.Question{Function: orders, Zone: zone}
		got := prove.Outside(doc, q)
		if got.Verdict != want {
			t.Fatalf("%s (%s), want %s", got.Verdict, got.Why, want)
		}
		if want == prove.Fail {
			if got.Witness.Caller.Account != run[missing] {
				t.Fatalf("%s is the witness, and %s is not listed", got.Witness.Caller.Account, run[missing])
			}
			if err := newSpace(doc, q).witnessed(got); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A prepared zone answers as the same lists do, also many proofs at once.
func TestAPreparedZoneAnswersAlike(t *testing.T) {
	t.Parallel()
	documents := anyDocument()
	var wait sync.WaitGroup
	for i := range 60 / stride {
		a := documents.Example(i)
		prepared := a.q
		prepared.Zone = a.q.Zone.Prepare()
		want := recount("", a.doc, a.q)
		for range 2 {
			wait.Go(func() {
				if got := recount("", a.doc, prepared); got != want {
					t.Errorf("was %s\nis %s\n%s", want, got, a)
				}
			})
		}
	}
	wait.Wait()
}

// A list that is exchanged after Prepare counts, the old one no more.
func TestAnExchangedListIsNoticed(t *testing.T) {
	zone := prove.Zone{Accounts: []string{foreignAccount}, Principals: []string{"arn:aws:iam::" + foreignAccount + ":role/partner"}}.Prepare()
	doc := document(permission{principal: "arn:aws:iam::" + foreignAccount + ":root", action: "lambda:InvokeFunction"}.statement(orders))
	for _, c := range []struct {
		name string
		zone func(prove.Zone) prove.Zone
		want prove.Verdict
	}{
		{"as it was", func(z prove.Zone) prove.Zone { return z }, prove.Pass},
		{"emptied", func(z prove.Zone) prove.Zone { z.Accounts = nil; return z }, prove.Fail},
		{"another", func(z prove.Zone) prove.Zone { z.Accounts = []string{trustedAccount}; return z }, prove.Fail},
		{"longer", func(z prove.Zone) prove.Zone { z.Accounts = append(z.Accounts, trustedAccount); return z }, prove.Pass},
		{"another list changed", func(z prove.Zone) prove.Zone { z.Principals = nil; return z }, prove.Pass},
	} {
		zone := c.zone(zone)
		if got := prove.Outside(doc, prove.Question{Function: orders, Zone: zone}); got.Verdict != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Verdict, got.Why, c.want)
		}
		if listed := zone.Trusts(foreignAccount); listed != (c.want == prove.Pass) {
			t.Errorf("%s: listed is %v", c.name, listed)
		}
	}
}

// An address that is compared as text, beside a trusted network, is decided as a
// list of addresses says.
func TestAddressesAsTextBesideANetwork(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		network := netip.MustParsePrefix(rapid.SampledFrom([]string{"203.0.113.0/25", "203.0.113.8/31", "203.0.113.128/29", "203.0.113.9/32", "203.0.112.0/21", "203.0.113.9/24", "192.0.0.0/3", "0.0.0.0/0"}).Draw(t, "network"))
		allow := rapid.SampledFrom([]string{"203.0.113.*0", "203.0.113.13?", "203.0.113.9", "203.0.113.1*", "203.0.113.8", "203.0.113.*"}).Draw(t, "allow")
		deny := rapid.SampledFrom([]string{"", "203.0.113.0", "203.0.113.1?0", "203.0.113.9", "203.0.113.136"}).Draw(t, "deny")
		statements := []string{byAddress("Allow", allow)}
		if deny != "" {
			statements = append(statements, byAddress("Deny", deny))
		}
		before, after := document(statements...), document(byAddress("Allow", "203.0.113.*3"), byAddress("Deny", "203.0.113.13"))
		c := change{before, after, prove.Question{Function: orders, Zone: prove.Zone{Networks: prove.Networks{CIDRs: []string{network.String()}}}}}
		r := policy.Request{Caller: policy.Caller{Type: policy.IAMCaller, Account: foreignAccount, ARN: "arn:aws:iam::" + foreignAccount + ":root"}, Action: "lambda:InvokeFunction", Resource: orders}
		open, lost := false, false
		for i := range 256 {
			address := netip.AddrFrom4([4]byte{203, 0, 113, byte(i)})
			r.Context = policy.Context{"aws:sourceip": policy.Text(address.String())}
			in := policy.Evaluate(before, r).Outcome == policy.Allowed
			open = open || in && !network.Contains(address)
			lost = lost || in && network.Contains(address) && policy.Evaluate(after, r).Outcome != policy.Allowed
		}
		outside, keeps := prove.Outside(before, c.q), prove.Keeps(before, after, c.q)
		if want := map[bool]prove.Verdict{false: prove.Pass, true: prove.Fail}[open]; outside.Verdict != want {
			t.Fatalf("%s (%s), want %s\n%s", outside.Verdict, outside.Why, want, c)
		}
		if want := map[bool]prove.Verdict{false: prove.Kept, true: prove.Lost}[lost]; keeps.Verdict != want {
			t.Fatalf("%s (%s), want %s\n%s", keeps.Verdict, keeps.Why, want, c)
		}
		if keeps.Verdict == prove.Lost {
			if err := c.refuted(keeps); err != nil {
				t.Fatalf("%v\n%s", err, c)
			}
		}
	})
}

func byAddress(effect, address string) string {
	return `{"Effect":"` + effect + `","Principal":{"AWS":"` + foreignAccount + `"},"Action":"lambda:*","Resource":"*","Condition":{"StringLike":{"aws:SourceIp":"` + address + `"}}}`
}
