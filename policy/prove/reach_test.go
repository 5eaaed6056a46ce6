package prove_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"surety/policy"
	"surety/policy/prove"
)

// reached counts what the drawn documents and questions hold.
type reached map[string]int

func (r reached) look(a asked) {
	r["partition "+strings.Split(a.q.Function, ":")[1]]++
	r["version "+string(a.doc.Version)]++
	z := a.q.Zone
	for what, yes := range map[string]bool{"zone accounts": z.Accounts != nil, "zone organisations": z.Organizations != nil, "zone units": z.Units != nil, "zone principals": z.Principals != nil,
		"zone services": z.Services != nil, "zone networks": z.Networks.CIDRs != nil, "qualifier": a.q.Qualifier != "", "now": !a.q.Now.IsZero(), "organisation": a.q.Organization != ""} {
		if yes {
			r[what]++
		}
	}
	for _, st := range a.doc.Statements {
		effect := st.Effect.String() + " "
		r[effect]++
		for what, yes := range map[string]bool{"NotPrincipal": st.Principals.Negated, "NotAction": st.Actions.Negated, "NotResource": st.Resources.Negated} {
			if yes {
				r[effect+what]++
			}
		}
		for _, e := range st.Principals.Entries {
			r["principal "+[...]string{"", "everyone", "every AWS", "account", "ARN", "unique id", "service"}[e.Kind]]++
		}
		for _, c := range st.Conditions {
			o := c.Operator
			bare := policy.Operator{Comparison: o.Comparison, Negated: o.Negated, Equals: o.Equals}
			r[effect+bare.String()]++
			r["key "+c.Key]++
			if o.Comparison != policy.Null {
				r[effect+[...]string{"no set", "ForAnyValue", "ForAllValues"}[o.Set]]++
			}
			if o.IfExists {
				r[effect+"IfExists"]++
			}
			for _, v := range c.Values {
				switch {
				case strings.Contains(v, "${") && strings.Contains(v, "'"):
					r["variable with default"]++
				case strings.Contains(v, "${*}"):
					r["escape"]++
				case strings.Contains(v, "${"):
					r["variable"]++
				}
				if strings.ContainsAny(v, "*") {
					r["star"]++
				}
				if strings.ContainsAny(v, "?") {
					r["question mark"]++
				}
			}
		}
	}
}

// The drawn documents reach every operator and every shape, and are not all of
// one verdict. The seeds are fixed, so this counts the same each time.
func TestDrawnDocumentsReachEverything(t *testing.T) {
	t.Parallel()
	r := reached{}
	documents, knots := anyDocument(), knotted()
	for i := range 1500 {
		r.look(documents.Example(i))
		r.look(knots.Example(i))
	}
	want := []string{"partition aws", "partition aws-cn", "partition aws-us-gov", "version ", "version 2008-10-17", "version 2012-10-17", "zone accounts", "zone organisations", "zone units", "zone principals",
		"zone services", "zone networks", "qualifier", "now", "organisation", "principal everyone", "principal every AWS", "principal account", "principal ARN", "principal unique id", "principal service",
		"variable", "variable with default", "escape", "star", "question mark"}
	for _, effect := range []string{"Allow ", "Deny "} {
		for _, what := range []string{"NotPrincipal", "NotAction", "NotResource", "no set", "ForAnyValue", "ForAllValues", "IfExists",
			"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike",
			"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
			"DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"} {
			want = append(want, effect+what)
		}
	}
	for _, k := range (setting{"aws", "us-east-1"}).keys() {
		want = append(want, "key "+k.key)
	}
	for _, what := range want {
		if r[what] < 3 {
			t.Errorf("%q is reached %d times", what, r[what])
		}
	}
	t.Log(len(r), "shapes:", slices.Sorted(maps.Keys(r)))
}

// Allowed and untrusted requests are drawn where there are some: beside most
// FAILs stands one, so that a PASS in its place would have been noticed.
func TestDrawnRequestsFindWhatIsOpen(t *testing.T) {
	t.Parallel()
	count, shown := map[prove.Verdict]int{}, 0
	knots := knotted()
	for i := range 400 / stride {
		got, open, err := contradiction(knots.Example(i), uint64(i), 60)
		if err != nil {
			t.Fatal(err)
		}
		count[got.Verdict]++
		if got.Verdict == prove.Fail && open > 0 {
			shown++
		}
	}
	if count[prove.Fail]*5 < 400/stride || count[prove.Pass]*5 < 400/stride || count[prove.Undecided]*5 > 400/stride || shown*4 < count[prove.Fail]*3 {
		t.Errorf("%v, %d of the FAILs also found by drawing", count, shown)
	}
	t.Logf("%v, %d of the FAILs also found by drawing", count, shown)
}
