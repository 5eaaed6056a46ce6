package check_test

import (
	"encoding/json"
	"strings"
	"testing"

	"surety/internal/check"
)

// TestID: printf 'Lambda-002\narn:aws:lambda:us-east-1:123412341234:function:f' | sha256sum
func TestID(t *testing.T) {
	const want = "1dca964167a8cb591fb59ac67cd81ed6"
	if got := check.ID("Lambda-002", "arn:aws:lambda:us-east-1:123412341234:function:f"); got != want {
		t.Errorf("id %s, want %s", got, want)
	}
}

func TestBaseline(t *testing.T) {
	const (
		grant   = `{"kind":"foreign-account","door":"direct","qualifier":"","statement":0,"sid":"a","principal":"999988887777","action":"lambda:InvokeFunction","dormant":false,"witness":{}}`
		moved   = `{"kind":"foreign-account","door":"direct","qualifier":"","statement":7,"sid":"a","principal":"999988887777","action":"lambda:InvokeFunction","dormant":false,"witness":{"action":"x"}}`
		other   = `{"kind":"foreign-account","door":"direct","qualifier":"","statement":0,"sid":"a","principal":"888877776666","action":"lambda:InvokeFunction","dormant":false}`
		alias   = `{"kind":"foreign-account","door":"direct","qualifier":"prod","statement":0,"sid":"a","principal":"999988887777","action":"lambda:InvokeFunction","dormant":false}`
		renamed = `{"kind":"foreign-account","door":"direct","qualifier":"","statement":0,"sid":"b","principal":"999988887777","action":"lambda:InvokeFunction","dormant":false}`
		asleep  = `{"kind":"foreign-account","door":"direct","qualifier":"","statement":0,"sid":"a","principal":"999988887777","action":"lambda:InvokeFunction","dormant":true}`
	)
	grants := func(list string) string { return `{"grants":[` + list + `],"notes":[]}` }
	digested := func(digest string) string { return strings.TrimSuffix(grant, "}") + `,"digest":"` + digest + `"}` }
	role := func(arn, functions string) string {
		return `{"roles":[{"arn":"` + arn + `","functions":[` + functions + `],"power":"limited"}]}`
	}
	const f, g, g3 = `{"function":"f","qualifiers":["$LATEST"]}`, `{"function":"g","qualifiers":["$LATEST"]}`, `{"function":"g","qualifiers":["3"]}`
	for _, c := range []struct {
		name, before, now string
		want              bool
	}{
		{"the same", grants(grant), grants(grant), false},
		{"moved in the document, with another witness", grants(grant), grants(moved), false},
		{"one less", grants(grant + "," + other), grants(grant), false},
		{"another account", grants(grant), grants(grant + "," + other), true},
		{"another qualifier", grants(grant), grants(alias), true},
		{"another statement", grants(grant), grants(renamed), true},
		{"one more of the same", grants(grant), grants(grant + "," + moved), true},
		{"another statement under the same Sid", grants(digested("1f")), grants(digested("2e")), true},
		{"the same statement", grants(digested("1f")), grants(digested("1f")), false},
		{"two copies, one of which was changed", grants(digested("1f") + "," + digested("1f")), grants(digested("1f") + "," + digested("2e")), true},
		{"a baseline of a program that writes no digests", grants(grant), grants(digested("1f")), false},
		{"the same, and one more", grants(grant), grants(digested("1f") + "," + digested("2e")), true},
		{"fell asleep", grants(grant), grants(asleep), false},
		{"woke up", grants(asleep), grants(grant), true},
		{"the same role", role("r", f+","+g), role("r", f+","+g), false},
		{"the role's name in other letters", role("R", f+","+g), role("r", g+","+f), false},
		{"another version of a function that shared", role("r", f+","+g), role("r", f+","+g3), false},
		{"one function less", role("r", f+","+g), role("r", f), false},
		{"one function more", role("r", f), role("r", f+","+g), true},
		{"another role", role("r", f), role("s", f), true},
		{"evidence of a shape not known", `{"x":1}`, `{"x":2}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b check.Baseline
			b.Add(&check.Check{ID: "1", Status: check.Fail, Evidence: json.RawMessage(c.before)})
			if got := b.New(&check.Check{ID: "1", Status: check.Fail, Evidence: json.RawMessage(c.now)}); got != c.want {
				t.Errorf("new: %t, want %t", got, c.want)
			}
		})
	}
	var b check.Baseline
	failing := &check.Check{ID: "1", Status: check.Fail, Evidence: json.RawMessage("{}")}
	if !b.New(failing) {
		t.Error("everything is new beside nothing")
	}
	b.Add(&check.Check{ID: "1", Status: check.Unknown, Evidence: json.RawMessage("{}")})
	if !b.New(failing) {
		t.Error("what was unknown and fails now is new")
	}
	b.Add(failing)
	if b.New(failing) || b.New(&check.Check{ID: "2", Status: check.Pass}) {
		t.Error("what failed before is not new, nor is a pass")
	}
}
