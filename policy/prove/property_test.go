package prove_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// contradiction asks the prover and looks for what shows it wrong: a witness
// that is none, or a request beside a PASS. It counts the requests that were
// allowed and untrusted.
func contradiction(a asked, seed uint64, requests int) (got prove.Answer, open int, err error) {
	s := newSpace(a.doc, a.q)
	got = prove.Outside(a.doc, a.q)
	if got.Verdict == prove.Fail {
		if err := s.witnessed(got); err != nil {
			w, _ := json.Marshal(got.Witness)
			return got, 0, fmt.Errorf("%w\n%s\n%s", err, a, w)
		}
	}
	d := newDrawer(s, seed)
	for range requests {
		r, src := d.request()
		if err := s.contains(r); err != nil {
			w, _ := json.Marshal(r)
			return got, open, fmt.Errorf("the drawer left the space: %w\n%s\n%s", err, a, w)
		}
		if policy.Evaluate(a.doc, r).Outcome != policy.Allowed || s.trusted(r, src) || s.namesake(r) {
			continue
		}
		open++
		if got.Verdict == prove.Pass {
			w, _ := json.Marshal(r)
			return got, open, fmt.Errorf("PASS (%s), and yet allowed and untrusted\n%s\n%s\nsource %+v", got.Why, a, w, src)
		}
	}
	return got, open, nil
}

// No allowed request of an untrusted caller stands beside a PASS, and every
// witness is what it claims to be.
func TestNoRequestContradictsTheProver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := anyDocument().Draw(t, "document")
		if _, _, err := contradiction(a, rapid.Uint64().Draw(t, "seed"), 40); err != nil {
			t.Fatal(err)
		}
	})
}

// The same where all tests look at keys that depend on each other.
func TestNoRequestContradictsTheProverOnKnots(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := knotted().Draw(t, "document")
		if _, _, err := contradiction(a, rapid.Uint64().Draw(t, "seed"), 60); err != nil {
			t.Fatal(err)
		}
	})
}
