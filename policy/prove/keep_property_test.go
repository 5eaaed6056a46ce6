package prove_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// anyChange draws a document and what becomes of it, from documents of a kind.
func anyChange(documents *rapid.Generator[asked]) *rapid.Generator[change] {
	return rapid.Custom(func(t *rapid.T) change {
		a := documents.Draw(t, "document")
		parts := strings.Split(a.q.Function, ":")
		s := setting{parts[1], parts[3]}
		named := newSpace(a.doc, a.q).named
		keys := slices.DeleteFunc(s.keys(), func(k keyed) bool { return !named[strings.ToLower(k.key)] })
		if len(keys) == 0 {
			keys = s.keys()
		}
		c := change{before: a.doc, q: a.q}
		c.after = changed(t, a.doc, func(deny bool) policy.Statement {
			st := s.statement(t, keys)
			st.Effect = policy.Allow
			if deny {
				st.Effect = policy.Deny
			}
			return st
		})
		return c
	})
}

// drawer makes requests of a change, steered by the texts of both documents.
func (c change) drawer(seed uint64) *drawer {
	s := c.telling()
	d := newDrawer(s, seed)
	both := &policy.Document{Version: policy.Version2012, Statements: slices.Concat(c.before.Statements, c.after.Statements)}
	d.steer(both)
	return d
}

// contradicted asks who loses, and looks for what shows the answer wrong.
func (c change) contradicted(seed uint64, requests int) (got prove.Answer, lost int, err error) {
	got = prove.Keeps(c.before, c.after, c.q)
	if got.Verdict == prove.Lost {
		if err := c.refuted(got); err != nil {
			w, _ := json.Marshal(got.Witness)
			return got, 0, fmt.Errorf("%w\n%s\n%s", err, c, w)
		}
	}
	s, d := c.telling(), c.drawer(seed)
	for range requests {
		r, _ := d.request()
		if s.contains(r) != nil || !c.lost(s, r) || s.namesake(r) {
			continue
		}
		lost++
		if got.Verdict == prove.Kept {
			w, _ := json.Marshal(r)
			return got, lost, fmt.Errorf("KEPT (%s), and yet lost\n%s\n%s", got.Why, c, w)
		}
	}
	return got, lost, nil
}

// No trusted request that is lost stands beside a KEPT, and every witness of a
// LOST is what it claims to be.
func TestNoRequestContradictsKeeps(t *testing.T) {
	t.Parallel()
	for name, documents := range map[string]*rapid.Generator[asked]{"documents": anyDocument(), "knots": knotted()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changes := anyChange(documents)
			rapid.Check(t, func(t *rapid.T) {
				c := changes.Draw(t, "change")
				if _, _, err := c.contradicted(rapid.Uint64().Draw(t, "seed"), 30); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// What is drawn is not all of one verdict, and lost requests are drawn where
// there are some: a KEPT in the place of most LOSTs would have been noticed.
func TestDrawnChangesFindWhatIsLost(t *testing.T) {
	t.Parallel()
	count, shown, all := map[prove.Verdict]int{}, 0, 240/stride
	changes := []*rapid.Generator[change]{anyChange(anyDocument()), anyChange(knotted())}
	for i := range all {
		got, lost, err := changes[i%2].Example(i).contradicted(uint64(i), 100)
		if err != nil {
			t.Fatal(err)
		}
		count[got.Verdict]++
		if got.Verdict == prove.Lost && lost > 0 {
			shown++
		}
	}
	if count[prove.Lost]*8 < all || count[prove.Kept]*4 < all || count[prove.Undecided]*5 > all || shown*3 < count[prove.Lost] {
		t.Errorf("%v, %d of the LOSTs also found by drawing", count, shown)
	}
	t.Logf("%v, %d of the LOSTs also found by drawing", count, shown)
}
