package prove

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"surety/policy"
)

// example is one line of the example corpus.
type example struct {
	ID         string          `json:"id"`
	Function   string          `json:"function_arn"`
	Qualifier  string          `json:"qualifier"`
	Policy     json.RawMessage `json:"policy"`
	Accounts   []string        `json:"trusted_accounts"`
	Orgs       []string        `json:"trusted_orgs"`
	Principals []string        `json:"trusted_principals"`
	Org        string          `json:"org_id"`
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

func (e example) question() Question {
	q := Question{Function: e.Function, Qualifier: e.Qualifier, Organization: e.Org,
		Zone: Zone{Accounts: e.Accounts, Organizations: e.Orgs}}
	for _, p := range e.Principals {
		if len(p) > 4 && p[:4] == "arn:" {
			q.Zone.Principals = append(q.Zone.Principals, p)
		} else {
			q.Zone.Services = append(q.Zone.Services, p)
		}
	}
	return q
}

func examples(t testing.TB) []example {
	t.Helper()
	f, err := os.Open("../testdata/examples.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []example
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// Every example is answered as AWS's documents say, and every witness is a
// request that the policy allows.
func TestExamples(t *testing.T) {
	for _, e := range examples(t) {
		t.Run(e.ID, func(t *testing.T) {
			accept := append([]string{e.Expect}, e.Accept...)
			doc, err := policy.Parse(e.text())
			if err != nil {
				if !slices.Contains(accept, "ERROR") {
					t.Fatalf("ERROR %v, want one of %v: %s", err, accept, e.Why)
				}
				return
			}
			got := Outside(doc, e.question())
			if !slices.Contains(accept, string(got.Verdict)) {
				t.Fatalf("%s (%s), want one of %v: %s", got.Verdict, got.Why, accept, e.Why)
			}
			if got.Verdict == Fail {
				if d := policy.Evaluate(doc, *got.Witness); d.Outcome != policy.Allowed || d.Statement != got.Statement {
					t.Fatalf("witness gets %+v from statement %d", d, got.Statement)
				}
				w, _ := json.Marshal(got.Witness)
				t.Logf("%s\n%s", got.Why, w)
			} else {
				t.Log(got.Verdict, got.Why)
			}
		})
	}
}
