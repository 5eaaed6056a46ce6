package report_test

import (
	"fmt"
	"testing"

	"surety/internal/report"
	"surety/internal/resource"
)

// TestLedgerCount: gaps of the line's own region turn it, those of others do not.
func TestLedgerCount(t *testing.T) {
	list := resource.Gap{Region: "us-east-1", Facet: "lambda:ListFunctions", Code: "List", Reason: "r"}
	one := resource.Gap{Region: "us-east-1", Resource: "f", Facet: "lambda:GetPolicy", Code: "One", Reason: "r"}
	elsewhere := resource.Gap{Region: "eu-west-1", Facet: "lambda:ListFunctions", Code: "Other", Reason: "r"}
	for name, c := range map[string]struct {
		seen int
		gaps []resource.Gap
		want string
	}{
		"whole":                        {3, nil, "read  0"},
		"empty and whole":              {0, nil, "read  0"},
		"another region":               {3, []resource.Gap{elsewhere}, "read  0"},
		"one policy":                   {3, []resource.Gap{one}, "partly One 1"},
		"not listed":                   {0, []resource.Gap{list}, "failed List 1"},
		"listed in part":               {3, []resource.Gap{list}, "partly List 1"},
		"the list says more than one":  {3, []resource.Gap{one, one, list}, "partly List 3"},
		"not listed, and one besides":  {0, []resource.Gap{list, one}, "failed List 2"},
		"a list that came after a one": {0, []resource.Gap{one, list}, "failed List 2"},
	} {
		t.Run(name, func(t *testing.T) {
			l := report.Ledger{Region: "us-east-1", State: report.Read, Resources: c.seen}
			for _, g := range c.gaps {
				l.Count(g)
			}
			if got := fmt.Sprintf("%s %s %d", l.State, l.Code, l.Gaps); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestLedgerEvents: what is written keeps to the schema, and the schema keeps
// what is not read whole from going without a reason.
func TestLedgerEvents(t *testing.T) {
	s := compile(t, "events")
	for _, c := range []struct {
		line report.Ledger
		good bool
	}{
		{report.Ledger{Account: "111122223333", Region: "us-east-1", State: report.Read, Resources: 3}, true},
		{report.Ledger{Account: "111122223333", State: report.Skipped, Code: "NotActive", Reason: "r", Tags: map[string]string{"a": "b"}}, true},
		{report.Ledger{Account: "111122223333", State: report.Failed, Code: "AccessDenied", Reason: "r", Gaps: 1}, true},
		{report.Ledger{Account: "111122223333", State: report.Failed}, false},
		{report.Ledger{Account: "111122223333", State: report.Read, Gaps: 1}, false},
		{report.Ledger{Account: "1", State: report.Read}, false},
		{report.Ledger{Account: "111122223333"}, false},
	} {
		line := written(t, []report.Event{{Ledger: &c.line}})
		if err := valid(t, s, line); (err == nil) != c.good {
			t.Errorf("%s: %v", line, err)
		}
	}
}
