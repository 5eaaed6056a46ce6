package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// FuzzCases holds prove --cases to one answer for every line, each of them a
// JSON object with a verdict, whatever the lines are.
func FuzzCases(f *testing.F) {
	const arn = "arn:aws:lambda:us-east-1:111122223333:function:f"
	for _, seed := range []string{
		"", "\n", "{}", "null\n[]", `{"id":"a"`, `{"id":"a"}{"id":"b"}`, "\xff",
		`{"id":"a","function_arn":"` + arn + `","policy":{"Statement":[]}}`,
		`{"id":"a","function_arn":"` + arn + `","policy":"{","trusted_accounts":["222233334444"]}`,
		`{"id":"a","function_arn":"` + arn + `","policy":{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var out bytes.Buffer
		a := &app{Process: Process{Stdin: bytes.NewReader(text), Stdout: &out}}
		bad := a.proveCases("-", time.Time{}) != nil
		asked := strings.Count(string(text), "\n")
		if len(text) > 0 && text[len(text)-1] != '\n' {
			asked++
		}
		answers := strings.SplitAfter(out.String(), "\n")
		answers = answers[:len(answers)-1]
		if len(answers) != asked {
			t.Fatalf("%d answers to %d lines", len(answers), asked)
		}
		none := 0
		for _, line := range answers {
			var answer struct {
				ID      *string
				Verdict string
				Why     string
			}
			if err := json.Unmarshal([]byte(line), &answer); err != nil || answer.Verdict == "" || answer.Why == "" {
				t.Fatalf("answer %q: %v", line, err)
			}
			if answer.ID == nil {
				none++
			}
		}
		if bad != (none > 0) {
			t.Fatalf("%d lines are no case, and the exit code says %v", none, bad)
		}
	})
}
