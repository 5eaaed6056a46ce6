package policy

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// someText draws from texts that mean something in one place or another.
func someText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"*", "a", "A", "", "a*", "?", "${aws:username}", "${none}", "${none, 'a'}", "${*}", orders, orders + "*", "true", "false", "5", "5.0", "2026-11-22", "203.0.113.0/24", "203.0.113.9", "QQ==", role}),
		rapid.StringN(0, 5, -1),
	)
}

func principals() *rapid.Generator[Principals] {
	return rapid.Custom(func(t *rapid.T) Principals {
		p := Principals{Negated: rapid.Bool().Draw(t, "negated")}
		if rapid.Bool().Draw(t, "everyone") {
			p.Entries = []Principal{{Kind: Everyone, Text: "*"}}
			return p
		}
		aws := rapid.SampledFrom([]string{"*", "222233334444", "999988887777", "arn:aws:iam::222233334444:root", "arn:aws-cn:iam::222233334444:root", role, session, "AIDAQ3EGRRDQ7EXAMPLE2"})
		for _, text := range rapid.SliceOfN(aws, 1, 3).Draw(t, "aws") {
			one, _ := awsPrincipal(text)
			p.Entries = append(p.Entries, one)
		}
		for _, text := range rapid.SliceOfN(rapid.SampledFrom([]string{"s3.amazonaws.com", "sns.amazonaws.com"}), 0, 2).Draw(t, "services") {
			p.Entries = append(p.Entries, Principal{Kind: ServicePrincipal, Text: text})
		}
		return p
	})
}

func patterns(texts ...string) *rapid.Generator[Patterns] {
	return rapid.Custom(func(t *rapid.T) Patterns {
		some := rapid.OneOf(rapid.SampledFrom(texts), rapid.SampledFrom(texts), someText())
		return Patterns{Negated: rapid.IntRange(0, 3).Draw(t, "negated") == 0, Texts: rapid.SliceOfN(some, 1, 3).Draw(t, "texts")}
	})
}

// conditions draws some keys under some operators, in the order of a document.
func conditions() *rapid.Generator[[]Condition] {
	return rapid.Custom(func(t *rapid.T) []Condition {
		var all []Condition
		for _, o := range rapid.SliceOfNDistinct(operators(), 0, 3, rapid.ID).Draw(t, "operators") {
			for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "aws:Username"}), 1, 2, rapid.ID).Draw(t, "keys") {
				var values []string
				if n := rapid.SliceOfN(someText(), 0, 3).Draw(t, "values"); len(n) > 0 {
					values = n
				}
				all = append(all, Condition{Operator: o, Key: key, Values: values})
			}
		}
		return all
	})
}

func operators() *rapid.Generator[Operator] {
	return rapid.Custom(func(t *rapid.T) Operator {
		named := namedOperators()
		o := rapid.SampledFrom(named[:]).Draw(t, "operator").operator
		if o.Comparison != Null {
			o.Set = rapid.SampledFrom([]SetOperator{NoSet, NoSet, ForAnyValue, ForAllValues}).Draw(t, "set")
			o.IfExists = rapid.Bool().Draw(t, "ifExists")
		}
		return o
	})
}

func statements() *rapid.Generator[Statement] {
	return rapid.Custom(func(t *rapid.T) Statement {
		return Statement{
			Sid:        rapid.SampledFrom([]string{"", "s", "<&>"}).Draw(t, "sid"),
			Effect:     rapid.SampledFrom([]Effect{Allow, Deny}).Draw(t, "effect"),
			Principals: principals().Draw(t, "principals"),
			Actions:    patterns("*", "lambda:*", "lambda:InvokeFunction").Draw(t, "actions"),
			Resources:  patterns("*", orders, orders+"*").Draw(t, "resources"),
			Conditions: conditions().Draw(t, "conditions"),
		}
	})
}

func documents() *rapid.Generator[*Document] {
	return rapid.Custom(func(t *rapid.T) *Document {
		return &Document{
			Version:    rapid.SampledFrom([]Version{"", Version2008, Version2012, Version2012}).Draw(t, "version"),
			ID:         rapid.SampledFrom([]string{"", "default"}).Draw(t, "id"),
			Statements: rapid.SliceOfN(statements(), 1, 3).Draw(t, "statements"),
		}
	})
}

func TestPrintedDocumentsAreReadAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := documents().Draw(t, "document")
		for _, text := range []string{d.String(), string(must(d.MarshalJSON()))} {
			again, err := Parse([]byte(text))
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if !reflect.DeepEqual(again, d) {
				t.Fatalf("%s\nis %+v\nwant %+v", text, again, d)
			}
			stored, notes, err := ParseStored([]byte(text))
			if err != nil || len(notes) > 0 || !reflect.DeepEqual(stored, d) {
				t.Fatalf("%s\nstored is %+v, %q, %v", text, stored, notes, err)
			}
		}
	})
}

func must(b []byte, err error) []byte {
	if err != nil {
		return []byte(err.Error())
	}
	return b
}

// A Deny can only take away and an Allow only give.
func TestStatementsOnlyMoveOneWay(t *testing.T) {
	t.Parallel()
	rank := map[Outcome]int{Denied: 0, NoMatch: 1, Allowed: 2}
	rapid.Check(t, func(t *rapid.T) {
		d, r := documents().Draw(t, "document"), requests().Draw(t, "request")
		before := Evaluate(d, r)
		one := statements().Draw(t, "one more")
		more := *d
		more.Statements = append(more.Statements[:len(d.Statements):len(d.Statements)], one)
		after := Evaluate(&more, r)
		if one.Effect == Deny && rank[after.Outcome] > rank[before.Outcome] || one.Effect == Allow && rank[after.Outcome] < rank[before.Outcome] {
			t.Fatalf("%s, with one more %s %s", before.Outcome, one.Effect, after.Outcome)
		}
		if after.Statement >= 0 && !more.Statements[after.Statement].AppliesTo(&more, r) {
			t.Fatalf("statement %d decides and does not apply", after.Statement)
		}
	})
}

// A condition and its negation are never both true of a present key without a
// set operator; where nothing is in doubt, one of them is.
func TestNegationIsTheOtherAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := operators().Draw(t, "operator")
		if o.Comparison == Null || o.Set != NoSet {
			return
		}
		o.Negated = false
		values, text := rapid.SliceOfN(someText(), 0, 3).Draw(t, "values"), someText().Draw(t, "text")
		d, ctx := &Document{Version: Version2012}, Context{"k": Text(text), "aws:username": Text("a")}
		positive := Condition{Operator: o, Key: "k", Values: values}
		negative := positive
		negative.Operator.Negated = true
		if positive.Holds(d, Deny, ctx) && negative.Holds(d, Deny, ctx) {
			t.Fatalf("both are true in a Deny: %+v, %q", positive, text)
		}
		if !positive.Holds(d, Allow, ctx) && !negative.Holds(d, Allow, ctx) {
			t.Fatalf("neither is true in an Allow: %+v, %q", positive, text)
		}
	})
}

// What a statement takes in as an Allow includes what it does as a Deny.
func TestDoubtAllowsMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, r := documents().Draw(t, "document"), requests().Draw(t, "request")
		s := d.Statements[0]
		s.Effect = Deny
		denies := s.AppliesTo(d, r)
		s.Effect = Allow
		if denies && !s.AppliesTo(d, r) {
			t.Fatalf("applies as a Deny and not as an Allow: %s", d)
		}
	})
}
