package policy

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// condition makes a document of one statement and its one condition.
func condition(t *testing.T, version Version, effect Effect, operator string, values ...string) (*Document, Condition) {
	t.Helper()
	o, ok := ParseOperator(operator)
	if !ok {
		t.Fatalf("%s is no operator", operator)
	}
	c := Condition{Operator: o, Key: "Key:Under/Test", Values: values}
	d := &Document{Version: version, Statements: []Statement{{
		Effect: effect, Principals: Principals{Entries: []Principal{{Kind: Everyone, Text: "*"}}},
		Actions: Patterns{Texts: []string{"*"}}, Resources: Patterns{Texts: []string{"*"}}, Conditions: []Condition{c},
	}}}
	return d, c
}

// list reads a JSON text or list of texts.
func readTexts(t *testing.T, s string) Value {
	t.Helper()
	var one string
	if json.Unmarshal([]byte(s), &one) == nil {
		return Text(one)
	}
	var many []string
	if err := json.Unmarshal([]byte(s), &many); err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return List(many...)
}

func TestConditions(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/conditions.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for n, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		count++
		f := strings.Split(line, " | ")
		version := Version2012
		if len(f) == 6 && f[5] == "2008" {
			version = Version2008
		} else if len(f) != 5 {
			t.Fatalf("line %d has %d columns", n+1, len(f))
		}
		ctx := Context{
			"aws:username": Text("alice"), "aws:userid": Text("AIDA*?"), "aws:tagkeys": List("team"),
			"aws:principalorgpaths": Text("o-a/r-b/"), "custom:list": List("one"), "custom:true": Text("TRUE"),
		}
		if f[2] != "absent" {
			ctx["key:under/test"] = readTexts(t, f[2])
		}
		for i, effect := range []Effect{Allow, Deny} {
			d, c := condition(t, version, effect, f[0], readTexts(t, f[1]).Texts...)
			if got := fmt.Sprint(c.Holds(d, effect, ctx)); got != f[3+i] {
				t.Errorf("line %d: %s in %s: %s", n+1, line, effect, got)
			}
			got := Evaluate(d, Request{Caller: Caller{Type: AnonymousCaller}, Context: ctx}).Outcome
			if want := (map[string]Outcome{"true": Outcome(effect.String()), "false": NoMatch})[f[3+i]]; got != want {
				t.Errorf("line %d: %s in %s: %s", n+1, line, effect, got)
			}
		}
	}
	if count < 200 {
		t.Errorf("only %d conditions read", count)
	}
}

// Every test has one value that the policy's first value matches and one that
// it does not.
func samples() map[string][3]string { // policy, matching, other
	date, arn := "2026-11-22", "arn:aws:iam::222233334444:role/a"
	return map[string][3]string{
		"StringEquals": {"a", "a", "b"}, "StringEqualsIgnoreCase": {"a", "A", "b"}, "StringLike": {"a*", "ab", "b"},
		"ArnEquals": {arn, arn, "x"}, "ArnLike": {arn, arn, "x"},
		"NumericEquals": {"5", "5.0", "6"}, "NumericLessThan": {"5", "4", "5"}, "NumericLessThanEquals": {"5", "5", "6"},
		"NumericGreaterThan": {"5", "6", "5"}, "NumericGreaterThanEquals": {"5", "5", "4"},
		"DateEquals": {date, "1795305600", "5"}, "DateLessThan": {date, "5", date}, "DateLessThanEquals": {date, date, "2027"},
		"DateGreaterThan": {date, "2027", date}, "DateGreaterThanEquals": {date, date, "5"},
		"Bool": {"true", "TRUE", "false"}, "BinaryEquals": {"QQ==", "QQ==", "Qg=="}, "IpAddress": {"203.0.113.0/24", "203.0.113.1", "::1"},
		"StringNotEquals": {"a", "a", "b"}, "StringNotEqualsIgnoreCase": {"a", "A", "b"}, "StringNotLike": {"a*", "ab", "b"},
		"ArnNotEquals": {arn, arn, "x"}, "ArnNotLike": {arn, arn, "x"}, "NumericNotEquals": {"5", "5.0", "6"},
		"DateNotEquals": {date, "1795305600", "5"}, "NotIpAddress": {"203.0.113.0/24", "203.0.113.1", "::1"},
	}
}

// The truth of a condition by what the request has under its key: m is a value
// that matches, n one that does not. Columns: absent, [], m, n, [m m], [n n],
// [m n], [n m]. Source: IAM User Guide, multivalued keys and IfExists.
func TestSetOperatorsAndAbsence(t *testing.T) {
	t.Parallel()
	tables := map[string][2]string{ // positive, negated
		"":             {"0010 1011", "1101 0100"},
		"ForAnyValue:": {"0010 1011", "0001 0111"},
		// Every value must pass; no value is every value.
		"ForAllValues:": {"1110 1000", "1101 0100"},
	}
	for name, s := range samples() {
		o, _ := ParseOperator(name)
		for set, both := range tables {
			for _, ifExists := range []bool{false, true} {
				for _, effect := range []Effect{Allow, Deny} {
					truths := []byte(strings.ReplaceAll(both[0], " ", ""))
					if o.Negated {
						truths = []byte(strings.ReplaceAll(both[1], " ", ""))
					}
					// An empty list is an absent key.
					truths[1] = truths[0]
					full := set + name
					if ifExists {
						full += "IfExists"
						truths[0] = '1'
						if set == "ForAnyValue:" && effect == Deny {
							truths[0] = '0'
						}
						truths[1] = truths[0]
					}
					checkTruths(t, full, effect, s, string(truths))
				}
			}
		}
	}
}

