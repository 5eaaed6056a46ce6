package policy

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What a service returned and Parse refuses, as it is read: the notes, then the
// canonical form, in which a Deny that never applies exempts everybody.
func TestStored(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/stored.txtar", func(in []byte) string {
		d, notes, err := ParseStored(in)
		if err != nil {
			var e *SyntaxError
			if !errors.As(err, &e) || d != nil || notes != nil {
				t.Errorf("%v, %v, %q", err, d, notes)
			}
			return "error: " + err.Error()
		}
		if _, strict := Parse(in); (strict == nil) != (len(notes) == 0) {
			t.Errorf("%s: read strictly: %v; notes: %q", in, strict, notes)
		}
		lines := append([]string{}, notes...)
		for _, s := range d.Statements {
			b, err := (Document{Statements: []Statement{s}}).MarshalJSON()
			if err != nil {
				t.Error(err)
			}
			lines = append(lines, strings.TrimSuffix(strings.TrimPrefix(string(b), `{"Statement":[`), `]}`))
		}
		return strings.Join(lines, "\n")
	})
}

func TestStoredKeepsVersionAndID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Document{
		`{"Version": "2012-10-17", "Id": "i", "Stray": 1, "Statement": []}`:                {Version: Version2012, ID: "i"},
		`{"Version": "2008-10-17", "Id": "i", "Id": "j", "Statement": []}`:                 {Version: Version2008, ID: "i"},
		`{"Version": "2012-10-17", "Version": "2012-10-17", "Id": 5, "Statement": []}`:     {Version: Version2012},
		`{"Version": "2012-10-17", "Version": "2008-10-17", "Id": "i", "Statement": []}`:   {ID: "i"},
		`{"Version": "2012-10-18", "Statement": []}`:                                       {},
		`{"Version": ["2012-10-17"], "Version": "2012-10-17", "Id": "i", "Statement": []}`: {ID: "i"},
		`{"Stray": 1, "Statement": []}`:                                                    {},
		`{"version": "2012-10-17", "Statement": []}`:                                       {},
		`{"Version": "2012-10-17", "VERSION": "2012-10-17", "Statement": []}`:              {},
	} {
		d, notes, err := ParseStored([]byte(in))
		if err != nil || len(notes) == 0 || d.Version != want.Version || d.ID != want.ID || len(d.Statements) != 0 {
			t.Errorf("%s: %+v, %q, %v", in, d, notes, err)
		}
	}
}

func TestStoredReadsWhatIsGrammaticalStrictly(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		d, notes, err := ParseStored(e.text())
		if err != nil {
			if !e.Malformed {
				t.Errorf("%s: %v", e.ID, err)
			}
			continue
		}
		if (len(notes) > 0) != e.Malformed {
			t.Errorf("%s: notes %q", e.ID, notes)
		}
		if len(d.Statements) == 0 {
			t.Errorf("%s: no statement", e.ID)
		}
	}
}

// A breakage changes a document so that Parse refuses it.
type breakage struct {
	adds   bool // only adds what cannot be read: the document before is one reading of it
	breaks bool // leaves the statement without a meaning of its own
	do     func(doc, statement map[string]any)
}

func faults() []breakage {
	type m = map[string]any
	return []breakage{
		{true, true, func(_, s m) { s["FunctionUrlAuthType"] = "NONE" }},
		{true, false, func(d, _ m) { d["Comment"] = "x" }},
		{true, false, func(_, s m) { s["Sid"] = 7 }},
		{true, false, func(d, _ m) { d["Version"] = "2020-01-01" }},
		{true, false, func(d, _ m) { d["Statement"] = append(d["Statement"].([]any), "x") }},
		{false, true, func(_, s m) { delete(s, "Action"); delete(s, "NotAction") }},
		{false, true, func(_, s m) { s["Action"], s["NotAction"] = "*", "*" }},
		{false, true, func(_, s m) { delete(s, "Resource"); delete(s, "NotResource") }},
		{false, true, func(_, s m) { delete(s, "Principal"); delete(s, "NotPrincipal") }},
		{false, true, func(_, s m) { delete(s, "Principal"); s["NotPrincipal"] = m{"Federated": "x"} }},
		{false, true, func(_, s m) { delete(s, "NotPrincipal"); s["Principal"] = []any{} }},
		{false, true, func(_, s m) { delete(s, "NotAction"); s["Action"] = []any{nil} }},
		{false, true, func(_, s m) { s["Condition"] = "x" }},
		{false, true, func(_, s m) { s["Condition"] = m{"StringMatches": m{"k": "v"}} }},
		{false, true, func(_, s m) { s["Condition"] = m{"StringEquals": m{"k": nil}} }},
	}
}

func TestStoredAllowsNoLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, r := documents().Draw(t, "document"), requests().Draw(t, "request")
		var tree map[string]any
		if err := json.Unmarshal(must(d.MarshalJSON()), &tree); err != nil {
			t.Fatal(err)
		}
		all := tree["Statement"].([]any)
		i := rapid.IntRange(0, len(all)-1).Draw(t, "statement")
		fault := rapid.SampledFrom(faults()).Draw(t, "fault")
		fault.do(tree, all[i].(map[string]any))
		text, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		stored, notes, err := ParseStored(text)
		if err != nil || len(notes) == 0 {
			t.Fatalf("%s: %q, %v", text, notes, err)
		}
		after := Evaluate(stored, r).Outcome
		if fault.adds && Evaluate(d, r).Outcome == Allowed && after != Allowed {
			t.Fatalf("%s\nwas allowed, is %s", text, after)
		}
		others := *d
		others.Statements = slices.Delete(slices.Clone(d.Statements), i, i+1)
		if fault.breaks && d.Statements[i].Effect == Deny && Evaluate(&others, r).Outcome != after {
			t.Fatalf("%s\nthe broken Deny still counts: %s", text, after)
		}
		if fault.breaks && d.Statements[i].Effect == Allow && Evaluate(&others, r).Outcome == Allowed && after != Allowed {
			t.Fatalf("%s\nthe broken Allow takes away: %s", text, after)
		}
		again, err := Parse(must(stored.MarshalJSON()))
		if err != nil || Evaluate(again, r) != Evaluate(stored, r) {
			t.Fatalf("%s\nprinted and read again: %v", stored, err)
		}
	})
}

// A member that stands twice is read so that both the first and the last of
// them would allow no more.
func TestStoredDuplicates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one, two := documents().Draw(t, "one"), documents().Draw(t, "two")
		r := requests().Draw(t, "request")
		two.Version = one.Version
		first, second := members(t, one), members(t, two)
		name := rapid.SampledFrom([]string{"Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}).Draw(t, "name")
		readings := []string{objectText(first, nil, ""), objectText(first, second, name)}
		doubled := strings.TrimSuffix(objectText(first, nil, ""), "}") + "," + strings.TrimPrefix(objectText(named(second, name), nil, ""), "{")
		if len(named(second, name)) == 0 || len(named(first, name)) == 0 {
			return
		}
		wrap := func(s string) []byte {
			return []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},` + s + `]}`)
		}
		stored, notes, err := ParseStored(wrap(doubled))
		if err != nil || len(notes) == 0 {
			t.Fatalf("%s: %q, %v", doubled, notes, err)
		}
		for _, reading := range readings {
			d, err := Parse(wrap(reading))
			if err != nil {
				t.Fatalf("%s: %v", reading, err)
			}
			if Evaluate(d, r).Outcome == Allowed && Evaluate(stored, r).Outcome != Allowed {
				t.Fatalf("%s\nallows, and is denied as\n%s", reading, doubled)
			}
			s := d.Statements[1]
			if s.Effect == Allow && s.AppliesTo(d, r) && stored.Statements[1].Effect == Allow && !stored.Statements[1].AppliesTo(stored, r) {
				t.Fatalf("%s\napplies, and does not as\n%s", reading, doubled)
			}
		}
	})
}

type textMember struct{ name, value string }

// members are the members of a document's first statement.
func members(t *rapid.T, d *Document) []textMember {
	var all []textMember
	for _, m := range d.Statements[0].tree() {
		b, err := unescaped(m.value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, textMember{m.name, string(b)})
	}
	return all
}

func named(all []textMember, name string) []textMember {
	var some []textMember
	for _, m := range all {
		if m.name == name {
			some = append(some, m)
		}
	}
	return some
}

// objectText writes an object, the named member taken from other.
func objectText(all, other []textMember, name string) string {
	var parts []string
	for _, m := range all {
		if m.name == name {
			if from := named(other, name); len(from) > 0 {
				m = from[0]
			}
		}
		parts = append(parts, `"`+m.name+`":`+m.value)
	}
	return "{" + strings.Join(parts, ",") + "}"
}
