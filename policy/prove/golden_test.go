package prove_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"surety/policy"
	"surety/policy/prove"
)

var update = flag.Bool("update", false, "write the golden files anew")

// recount is what people see of one proof, a line each.
func recount(id string, doc *policy.Document, q prove.Question) string {
	var b strings.Builder
	line := func(v ...any) {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "%s\n", text)
	}
	got := prove.Outside(doc, q)
	line(id, got.Verdict, got.Why, got.Statement, got.Witness, got.Notes)
	for _, g := range prove.Grants(doc, q) {
		line(id, g.Statement, g.Principal, g.Action, g.Kind, g.Door, g.Why, g.Witness)
	}
	return b.String()
}

// The answers to the examples and to some drawn documents stay as they are: the
// verdict, but also which witness is shown and what is said. After a change that
// is meant, write the file anew with -update and read the difference.
func TestAnswersStayAsTheyAre(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for _, e := range examples(t) {
		if doc, err := policy.Parse(e.text()); err == nil {
			b.WriteString(recount(e.ID, doc, e.question()))
		}
	}
	knots, documents := knotted(), anyDocument()
	for i := range 300 / stride { // the first of the file, under the race detector
		a := knots.Example(i)
		b.WriteString(recount(fmt.Sprintf("knot %d", i), a.doc, a.q))
	}
	for i := range 200 {
		if stride > 1 {
			break
		}
		a := documents.Example(i)
		b.WriteString(recount(fmt.Sprintf("document %d", i), a.doc, a.q))
	}
	const name = "testdata/answers.golden"
	if *update && stride == 1 {
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	old, now := strings.Split(string(want), "\n"), strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i := range min(len(old), len(now)) {
		if old[i] != now[i] {
			t.Fatalf("%s:%d\nwas %s\nis  %s\n(-update writes it anew)", name, i+1, old[i], now[i])
		}
	}
	if stride == 1 && len(old) != len(now)+1 {
		t.Fatalf("%d answers, were %d (-update writes them anew)", len(now), len(old))
	}
}
