package rules

import (
	"strings"
	"testing"

	"surety/internal/profile"
	"surety/internal/resource"
	"surety/services/lambda"
)

func TestMeant(t *testing.T) {
	const shape = "an entry has role, tag {key, value}, functions [patterns], owner, reason and until (text), and nothing else"
	for _, c := range []struct{ entry, want string }{
		{`{role: "arn:aws:iam::*:role/edge-*", owner: edge, reason: replicas, until: 2027-01-31}`, ""},
		{`{tag: {key: team}}`, ""},
		{`{functions: ["arn:aws:lambda:*:*:function:a-*"], tag: {key: team, value: edge}}`, ""},
		{`{}`, "the entry means nothing: give it role, tag or functions"},
		{`{owner: edge}`, "the entry means nothing: give it role, tag or functions"},
		{`{functions: []}`, "the entry means nothing: give it role, tag or functions"},
		{`{rol: x}`, shape},
		{`{Role: "arn:aws:iam::*:role/edge-*"}`, shape},
		{`{tag: {key: team, Value: edge}}`, shape},
		{`{tag: team}`, shape},
		{`edge`, shape},
		{`{tag: {key: team, value: 3}}`, shape},
		{`{tag: {value: edge}}`, "the tag has no key: write {key: team, value: edge}"},
		{`{role: edge-exec}`, `"edge-exec" is no ARN pattern: write one like arn:aws:lambda:*:*:function:name-*`},
		{`{functions: [a-one]}`, `"a-one" is no ARN pattern: write one like arn:aws:lambda:*:*:function:name-*`},
		{`{tag: {key: team}, until: soon}`, `"soon" is no day: write until as 2027-06-30`},
	} {
		_, err := profile.Parse([]byte("rules:\n  Lambda-006:\n    settings:\n      meant:\n        - "+c.entry+"\n"), All())
		got := ""
		if err != nil {
			got = err.Error()
		}
		want := c.want
		if want != "" {
			want = "rules.Lambda-006.settings.meant[0]: " + want
		}
		if _, after, _ := strings.Cut(got, ": "); after != want || want != "" && !strings.HasPrefix(got, "5:") {
			t.Errorf("%s: %q, want %q", c.entry, got, want)
		}
	}
}

// TestMeantNeeds: tags cost a call for every function, so they are asked for
// only when an entry names one.
func TestMeantNeeds(t *testing.T) {
	for text, want := range map[string]bool{
		"": false,
		`rules: {Lambda-006: {settings: {meant: [{role: "arn:aws:iam::*:role/edge-*"}]}}}`:                     false,
		`rules: {Lambda-006: {settings: {meant: [{role: "arn:aws:iam::*:role/edge-*"}, {tag: {key: team}}]}}}`: true,
	} {
		c, err := profile.Parse([]byte(text), All())
		if err != nil {
			t.Fatal(err)
		}
		got := false
		for _, f := range c.Facets(All(), resource.Facet("unused")) {
			got = got || f == lambda.FacetTags
		}
		if got != want {
			t.Errorf("%s needs tags: %t", text, got)
		}
	}
}
