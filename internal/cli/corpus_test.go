package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"surety/internal/cli"
)

const corpus = "../../policy/testdata/examples.jsonl"

// TestCorpus runs the example policies through the command line: every answer is
// the expected one, and evaluate allows every witness.
func TestCorpus(t *testing.T) {
	code, stdout, stderr := command(t, "prove", "--cases", corpus)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d, stderr %q", code, stderr)
	}
	answers := lines(stdout)
	cases := lines(content(t, corpus))
	if len(answers) != len(cases) {
		t.Fatalf("%d answers for %d cases", len(answers), len(cases))
	}
	for i := range cases {
		confirm(t, cases[i], answers[i])
	}
}

// confirm holds one answer to its case.
func confirm(t *testing.T, caseLine, answerLine string) {
	t.Helper()
	var c struct {
		ID, Expect string
		Accept     []string
		Policy     json.RawMessage
	}
	var a struct {
		ID, Verdict string
		Statement   *int
		Witness     json.RawMessage
	}
	decode(t, caseLine, &c)
	decode(t, answerLine, &a)
	if a.ID != c.ID {
		t.Fatalf("answer of %s where that of %s belongs", a.ID, c.ID)
	}
	if a.Verdict != c.Expect && !slices.Contains(c.Accept, a.Verdict) {
		t.Errorf("%s: %s, want %s: %s", c.ID, a.Verdict, c.Expect, answerLine)
	}
	if a.Verdict != "FAIL" {
		return
	}
	var raw string
	if json.Unmarshal(c.Policy, &raw) != nil {
		raw = string(c.Policy)
	}
	code, stdout, stderr := command(t, "evaluate", file(t, raw), "--request", file(t, string(a.Witness)))
	var d struct {
		Decision  string
		Statement int
	}
	if code != 0 {
		t.Fatalf("%s: evaluate refuses the witness: %s", c.ID, stderr)
	}
	decode(t, stdout, &d)
	if d.Decision != "Allow" || a.Statement == nil {
		t.Errorf("%s: evaluate says %s to the witness of statement %v", c.ID, stdout, a.Statement)
	}
}

// command runs a command line within this process.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Run(context.Background(), cli.Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }, Now: time.Now,
	})
	return code, out.String(), errs.String()
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

func content(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}
