package policy

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// seeds are the documents of the examples and of the golden files.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	var all [][]byte
	for _, e := range examples(f) {
		all = append(all, e.text())
	}
	for _, file := range []string{"testdata/grammar.txtar", "testdata/stored.txtar"} {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, in := range archive.Files {
			if strings.HasSuffix(in.Name, "/in") {
				all = append(all, in.Data)
			}
		}
	}
	return all
}

func checkSyntaxError(t *testing.T, err error) {
	t.Helper()
	var e *SyntaxError
	if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.Reason == "" || strings.Contains(err.Error(), "\n") {
		t.Fatalf("error without a place or on two lines: %q", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data)
		if err != nil {
			checkSyntaxError(t, err)
			return
		}
		again, err := Parse([]byte(d.String()))
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Fatalf("%s\nis %+v, %v\nwant %+v", d, again, err, d)
		}
	})
}

func FuzzParseStored(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	r := Request{Caller: iam("222233334444", role, session), Action: "lambda:InvokeFunction", Resource: orders}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, notes, err := ParseStored(data)
		strict, strictErr := Parse(data)
		if err != nil {
			checkSyntaxError(t, err)
			if strictErr == nil {
				t.Fatalf("refused what Parse takes: %v", err)
			}
			return
		}
		if strictErr == nil && (len(notes) > 0 || !reflect.DeepEqual(d, strict)) {
			t.Fatalf("grammatical and yet noted: %q", notes)
		}
		if strictErr != nil && len(notes) == 0 {
			t.Fatalf("not grammatical (%v) and not noted", strictErr)
		}
		again, err := Parse(must(d.MarshalJSON()))
		if err != nil || Evaluate(again, r) != Evaluate(d, r) {
			t.Fatalf("%s\nprinted and read again: %v", d, err)
		}
	})
}

func FuzzEvaluate(f *testing.F) {
	requests := []string{
		`{"principal":{"type":"iam","account":"222233334444","arn":"arn:aws:iam::222233334444:role/a"},"action":"lambda:InvokeFunction","resource":"` + orders + `","context":{"aws:principalaccount":"222233334444"}}`,
		`{"principal":{"type":"anonymous"},"action":"lambda:InvokeFunctionUrl","resource":"` + orders + `","context":{"aws:sourceip":"203.0.113.9","aws:currenttime":"2026-11-22T00:00:00Z"}}`,
		`{"principal":{"type":"service","service":"s3.amazonaws.com"},"action":"lambda:InvokeFunction","resource":"` + orders + `:prod","context":{"aws:calledvia":["a","b"],"aws:multifactorauthage":3600}}`,
	}
	for i, s := range seeds(f) {
		f.Add(s, []byte(requests[i%len(requests)]))
	}
	f.Fuzz(func(t *testing.T, document, request []byte) {
		r, err := ParseRequest(request)
		if err != nil {
			checkSyntaxError(t, err)
			return
		}
		d, _, err := ParseStored(document)
		if err != nil {
			return
		}
		got := Evaluate(d, r)
		switch got.Outcome {
		case NoMatch:
			if got.Statement != -1 || got.Sid != "" {
				t.Fatalf("%+v", got)
			}
		case Allowed, Denied:
			s := d.Statements[got.Statement]
			if s.Effect.String() != string(got.Outcome) || s.Sid != got.Sid || !s.AppliesTo(d, r) {
				t.Fatalf("%+v by %+v", got, s)
			}
		default:
			t.Fatalf("no outcome: %+v", got)
		}
	})
}
