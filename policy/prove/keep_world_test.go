package prove_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// changed draws what a document becomes: statements stay, go, or give way to
// narrower and to other ones, and a Deny may join them.
func changed(t *rapid.T, doc *policy.Document, other func(deny bool) policy.Statement) *policy.Document {
	after := &policy.Document{Version: doc.Version}
	if chance(t, "other version", 5) {
		after.Version = policy.Version2008
	}
	for _, st := range doc.Statements {
		switch rapid.IntRange(0, 6).Draw(t, "what becomes of it") {
		case 0, 1:
			after.Statements = append(after.Statements, st)
		case 2: // it goes
		case 3, 4, 5:
			for range rapid.IntRange(1, 2).Draw(t, "pieces") {
				after.Statements = append(after.Statements, piece(t, st, other(st.Effect == policy.Deny)))
			}
		case 6:
			after.Statements = append(after.Statements, other(chance(t, "deny", 30)))
		}
	}
	if chance(t, "new deny", 25) {
		after.Statements = append(after.Statements, other(true))
	}
	return written(after)
}

// piece is a statement with something of another in it.
func piece(t *rapid.T, st, other policy.Statement) policy.Statement {
	if chance(t, "principals", 40) {
		st.Principals = other.Principals
	}
	if chance(t, "actions", 15) {
		st.Actions = other.Actions
	}
	if chance(t, "resources", 15) {
		st.Resources = other.Resources
	}
	conditions := slices.Clone(st.Conditions)
	if len(conditions) > 0 && chance(t, "fewer values", 40) {
		i := rapid.IntRange(0, len(conditions)-1).Draw(t, "condition")
		conditions[i].Values = conditions[i].Values[:1]
	}
	for _, c := range other.Conditions {
		if !slices.ContainsFunc(conditions, func(o policy.Condition) bool { return o.Operator == c.Operator }) {
			conditions = append(conditions, c)
		}
	}
	st.Conditions = conditions
	return st
}

func smallChange() *rapid.Generator[change] {
	return rapid.Custom(func(t *rapid.T) change {
		keys := some(t, "keys", 1, 2, slices.DeleteFunc(worldKeys(), func(k keyed) bool { return k.key == "custom:Key" })...) // it has too many values
		doc := &policy.Document{Version: policy.Version2012}
		for i := range rapid.IntRange(1, 3).Draw(t, "statements") {
			doc.Statements = append(doc.Statements, worldStatement(t, keys, i > 0 && chance(t, "deny", 30)))
		}
		c := change{before: written(doc), q: worldQuestion(t)}
		c.after = changed(t, c.before, func(deny bool) policy.Statement { return worldStatement(t, keys, deny) })
		if chance(t, "owner's organisation", 30) {
			c.q.Organization = rapid.SampledFrom([]string{trustedOrg, foreignOrg}).Draw(t, "organisation")
		}
		return c
	})
}

// A change that takes a request from somebody trusted is found, and none is
// found where there is none: all requests of a small world are listed.
func TestKeepsAgreesWithAListOfAllRequests(t *testing.T) {
	t.Parallel()
	count := map[prove.Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		c := smallChange().Draw(t, "change")
		s := c.telling()
		want, found := prove.Kept, policy.Request{}
		s.everyRequest(func(r policy.Request, _ source) bool {
			if c.lost(s, r) && s.contains(r) == nil {
				want, found = prove.Lost, r
				return false
			}
			return true
		})
		got := prove.Keeps(c.before, c.after, c.q)
		if got.Verdict != want {
			w, _ := json.Marshal(found)
			t.Fatalf("%s (%s), want %s\n%s\n%s", got.Verdict, got.Why, want, c, w)
		}
		if got.Verdict == prove.Lost {
			if err := c.refuted(got); err != nil {
				w, _ := json.Marshal(got.Witness)
				t.Fatalf("%v\n%s\n%s", err, c, w)
			}
		}
		count[got.Verdict]++
	})
	if count[prove.Kept] < 10 || count[prove.Lost] < 10 {
		t.Errorf("%v: one of the two is hardly seen", count)
	}
	t.Log(count)
}