func checkTruths(t *testing.T, operator string, effect Effect, s [3]string, truths string) {
	t.Helper()
	m, n := s[1], s[2]
	for i, v := range []Value{{}, List(), Text(m), Text(n), List(m, m), List(n, n), List(m, n), List(n, m)} {
		ctx := Context{"key:under/test": v}
		if i == 0 {
			ctx = nil
		}
		d, c := condition(t, Version2012, effect, operator, s[0])
		if got := c.Holds(d, effect, ctx); got != (truths[i] == '1') {
			t.Errorf("%s %s against %q: %t", effect, operator, v.Texts, got)
		}
		if i == 0 && c.Operator.Missing(effect) != (truths[0] == '1') {
			t.Errorf("%s %s: Missing is %t", effect, operator, c.Operator.Missing(effect))
		}
	}
	// One value under a set operator is a list of one.
	d, c := condition(t, Version2012, effect, operator, s[0])
	for _, v := range []string{m, n} {
		one := c.Holds(d, effect, Context{"key:under/test": Text(v)})
		if many := c.Holds(d, effect, Context{"key:under/test": List(v)}); one != many {
			t.Errorf("%s: %q is %t, a list of it %t", operator, v, one, many)
		}
		if c.Matches(d, effect, nil, v) != (v == m) {
			t.Errorf("%s: Matches %q is %t", operator, v, v != m)
		}
	}
}

func TestOperatorNames(t *testing.T) {
	t.Parallel()
	names := []string{"Null"}
	for name := range samples() {
		for _, set := range []string{"", "ForAnyValue:", "ForAllValues:"} {
			names = append(names, set+name, set+name+"IfExists")
		}
	}
	if len(names) != 1+26*6 {
		t.Fatalf("%d names", len(names))
	}
	seen := map[Operator]bool{}
	for _, name := range names {
		for _, spelt := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			o, ok := ParseOperator(spelt)
			if !ok || o.String() != name {
				t.Errorf("%s is read as %q, %t", spelt, o, ok)
			}
			seen[o] = true
		}
	}
	if len(seen) != len(names) {
		t.Errorf("%d operators of %d names", len(seen), len(names))
	}
	for _, name := range []string{"", "IfExists", "ForAnyValue:", "NullIfExists", "ForAnyValue:Null", "ForAllValues:Null", "ForAnyValue:NullIfExists", "StringEquals:", "ForAnyValue:ForAllValues:Bool", "BoolIfExistsIfExists", "Bool\u017f"} {
		if o, ok := ParseOperator(name); ok || o != (Operator{}) {
			t.Errorf("%q is read as %q", name, o)
		}
	}
	for _, o := range []Operator{{}, {Comparison: Null, IfExists: true}, {Comparison: Null, Set: ForAnyValue}, {Comparison: Bool, Negated: true}, {Comparison: Bool, Equals: true}} {
		if o.String() != "" {
			t.Errorf("%+v is written %q", o, o)
		}
	}
}

func TestWide(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		effect        Effect
		negated, want bool
	}{{Allow, false, true}, {Allow, true, false}, {Deny, false, false}, {Deny, true, true}} {
		if got := (Operator{Comparison: StringLike, Negated: c.negated}).Wide(c.effect); got != c.want {
			t.Errorf("%s, negated %t: %t", c.effect, c.negated, got)
		}
	}
}

func TestMultiValued(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"aws:PrincipalOrgPaths", "aws:SourceOrgPaths", "aws:ResourceOrgPaths", "aws:VpceOrgPaths", "aws:PrincipalServiceNamesList", "aws:CalledVia", "AWS:TAGKEYS"} {
		if !MultiValued(key) {
			t.Errorf("%s holds one value", key)
		}
	}
	for _, key := range []string{"", "aws:PrincipalOrgID", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:PrincipalServiceName", "calledvia"} {
		if MultiValued(key) {
			t.Errorf("%s holds many values", key)
		}
	}
}

// Null compares presence, never texts; nor does an Operator that is none.
func TestMatchesOfNoComparison(t *testing.T) {
	t.Parallel()
	for _, o := range []Operator{{}, {Comparison: Null}, {Comparison: Null + 1}} {
		c := Condition{Operator: o, Key: "k", Values: []string{"true", "5", "2026"}}
		for _, text := range []string{"true", "5", "2026"} {
			if c.Matches(&Document{}, Allow, nil, text) {
				t.Errorf("%+v matches %s", o, text)
			}
		}
	}
}
