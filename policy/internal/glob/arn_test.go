package glob

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Six segments, each matched on its own; the last keeps its colons.
// Source: IAM User Guide, ARN condition operators and the Resource element.
func TestARN(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		arn, match    bool
	}{
		{"arn:aws:iam::222233334444:role/*", "arn:aws:iam::222233334444:role/a", true, true},
		{"arn:aws:iam::222233334444:role/*", "arn:aws:iam::222233334444:role/a:b", true, true},
		{"arn:aws:*:222233334444:role/*", "arn:aws:iam::222233334444:role/a", false, false},
		{"arn:aws:*::222233334444:role/*", "arn:aws:iam::999988887777:role/:222233334444:role/x", true, false},
		{"arn:aws:iam::*:role/x", "arn:aws:iam::1:2:role/x", true, false},
		{"arn:aws:iam::?:role/x", "arn:aws:iam::1:role/x", true, true},
		{"arn:aws:iam:::?:role/x", "arn:aws:iam::::role/x", true, false},
		{"arn:aws:iam::1:a?b", "arn:aws:iam::1:a:b", true, true},
		{"arn:aws:iam:?1:a", "arn:aws:iam::1:a", false, false},
		{"*:*:*:*:*:*", "arn:aws:iam::1:a:b:c", true, true},
		{"*:*:*:*:*:", "arn:aws:iam::1:", true, true},
		{"*:*:*:*:*", "arn:aws:iam::1", false, false},
		{"*", "arn:aws:iam::1:x", false, false},
		{"", "", false, false},
	} {
		p, ok := wild(c.pattern).ARN()
		if ok != c.arn {
			t.Errorf("%s is an ARN: %t, want %t", c.pattern, ok, c.arn)
		}
		if got := ok && p.Match(c.text); got != c.match {
			t.Errorf("%s on %s: %t, want %t", c.pattern, c.text, got, c.match)
		}
	}
}

func TestIsARN(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "a:b:c:d:e": false, "a:b:c:d:e:f": true, ":::::": true, "::::": false, "a:b:c:d:e:f:g": true,
	} {
		if IsARN(text) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
}

// A pattern of six segments matches segment by segment, whatever they are.
func TestARNMatchesSegmentBySegment(t *testing.T) {
	t.Parallel()
	segment := rapid.StringOfN(rapid.SampledFrom([]rune("ab*?")), 0, 4, -1)
	value := rapid.StringOfN(rapid.SampledFrom([]rune("ab")), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		patterns := rapid.SliceOfN(segment, 6, 6).Draw(t, "patterns")
		values := rapid.SliceOfN(value, 6, 6).Draw(t, "values")
		p, ok := wild(strings.Join(patterns, ":")).ARN()
		if !ok {
			t.Fatal("six segments are no ARN")
		}
		want := true
		for i := range patterns {
			want = want && naive(wild(patterns[i]), []rune(values[i]))
		}
		if got := p.Match(strings.Join(values, ":")); got != want {
			t.Fatalf("%t, want %t", got, want)
		}
	})
}

func TestResource(t *testing.T) {
	t.Parallel()
	const f = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	for _, c := range []struct {
		pattern, text string
		narrow, wide  bool
	}{
		{"*", f, true, true},
		{"*", "", true, true},
		{f, f, true, true},
		{f, f + ":prod", false, false},
		{f + "*", f + ":prod", true, true},
		{f + "?", f + ":", true, true},
		{f + "?", f, false, false},
		{"arn:aws:lambda:*:111122223333:function:orders", f, true, true},
		{"arn:aws:lambda:*:function:orders", f, false, true}, // the * takes two segments
		{"arn:aws:lambda:*:111122223333:orders", f, false, false},
		{"arn:aws:lambda:u*1:111122223333:orders", f, false, false}, // the * ends no segment
		{"arn:aws:lambda:us*:orders", f, false, false},
		{"arn:aws:lambda:us*", f, false, true},
		{"arn:aws:lambda:*", f, false, true},
		{"arn:aws:lambda:us-east-1", f, false, true},
		{"arn:aws:lambda:us-east-", f, false, false},
		{"arn", f, false, true},
		{"", f, false, false},
		{"", "", false, false},
		{"**", f, false, true},
		{"?*", f, false, true},
		{"arn:*:*:*:*:*", f, true, true},
		{"arn:*:orders:*:*:*", f, false, false},
		{"arn:aws:*:*:*:orders", f, false, true},
		{"arn:aws:*:*:function:orders", f, false, true},
	} {
		for _, wide := range []bool{false, true} {
			want := c.narrow
			if wide {
				want = c.wide
			}
			before := wild(c.pattern)
			p, ok := before.Resource(wide)
			if got := ok && p.Match(c.text); got != want {
				t.Errorf("%q on %q, wide %t: %t, want %t", c.pattern, c.text, wide, got, want)
			}
		}
	}
}

func TestEarly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "a:b:c:d:e:f": false, "${v}": true, "a:b:c:d:${v}:f": true, "a:b:c:d:e:${v}": false, "a:b:c:d:e:f${v}:${w}": false,
		"a:b:c:d:${*}:f": false, "a:b:c:d:*${v}:f": true, "a:${v}:c:d:e:${w}": true, "a:b:c:d${*}e:${v}": true,
	} {
		if got := Parse(text, Mode{Wild: true, Variables: true}).Early(); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
