package report_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surety/internal/report"
	"surety/internal/resource"
	"surety/internal/rule"
)

type nothing struct{}

func (nothing) Ref() resource.Ref { return resource.Ref{} }

func TestPages(t *testing.T) {
	r := rule.For(rule.Rule{
		ID: "Lambda-006", Name: "lambda-shared-role", Title: "Execution role is shared", Risk: rule.VeryHigh, Category: rule.Security, Type: "lambda.function",
		Reads: []resource.Facet{"lambda:ListFunctions"}, Joins: []resource.Facet{"lambda:ListFunctions"}, Cites: []resource.Facet{"iam:GetAccountAuthorizationDetails"},
		Settings: []rule.Setting{{Name: "meant", What: "sharing that is intended, told in so many words that they do not fit on one line of eighty columns"}},
		Page:     "## Why\n\nBecause.\n",
		Examples: "A comment.\n-- two/about --\nTwo functions.\n-- two/functions.json --\n{}\n-- two/want --\nfail a: shared with b\nfail b: shared with a\n-- one/about --\nOne function.\n-- one/want --\npass a: " + strings.Repeat("alone ", 20) + "\n",
	}, func(rule.View, nothing) rule.Verdict { return rule.Verdict{} })
	var out bytes.Buffer
	if err := report.WriteRules(&out, []*rule.Rule{r, r}); err != nil {
		t.Fatal(err)
	}
	out.WriteString("----\n")
	if err := report.WriteRule(&out, r, []string{"lambda.web-function", "lambda.microvm"}); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/page.txt"
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
