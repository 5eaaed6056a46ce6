package prove_test

import (
	"bytes"
	"encoding/json"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"surety/policy"
	"surety/policy/prove"
)

// example is one line of a file of cases.
type example struct {
	ID         string          `json:"id"`
	Function   string          `json:"function_arn"`
	Qualifier  string          `json:"qualifier"`
	Policy     json.RawMessage `json:"policy"`
	Accounts   []string        `json:"trusted_accounts"`
	Orgs       []string        `json:"trusted_orgs"`
	Principals []string        `json:"trusted_principals"`
	Org        string          `json:"org_id"`
	Now        time.Time       `json:"now"`
	Expect     string          `json:"expect"`
	Accept     []string        `json:"accept"`
	Why        string          `json:"why"`
}

func (e example) text() []byte {
	var raw string
	if json.Unmarshal(e.Policy, &raw) == nil {
		return []byte(raw)
	}
	return e.Policy
}

func (e example) question() prove.Question {
	q := prove.Question{Function: e.Function, Qualifier: e.Qualifier, Organization: e.Org, Now: e.Now,
		Zone: prove.Zone{Accounts: e.Accounts, Organizations: e.Orgs}}
	for _, p := range e.Principals {
		if strings.HasPrefix(p, "arn:") {
			q.Zone.Principals = append(q.Zone.Principals, p)
		} else {
			q.Zone.Services = append(q.Zone.Services, p)
		}
	}
	return q
}

// examples reads the corpus and the prover's own cases.
func examples(t testing.TB) []example {
	t.Helper()
	return append(cases(t, "../testdata/examples.jsonl"), cases(t, "testdata/cases.jsonl")...)
}

func cases(t testing.TB, name string) []example {
	t.Helper()
	return slices.Collect(lines[example](t, name))
}

// lines yields what the lines of a file say.
func lines[T any](t testing.TB, name string) iter.Seq[T] {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(T) bool) {
		for line := range bytes.Lines(data) {
			var one T
			if err := json.Unmarshal(line, &one); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !yield(one) {
				return
			}
		}
	}
}

// Every example is answered as AWS's documents say, and every witness is one.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			want := append([]string{e.Expect}, e.Accept...)
			doc, err := policy.Parse(e.text())
			if err != nil {
				if !slices.Contains(want, "ERROR") {
					t.Fatalf("ERROR %v, want one of %v: %s", err, want, e.Why)
				}
				return
			}
			got := prove.Outside(doc, e.question())
			if !slices.Contains(want, string(got.Verdict)) {
				t.Fatalf("%s (%s), want one of %v: %s", got.Verdict, got.Why, want, e.Why)
			}
			if got.Verdict != prove.Fail {
				return
			}
			if err := newSpace(doc, e.question()).witnessed(got); err != nil {
				w, _ := json.Marshal(got.Witness)
				t.Fatalf("%v\n%s", err, w)
			}
		})
	}
}
