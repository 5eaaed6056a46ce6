package rules

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/report"
	"surety/internal/resource"
	"surety/services/iam"
	"surety/services/lambda"
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
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, lines string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestSnapshotSchema writes a function and a role in which every member says
// something, and holds the file to the schema.
func TestSnapshotSchema(t *testing.T) {
	s := inventory.New(inventory.Header{Schema: 1, ID: "s", Started: time.Unix(0, 0).UTC(), Account: owner, Qualifiers: "all", Regions: []resource.Region{"r"}})
	fn, role := &lambda.Function{}, &iam.Role{}
	fill(reflect.ValueOf(fn).Elem())
	fill(reflect.ValueOf(role).Elem())
	fn.Account, role.Account = owner, owner
	s.Add(fn)
	s.Add(role)
	s.Add(&lambda.Function{Account: owner})
	s.AddGap(resource.Gap{Account: owner, Facet: lambda.FacetPolicy})
	s.Seal()
	var file bytes.Buffer
	if err := inventory.Encode(&file, s); err != nil {
		t.Fatal(err)
	}
	validate(t, compile(t, "snapshot"), file.String())
}

// fill sets everything that can be set, so that no omitempty hides a member.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(0, 0).UTC()))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"k": "v"}))
	}
}

// TestEvidenceSchema holds what both rules say of a whole account to the schema
// of events, and judging it to giving the same twice.
func TestEvidenceSchema(t *testing.T) {
	s := large(400)
	for _, r := range s.Of(lambda.FunctionType) {
		for i := range r.(*lambda.Function).Policies {
			r.(*lambda.Function).Policies[i].Recorded = time.Date(2026, 11, 20, 10, 15, 0, 0, time.UTC)
		}
	}
	write := func() string {
		var out bytes.Buffer
		sink := report.NewJSON(&out)
		err := judge.Run(context.Background(), judge.Case{Snapshot: s, Rules: All()}, func(r judge.Result) error {
			if err := sink.Event(report.Event{Resource: &r.Ref}); err != nil {
				return err
			}
			for i := range r.Checks {
				if err := sink.Event(report.Event{Check: &r.Checks[i]}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	first := write()
	if strings.Count(first, `"status":"fail"`) == 0 || strings.Count(first, `"as_of":[{`) == 0 {
		t.Error("nothing fails in an account that is open, or no verdict says as of when it is")
	}
	validate(t, compile(t, "events"), first)
	if first != write() {
		t.Error("the same account was judged differently")
	}
}
