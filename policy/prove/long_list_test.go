package prove_test

import (
	"fmt"
	"strings"
	"testing"

	"surety/policy"
	"surety/policy/prove"
)

// A policy of 20 KB holds some 1,200 accounts. All of them trusted is a proof, and
// one that is not is found among them.
func TestLongListsOfAccounts(t *testing.T) {
	t.Parallel()
	var accounts []string
	for i := range 1200 {
		accounts = append(accounts, fmt.Sprintf("%012d", 100_000_000_000+i*77_777_777))
	}
	stranger := accounts[777]
	for name, statement := range map[string]string{
		"the caller's account":   `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": [%s]}}`,
		"with a set operator":    `"Principal": "*", "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalAccount": [%s]}}`,
		"the source's account":   `"Principal": {"Service": "sns.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": [%s]}}`,
		"principals":             `"Principal": {"AWS": [%s]}`,
		"both, by two operators": `"Principal": {"Service": "sns.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": [%s]}, "StringLike": {"aws:SourceAccount": "*"}}`,
	} {
		list := fmt.Sprintf(statement, `"`+strings.Join(accounts, `", "`)+`"`)
		doc, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*", ` + list + `}]}`))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		q := prove.Question{Function: orders, Zone: prove.Zone{Accounts: accounts}}
		if got := prove.Outside(doc, q); got.Verdict != prove.Pass {
			t.Errorf("%s, all trusted: %s (%s)", name, got.Verdict, got.Why)
		}
		q.Zone.Accounts = append(append([]string(nil), accounts[:777]...), accounts[778:]...)
		got := prove.Outside(doc, q)
		if got.Verdict != prove.Fail || !strings.Contains(fmt.Sprint(*got.Witness), stranger) {
			t.Errorf("%s, but for %s: %s (%s)", name, stranger, got.Verdict, got.Why)
		}
		q.Zone.Accounts = nil
		if got := prove.Outside(doc, q); got.Verdict != prove.Fail {
			t.Errorf("%s, none trusted: %s (%s)", name, got.Verdict, got.Why)
		}
	}
}
