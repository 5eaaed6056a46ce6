package prove_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// contradicted asks the prover and looks for a request that shows it wrong.
func contradicted(t interface{ Fatalf(string, ...any) }, a asked, seed uint64, requests int) (prove.Answer, int) {
	s := newSpace(a.doc, a.q)
	got := prove.Outside(a.doc, a.q)
	if got.Verdict == prove.Fail {
		if err := s.witnessed(got); err != nil {
			w, _ := json.Marshal(got.Witness)
			t.Fatalf("%v\n%s\n%s", err, a, w)
		}
	}
	d := &drawer{space: s, Rand: rand.New(rand.NewPCG(seed, 1))}
	open := 0
	for range requests {
		r, src := d.request()
		if err := s.contains(r); err != nil {
			w, _ := json.Marshal(r)
			t.Fatalf("the drawer left the space: %v\n%s\n%s", err, a, w)
		}
		if policy.Evaluate(a.doc, r).Outcome != policy.Allowed || s.trusted(r, src) {
			continue
		}
		open++
		if got.Verdict == prove.Pass {
			w, _ := json.Marshal(r)
			t.Fatalf("PASS (%s), and yet allowed and untrusted:\n%s\n%s\nsource %+v", got.Why, a, w, src)
		}
	}
	return got, open
}

// No allowed request of an untrusted caller stands beside a PASS, and every
// witness is what it claims to be.
func TestNoRequestContradictsTheProver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := anyDocument().Draw(t, "document")
		contradicted(t, a, rapid.Uint64().Draw(t, "seed"), 40)
	})
}
