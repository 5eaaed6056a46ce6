package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/plan"
	"surety/internal/resource"
)

func sealed(t *testing.T) (*plan.Plan, []byte) {
	t.Helper()
	p := &plan.Plan{
		Schema: plan.Schema, ID: "20261122-0001", Created: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Account: "123412341234",
		Steps: []plan.Step{{
			Action: "lambda-policy", Resource: "arn:aws:lambda:us-east-1:123412341234:function:f", Before: json.RawMessage(`"{\"Statement\":[]} <&>"`),
			After: json.RawMessage(`null`), Guard: "g1", Permission: "lambda:PutResourcePolicy", Reversible: true, Group: "f",
		}},
	}
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	text, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return p, text
}

func TestPlanSurvivesItsFile(t *testing.T) {
	p, text := sealed(t)
	got, err := plan.Decode(append(text, '\n'))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p, got); d != "" {
		t.Error(d)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Decode(indented.Bytes()); err != nil {
		t.Errorf("white space is no change: %v", err)
	}
}

// Whatever is changed in a plan, a member that this program does not know
// included, it is no longer the plan that was seen.
func TestChangedPlanIsRefused(t *testing.T) {
	_, text := sealed(t)
	for _, c := range [][2]string{
		{`null`, `"x"`}, {`"guard":"g1"`, `"guard":""`}, {`123412341234"`, `123412341235"`}, {`"reversible":true`, `"reversible":false`},
		{`"schema":1`, `"schema":1,"more":true`}, {`"group":"f"`, `"group":"f","also":1`},
	} {
		changed := strings.Replace(string(text), c[0], c[1], 1)
		if changed == string(text) {
			t.Fatalf("%q is not in the plan", c[0])
		}
		if _, err := plan.Decode([]byte(changed)); !errors.Is(err, plan.ErrChanged) {
			t.Errorf("%s for %s: %v, want that it was changed", c[1], c[0], err)
		}
	}
}

func TestWhatIsNoPlan(t *testing.T) {
	_, text := sealed(t)
	for text, want := range map[string]string{
		"":                       "no JSON of a plan",
		"[]":                     "no JSON of a plan",
		`{"schema":2}`:           "schema 2, and this program reads 1",
		`{}`:                     "schema 0",
		string(text) + "{}":      "",
		string(text[:20]):        "no JSON of a plan",
		`{"schema":1,"steps":3}`: "reading the plan",
	} {
		if _, err := plan.Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %q", text, err, want)
		}
	}
	bad := &plan.Plan{Schema: plan.Schema, ID: "../up"}
	if err := bad.Seal(); err != nil {
		t.Fatal(err)
	}
	text, _ = bad.Encode()
	if _, err := plan.Decode(text); err == nil || !strings.Contains(err.Error(), "id") {
		t.Errorf("an id that is a path: %v", err)
	}
}

// A step on another account's resource is not the plan's to do: calls name
// functions without their account, so it would hit one of the same name.
func TestStepElsewhere(t *testing.T) {
	for id, want := range map[string]bool{
		"arn:aws:lambda:us-east-1:123412341234:function:f": true, "arn:aws:iam::123412341234:role/surety/f": true, "r": true,
		"arn:aws:lambda:us-east-1:999988887777:function:f": false, "arn:aws-us-gov:iam::999988887777:role/f": false,
	} {
		p := &plan.Plan{Schema: plan.Schema, ID: "p", Account: "123412341234", Steps: []plan.Step{{Action: "a", Resource: resource.ID(id), Group: "g", Before: []byte("1"), After: []byte("2")}}}
		if err := p.Seal(); err != nil {
			t.Fatal(err)
		}
		text, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Decode(text); (err == nil) != want || err != nil && !strings.Contains(err.Error(), `step 1 is on a resource of "999988887777"`) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schema":1,"id":"a","steps":[{}],"digest":""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, err := plan.Decode(text); err == nil && p.Digest == "" {
			t.Error("a plan without a digest was read")
		}
	})
}
