package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"surety/internal/report"
	"surety/policy"
	"surety/policy/prove"
)

// verdictError is the verdict on what is no policy that AWS would store.
const verdictError prove.Verdict = "ERROR"

// The answers of prove, each with its members in the order that they are
// written. ID is left out where there are no cases.
type (
	plainAnswer struct {
		ID      *string       `json:"id,omitempty"`
		Verdict prove.Verdict `json:"verdict"`
		Why     string        `json:"why"`
		Notes   []string      `json:"notes,omitempty"`
	}
	failAnswer struct {
		ID        *string         `json:"id,omitempty"`
		Verdict   prove.Verdict   `json:"verdict"`
		Statement int             `json:"statement"`
		Sid       string          `json:"sid"`
		Why       string          `json:"why"`
		Witness   *policy.Request `json:"witness"`
		Notes     []string        `json:"notes,omitempty"`
	}
	noCaseAnswer struct {
		ID      *string       `json:"id"` // always null
		Line    int           `json:"line"`
		Verdict prove.Verdict `json:"verdict"`
		Why     string        `json:"why"`
	}
)

// proveText answers one document; a document that is none is answered ERROR.
func proveText(text []byte, q prove.Question) prove.Answer {
	doc, err := policy.Parse(text)
	if err != nil {
		return prove.Answer{Verdict: verdictError, Why: oneLine(err.Error())}
	}
	return prove.Outside(doc, q)
}

// writeAnswer writes an answer as one line of JSON.
func writeAnswer(w io.Writer, id *string, a prove.Answer) error {
	var line any = plainAnswer{ID: id, Verdict: a.Verdict, Why: a.Why, Notes: a.Notes}
	if a.Verdict == prove.Fail {
		line = failAnswer{ID: id, Verdict: a.Verdict, Statement: a.Statement, Sid: a.Sid, Why: a.Why, Witness: a.Witness, Notes: a.Notes}
	}
	return writeLine(w, line)
}

// writeLine writes a value as one line of JSON.
func writeLine(w io.Writer, v any) error {
	if err := report.EncodeJSON(w, v, "", ""); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// writeIndented writes a value as JSON for people, each line two columns in.
func writeIndented(w io.Writer, v any) error {
	if _, err := io.WriteString(w, "  "); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	if err := report.EncodeJSON(w, v, "  ", "  "); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// writeVerdict writes an answer for people. What is no policy is told on stderr
// alone, as everything that could not be done.
func (a *app) writeVerdict(name string, answer prove.Answer) error {
	if answer.Verdict == verdictError {
		return fmt.Errorf("%s is not a policy: %s", a.called(name), answer.Why)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", answer.Verdict, oneLine(answer.Why))
	if answer.Verdict == prove.Fail {
		fmt.Fprintf(&b, "statement %d", answer.Statement)
		if answer.Sid != "" {
			fmt.Fprintf(&b, " (%s)", oneLine(answer.Sid))
		}
		b.WriteString(" lets in this request:\n")
		if err := writeIndented(&b, answer.Witness); err != nil {
			return err
		}
	}
	for _, n := range answer.Notes {
		fmt.Fprintf(&b, "note: %s\n", oneLine(n))
	}
	if _, err := io.WriteString(a.Stdout, b.String()); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// errLongLine is the answer to a line beyond largestPolicy.
var errLongLine = errors.New("the line is longer than any policy may be")
