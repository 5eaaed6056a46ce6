package moto_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSnapshot judges a snapshot without AWS: the checks are those of a scan
// that asks.
func TestSnapshot(t *testing.T) {
	file := filepath.Join(shared.work, "account.jsonl.zst")
	_, problems, exit := shared.surety(t, nil, "collect", "--rate", "unlimited", "--quiet", "-o", file)
	if exit != 4 { // the poisoned policy is not in it
		t.Fatalf("collect: exit %d, want 4\n%s", exit, problems)
	}
	live, _, _ := shared.scan(t, trusting...)
	out, problems, exit := shared.surety(t, []string{"AWS_ENDPOINT_URL=http://127.0.0.1:1"},
		append([]string{"scan", "--from", file, "--format", "json", "--all"}, trusting...)...)
	if exit != 3 {
		t.Fatalf("scan --from: exit %d, want 3\n%s", exit, problems)
	}
	kept, _ := readEvents(t, out)
	if diff := cmp.Diff(tell(live), tell(kept)); diff != "" {
		t.Errorf("checks of the account and of its snapshot (-account +snapshot):\n%s", diff)
	}
}

func tell(checks map[string]check) map[string]string {
	told := map[string]string{}
	for at, c := range checks {
		told[at] = c.told()
	}
	return told
}

// TestSuggest wants every stranger of the account in the suggested trust zone,
// and nobody of the house.
func TestSuggest(t *testing.T) {
	out, problems, exit := shared.surety(t, nil, "trust", "suggest", "--rate", "unlimited", "--quiet")
	if exit != 4 { // somebody may be missing: one policy could not be read
		t.Errorf("exit %d, want 4\n%s", exit, problems)
	}
	for _, name := range []string{"222233334444", "999988887777", "o-a1b2c3d4e5", "o-zz99zz99zz"} {
		if !strings.Contains(out, name) {
			t.Errorf("%s is not suggested:\n%s", name, out)
		}
	}
	if own := regexp.MustCompile(`id: "?` + owner).FindString(out); own != "" {
		t.Errorf("the owner itself is suggested (%s):\n%s", own, out)
	}
}

// TestDoctor asks the account what a scan of it would meet.
func TestDoctor(t *testing.T) {
	out, problems, _ := shared.surety(t, nil, "doctor", "--region", "us-east-1")
	for _, word := range []string{owner, "us-east-1"} {
		if !strings.Contains(out, word) {
			t.Errorf("doctor does not mention %s:\n%s%s", word, out, problems)
		}
	}
}
