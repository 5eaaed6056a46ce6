package prove_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/policy"
	"surety/policy/prove"
)

// changeCase is one line of testdata/changes.jsonl: what becomes of a policy of
// the function orders, who loses by it, and why.
type changeCase struct {
	ID         string          `json:"id"`
	Before     json.RawMessage `json:"before"`
	After      json.RawMessage `json:"after"`
	Qualifier  string          `json:"qualifier"`
	Accounts   []string        `json:"trusted_accounts"`
	Orgs       []string        `json:"trusted_orgs"`
	Units      []string        `json:"trusted_units"`
	Principals []string        `json:"trusted_principals"`
	Networks   []string        `json:"trusted_networks"`
	Org        string          `json:"org_id"`
	Now        time.Time       `json:"now"`
	Expect     prove.Verdict   `json:"expect"`
	Who        string          `json:"who"` // LOST: ARN or service of the witness
	Context    map[string]any  `json:"context"`
	Why        string          `json:"why"`
}

func (c changeCase) change(t *testing.T) change {
	t.Helper()
	e := example{Function: orders, Qualifier: c.Qualifier, Accounts: c.Accounts, Orgs: c.Orgs, Principals: c.Principals, Org: c.Org, Now: c.Now}
	out := change{q: e.question()}
	out.q.Zone.Units = c.Units
	nets := &out.q.Zone.Networks
	for _, n := range c.Networks {
		into := &nets.CIDRs
		switch {
		case strings.HasPrefix(n, "vpce-"):
			into = &nets.Endpoints
		case strings.HasPrefix(n, "vpc-"):
			into = &nets.VPCs
		}
		*into = append(*into, n)
	}
	for text, doc := range map[*json.RawMessage]**policy.Document{&c.Before: &out.before, &c.After: &out.after} {
		var err error
		if *doc, err = policy.Parse(*text); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// Every change is answered as AWS's documents say, by the caller that loses and
// with the keys that it needs to show that it is trusted.
func TestChanges(t *testing.T) {
	t.Parallel()
	for c := range lines[changeCase](t, "testdata/changes.jsonl") {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			ch := c.change(t)
			got := prove.Keeps(ch.before, ch.after, ch.q)
			if got.Verdict != c.Expect {
				w, _ := json.Marshal(got.Witness)
				t.Fatalf("%s (%s), want %s: %s\n%s", got.Verdict, got.Why, c.Expect, c.Why, w)
			}
			if got.Verdict != prove.Lost {
				return
			}
			if err := ch.refuted(got); err != nil {
				t.Error(err)
			}
			if who := got.Witness.Caller; !slices.Contains([]string{who.ARN, who.Service}, c.Who) {
				t.Errorf("%+v loses, want %s", who, c.Who)
			}
			context := map[string]any{}
			for key, v := range got.Witness.Context {
				if context[key] = any(v.Texts[0]); v.List {
					context[key] = []any{v.Texts[0]}
				}
			}
			if d := cmp.Diff(c.Context, context); d != "" {
				t.Error(d)
			}
		})
	}
}

// A question that is not well put proves nothing.
func TestKeepsRefusesAQuestionWithoutAFunction(t *testing.T) {
	doc := document(st("*"))
	if got := prove.Keeps(doc, doc, prove.Question{Function: "orders"}); got.Verdict != prove.Undecided || !strings.Contains(got.Why, "orders") {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
}

// What a verdict tells is one sentence that names the statement or the reason.
func TestKeepsTellsWhy(t *testing.T) {
	partner := document(st(trustedAccount))
	q := prove.Question{Function: orders, Zone: simpleZone()}
	for _, c := range []struct {
		name   string
		after  *policy.Document
		phrase string
	}{
		{"as it was", partner, "every statement that allows something still stands, and none denies more"},
		{"by another", document(st("*")), "every trusted request that was allowed is allowed by what takes its place"},
		{"gone", document(), "statement 0 allows arn:aws:iam::222233334444:role/a to call lambda:InvokeFunction, and nothing does after the change"},
	} {
		if got := prove.Keeps(partner, c.after, q); got.Why != c.phrase {
			t.Errorf("%s: %q, want %q", c.name, got.Why, c.phrase)
		}
	}
}

// So many new Deny statements beside so many Allows are not tried: that is said.
func TestKeepsBoundsNewDenies(t *testing.T) {
	allows, denies := make([]string, 25), make([]string, 20)
	for i := range allows {
		allows[i] = st(fmt.Sprintf("arn:aws:iam::%s:role/r%d", trustedAccount, i))
	}
	for i := range denies {
		denies[i] = strings.Replace(st(fmt.Sprintf("arn:aws:iam::%s:role/r%d", foreignAccount, i)), `"Allow"`, `"Deny"`, 1)
	}
	q := prove.Question{Function: orders, Zone: simpleZone()}
	before, after := document(allows...), document(slices.Concat(allows, denies)...)
	if got := prove.Keeps(before, after, q); got.Verdict != prove.Kept {
		t.Errorf("%s (%s), want KEPT: the Denies hit strangers", got.Verdict, got.Why)
	}
	more := append(allows, st(foreignAccount))
	if got := prove.Keeps(document(more...), document(slices.Concat(more, denies)...), q); got.Verdict != prove.Undecided || !strings.Contains(got.Why, "more than 500 ways") {
		t.Errorf("%s (%s), want UNDECIDED for its bound", got.Verdict, got.Why)
	}
}

func st(principal string) string {
	return permission{principal: principal, action: "lambda:InvokeFunction"}.statement(orders)
}
