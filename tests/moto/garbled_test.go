package moto_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGarbled holds docs/testing.md to the moto in use: each line of
// testdata/garbled.txt is a form of add-permission and the parts of the
// statement that moto answers in another form than AWS does. When a newer moto
// mends one, this says so.
func TestGarbled(t *testing.T) {
	text, err := os.ReadFile("testdata/garbled.txt")
	if err != nil {
		t.Fatal(err)
	}
	const name = "garbled"
	region := "sa-east-1"
	shared.must(t, region, strings.Fields("lambda create-function --function-name "+name+" --role "+os.Expand("$ROLE/shared $CODE", abbreviation))...)
	defer shared.must(t, region, "lambda", "delete-function", "--function-name", name)
	for i, line := range lines(text) {
		flags, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("no => in %q", line)
		}
		args := append(strings.Fields("lambda add-permission --query Statement --output text --function-name "+name), strings.Fields(flags)...)
		if !strings.Contains(flags, "--statement-id") {
			args = append(args, "--statement-id", fmt.Sprint("s", i))
		}
		said := shared.must(t, region, args...)
		var got, wanted map[string]any
		if err := json.Unmarshal([]byte(said), &got); err != nil {
			t.Errorf("%s: moto answers %q: %v", flags, said, err)
		}
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		for _, same := range []string{"Sid", "Effect", "Action", "Resource"} {
			delete(got, same)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s: moto answers otherwise (-listed +answered); mend docs/testing.md:\n%s", flags, diff)
		}
	}
}

// TestOnePolicy shows what moto cannot show: on AWS the function, each alias
// and each version have a policy of their own.
func TestOnePolicy(t *testing.T) {
	var first string
	for _, qualifier := range []string{"", "--qualifier live", "--qualifier 1"} {
		got := shared.must(t, "us-east-1", strings.Fields("lambda get-policy --query Policy --output text --function-name alias "+qualifier)...)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("moto keeps policies apart by now (%q): mend docs/testing.md, and let account.txtar say which qualifier", qualifier)
		}
	}
}

// must runs aws and ends the test when it fails.
func (w *world) must(t *testing.T, region string, args ...string) string {
	t.Helper()
	out, err := w.aws(t.Context(), region, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
