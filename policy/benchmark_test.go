package policy

import (
	"strings"
	"testing"
)

func BenchmarkParse(b *testing.B) {
	var all [][]byte
	for _, e := range examples(b) {
		if !e.Malformed {
			all = append(all, e.text())
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := Parse(all[i%len(all)]); err != nil {
			b.Fatal(err)
		}
	}
}

// One evaluation of each example in turn, by a caller who meets its conditions
// or does not.
func BenchmarkEvaluate(b *testing.B) {
	var all []*Document
	for _, e := range examples(b) {
		if d, err := Parse(e.text()); err == nil {
			all = append(all, d)
		}
	}
	r := Request{Caller: iam("999988887777", "arn:aws:iam::999988887777:role/a", "arn:aws:sts::999988887777:assumed-role/a/s1"), Action: "lambda:InvokeFunction", Resource: orders, Context: Context{
		"aws:principalaccount": Text("999988887777"), "aws:principalarn": Text("arn:aws:iam::999988887777:role/a"), "aws:sourceip": Text("203.0.113.9"),
		"aws:currenttime": Text("2026-11-22T00:00:00Z"), "aws:securetransport": Text("true"), "aws:principalorgid": Text("o-a1b2c3d4e5"), "aws:principaltag/team": Text("x"),
	}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Evaluate(all[i%len(all)], r)
	}
}

// Twenty kilobytes of stars, against a text that almost matches.
func BenchmarkEvaluateWorst(b *testing.B) {
	d := &Document{Version: Version2012, Statements: []Statement{{
		Principals: Principals{Entries: []Principal{{Kind: Everyone, Text: "*"}}}, Actions: Patterns{Texts: []string{"*"}},
		Resources: Patterns{Texts: []string{strings.Repeat("*a", 10000)}},
	}}}
	r := Request{Caller: Caller{Type: AnonymousCaller}, Action: "a:b", Resource: strings.Repeat("a", 300) + "b"}
	b.ReportAllocs()
	for b.Loop() {
		Evaluate(d, r)
	}
}
