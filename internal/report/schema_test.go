package report_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/report"
	"surety/internal/resource"
)

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := report.Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name+".json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func valid(t *testing.T, s *jsonschema.Schema, line string) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchemas(t *testing.T) {
	for _, name := range report.Schemas() {
		compile(t, name)
	}
	if _, err := report.Schema("weather"); err == nil {
		t.Error("there is no schema of the weather")
	}
}

// TestEventSchema holds every event that the sink writes to the schema, and the
// schema to what it promises.
func TestEventSchema(t *testing.T) {
	s := compile(t, "events")
	for line := range strings.Lines(written(t, story())) {
		if err := valid(t, s, line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	whole := `{"check":{"id":"0123456789abcdef0123456789abcdef","rule":"r","name":"n","status":"STATUS","risk":"low","resource":"x","type":"t","account":"123412341234","region":"","message":"m","evidence":{}GAPS}}`
	gaps := `,"gaps":[{"facet":"f","qualifier":"","code":"c","reason":"r"}]`
	for _, c := range []struct {
		status, gaps string
		good         bool
	}{
		{"pass", "", true}, {"unknown", gaps, true}, {"unknown", "", false},
		{"pass", gaps, false}, {"unknown", `,"gaps":[]`, false}, {"maybe", "", false},
	} {
		line := strings.NewReplacer("STATUS", c.status, "GAPS", c.gaps).Replace(whole)
		if err := valid(t, s, line); (err == nil) != c.good {
			t.Errorf("%s: %v", line, err)
		}
	}
	for _, bad := range []string{`{}`, `{"scan":{},"end":{}}`, `{"end":{}}`} {
		if valid(t, s, bad) == nil {
			t.Errorf("%s is no event", bad)
		}
	}
}

// TestSchemaMembers: the schema and the Go types name the same members.
func TestSchemaMembers(t *testing.T) {
	for _, c := range []struct {
		schema string
		path   []string
		value  any
	}{
		{"events", nil, report.Event{}},
		{"events", []string{"scan"}, report.Scan{}},
		{"events", []string{"resource"}, resource.Ref{}},
		{"events", []string{"check"}, check.Check{}},
		{"events", []string{"gap"}, report.Gap{}},
		{"events", []string{"ledger"}, report.Ledger{}},
		{"events", []string{"end"}, report.End{}},
		{"events", []string{"end", "counts"}, report.Counts{}},
		{"snapshot", []string{"snapshot"}, inventory.Header{}},
		{"snapshot", []string{"gap"}, resource.Gap{}},
		{"snapshot", []string{"end"}, inventory.Footer{}},
	} {
		text, err := report.Schema(c.schema)
		if err != nil {
			t.Fatal(err)
		}
		var node struct {
			Properties map[string]json.RawMessage `json:"properties"`
		}
		raw := json.RawMessage(text)
		for _, p := range append([]string{""}, c.path...) {
			if p != "" {
				raw = node.Properties[p]
			}
			node.Properties = nil
			if err := json.Unmarshal(raw, &node); err != nil {
				t.Fatal(err)
			}
		}
		var inSchema []string
		for name := range node.Properties {
			inSchema = append(inSchema, name)
		}
		slices.Sort(inSchema)
		if diff := cmp.Diff(inSchema, fields(reflect.TypeOf(c.value))); diff != "" {
			t.Errorf("%s %v (-schema +type):\n%s", c.schema, c.path, diff)
		}
	}
}

func fields(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			names = append(names, fields(f.Type)...)
			continue
		}
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestPlanSchema holds the schema to an example in the shape that remediation
// promises.
func TestPlanSchema(t *testing.T) {
	s := compile(t, "plan")
	if err := valid(t, s, `{"schema":1,"id":"p","created":"2026-11-22T00:31:07Z","account":"123412341234","steps":[{"action":"lambda-revoke-grant","resource":"arn","qualifier":"prod","before":{"a":1},"after":null,"guard":"r","permission":"lambda:RemovePermission","reversible":true}],"digest":"d"}`); err != nil {
		t.Error(err)
	}
	if valid(t, s, `{"schema":1}`) == nil {
		t.Error("a plan without steps is no plan")
	}
}
