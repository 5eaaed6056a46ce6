package prove_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surety/policy"
	"surety/policy/prove"
)

// What an answer takes is counted, not timed, and stays as it is: a memory that
// remembers no more, or a short cut that is not taken, shows here although every
// answer is right. After a change that is meant, write the file anew with -update
// and see that little costs more than before.
func TestCostsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for _, e := range examples(t) {
		doc, err := policy.Parse(e.text())
		if err != nil {
			continue // the corpus says so, and its test sees to it
		}
		steps, comparisons, err := prove.Spent(doc, e.question())
		if err != nil {
			t.Fatalf("%s: %v", e.ID, err)
		}
		fmt.Fprintf(&b, "%s: %d steps, %d comparisons\n", e.ID, steps, comparisons)
	}
	const name = "testdata/costs.golden"
	if *update {
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("costs differ (-update writes them anew):\n%s", d)
	}
}
