package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/report"
	"surety/internal/resource"
	"surety/internal/rule"
)

// story is one event of every shape that the stream can hold.
func story() []report.Event {
	at := time.Date(2026, 11, 22, 1, 31, 7, 999, time.FixedZone("CET", 3600))
	fn := resource.ID("arn:aws:lambda:us-east-1:123412341234:function:f")
	ref := func(tags map[string]string) *resource.Ref {
		return &resource.Ref{ID: fn, Type: "lambda.function", Account: "123412341234", Region: "us-east-1", Name: "f", Tags: tags}
	}
	one := func(ruleID string, s check.Status, evidence string) *check.Check {
		return &check.Check{
			ID: check.ID(ruleID, fn), Rule: ruleID, Name: "lambda-rule", Status: s, Risk: rule.VeryHigh, Resource: fn, Type: "lambda.function",
			Account: "123412341234", Region: "us-east-1", Message: "a <b> & \"c\"", Evidence: json.RawMessage(evidence),
		}
	}
	fail := one("Lambda-002", check.Fail, `{"grants":[{"kind":"foreign-account","door":"direct","qualifier":"","statement":0,"sid":"CrossAccountAccess","principal":"999988887777","action":"lambda:InvokeFunction","dormant":false,"witness":{"principal":{"type":"iam","account":"999988887777","arn":"arn:aws:iam::999988887777:role/a","session":null},"action":"lambda:InvokeFunction","resource":"arn:aws:lambda:us-east-1:123412341234:function:f","context":{"aws:principalaccount":"999988887777","aws:principalorgpaths":["a","b"]}}},{"kind":"undecided","door":"url","qualifier":"prod","statement":1,"sid":"","principal":"*","action":"lambda:InvokeFunctionUrl","dormant":true,"witness":null,"why":"a bound was reached"}],"notes":["n"]}`)
	fail.Causes = []rule.Cause{{Text: "account 999988887777", Detail: "by alias prod"}, {Text: "undecided"}}
	unknown := one("Lambda-009", check.Unknown, "")
	unknown.Gaps = []check.Gap{{Facet: "lambda:GetPolicy", Qualifier: "prod", Code: "AccessDeniedException", Reason: "no"}}
	shared := one("Lambda-006", check.Fail, `{"roles":[{"arn":"arn:aws:iam::123412341234:role/r","functions":[{"function":"arn:aws:lambda:us-east-1:123412341234:function:f","region":"us-east-1","qualifiers":["$LATEST","3"]}],"power":"administrator","policies":["AdministratorAccess"]}],"scope":"among 2 regions","notes":[]}`)
	shared.Causes = []rule.Cause{{Text: "role r"}}
	known := 20
	return []report.Event{
		{Scan: &report.Scan{Schema: 1, ID: "s1", Started: at, Source: "aws", Program: "surety 0.1.0", Partition: "aws", Account: "123412341234", Qualifiers: "all"}},
		{Resource: ref(nil)},
		{Resource: ref(map[string]string{"team": "\u202eegde\x1b"})},
		{Check: fail},
		{Check: shared},
		{Check: unknown},
		{Check: one("Lambda-010", check.Pass, "{}")},
		{Gap: &report.Gap{Gap: resource.Gap{Resource: fn, Account: "123412341234", Region: "us-east-1", Facet: "lambda:GetPolicy", Qualifier: "prod", Code: "AccessDeniedException", Reason: "no"}, Needed: true}},
		{Gap: &report.Gap{Gap: resource.Gap{Account: "123412341234", Region: "eu-west-1", Facet: "lambda:ListFunctions", Code: "Timeout", Reason: "no answer"}}},
		{End: &report.End{Finished: at.Add(time.Minute), Counts: report.Counts{Pass: 1, Fail: 2, Unknown: 1, NotApplicable: 3}, Known: &known, Gaps: 2, Limits: []string{"lambda.web-function"}, Calls: 12, Throttled: 1, Exit: 3,
			Recorded: []inventory.Recorded{{Region: "us-east-1", Facet: "lambda:GetPolicy", Taken: 940, Direct: 60, Code: "AccessDeniedException", Reason: "no"}}}},
	}
}

func written(t *testing.T, events []report.Event) string {
	t.Helper()
	var out bytes.Buffer
	sink := report.NewJSON(&out)
	for _, e := range events {
		if err := sink.Event(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestJSON(t *testing.T) {
	got := written(t, story())
	const golden = "testdata/json/story.jsonl"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// What was written is read back to the same events, and written alike.
	var again []report.Event
	if err := report.Decode(strings.NewReader(got), func(e report.Event) error { again = append(again, e); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, written(t, again)); diff != "" {
		t.Errorf("replayed (-first +second):\n%s", diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	scan := `{"scan":{"schema":1,"id":"a"}}` + "\n"
	end := `{"end":{}}` + "\n"
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "no events: the file is empty"},
		{"cut off", scan, report.ErrCutOff.Error()},
		{"cut off within a line", scan + `{"check":{"id":"ab`, report.ErrCutOff.Error()},
		{"two blocks", scan + end + scan + end, ""},
		{"no newline at the end", scan + strings.TrimSpace(end), ""},
		{"empty lines", "\n" + scan + "\n" + end, ""},
		{"unknown event", scan + `{"weather":{}}` + "\n" + end, ""},
		{"unknown member", `{"scan":{"schema":1,"moon":true}}` + "\n" + end, ""},
		{"later schema", `{"scan":{"schema":2}}`, "line 1: events of schema 2: this program reads schema 1 and earlier; use a newer surety"},
		{"no schema", `{"scan":{}}`, "line 1: scan event without a schema number"},
		{"scan is no object", `{"scan":3}`, "line 1: scan event: a number where an object belongs"},
		{"two members", scan + `{"check":{},"gap":{}}`, "line 2: an event has exactly one member, this has 2"},
		{"no member", scan + `{}`, "line 2: an event has exactly one member, this has 0"},
		{"not JSON", scan + "hello", "line 2: no event: broken JSON at column 1; give a file that surety scan --format json wrote"},
		{"a list", "[]", "line 1: no event: a list where an object belongs; give a file that surety scan --format json wrote"},
		{"check first", `{"check":{}}`, "line 1: no scan event comes first; give a whole file that surety scan --format json wrote"},
		{"scan in a scan", scan + scan, "line 2: a scan event before the end of the scan before it"},
		{"after the end", scan + end + `{"gap":{}}`, "line 3: no scan event comes first; give a whole file that surety scan --format json wrote"},
		{"wrong type", scan + `{"end":{"calls":"many"}}`, "line 2: no event: end.calls may not be text; give a file that surety scan --format json wrote"},
		{"no such risk", scan + `{"check":{"risk":"awful"}}`, `line 2: no event: no risk level "awful": use low, medium, high, very-high or extreme; give a file that surety scan --format json wrote`},
		{"no such status", scan + `{"check":{"risk":"low","status":"maybe"}}`, `line 2: no check status "maybe": there are pass, fail and unknown`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := report.Decode(strings.NewReader(c.in), func(report.Event) error { return nil })
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	stop := errors.New("enough")
	if err := report.Decode(strings.NewReader(scan+end), func(report.Event) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the listener's error is lost: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	var all bytes.Buffer
	sink := report.NewJSON(&all)
	for _, e := range story() {
		if err := sink.Event(e); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(all.Bytes())
	f.Add([]byte("{\"scan\":{\"schema\":1}}\n{\"check\":{\"status\":\"fail\"}}\n{\"gap\":{}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		sink := report.NewTable(&out, report.TableOptions{All: true})
		if err := report.Decode(bytes.NewReader(data), sink.Event); err != nil && !errors.Is(err, report.ErrCutOff) {
			return
		}
		if err := sink.Close(); err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexAny(out.Bytes(), "\x1b\x07\r\x00"); i >= 0 {
			t.Fatalf("a control character reached the table: %q", out.Bytes()[max(0, i-20):i+1])
		}
	})
}

func TestTally(t *testing.T) {
	at := func(s check.Status, r rule.RiskLevel) *check.Check { return &check.Check{Status: s, Risk: r} }
	for _, c := range []struct {
		name        string
		checks      []*check.Check
		needed      bool
		interrupted bool
		failOn      rule.RiskLevel
		want        int
	}{
		{"nothing failed", []*check.Check{at(check.Pass, rule.High)}, false, false, rule.Low, report.ExitPass},
		{"failed", []*check.Check{at(check.Fail, rule.Low)}, false, false, rule.Low, report.ExitFail},
		{"failed below the level", []*check.Check{at(check.Fail, rule.Medium)}, false, false, rule.High, report.ExitPass},
		{"failed at the level", []*check.Check{at(check.Fail, rule.High), at(check.Fail, rule.Low)}, false, false, rule.High, report.ExitFail},
		{"never", []*check.Check{at(check.Fail, rule.Extreme)}, false, false, 0, report.ExitPass},
		{"unknown", []*check.Check{at(check.Unknown, rule.Low)}, false, false, rule.Low, report.ExitIncomplete},
		{"needed gap", nil, true, false, rule.Low, report.ExitIncomplete},
		{"interrupted", nil, false, true, rule.Low, report.ExitIncomplete},
		{"failing wins", []*check.Check{at(check.Fail, rule.Low), at(check.Unknown, rule.Low)}, true, true, rule.Low, report.ExitFail},
		{"below the level and incomplete", []*check.Check{at(check.Fail, rule.Low)}, true, false, rule.High, report.ExitIncomplete},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tally report.Tally
			for _, one := range c.checks {
				tally.Check(one)
			}
			tally.Gap(&report.Gap{Needed: c.needed})
			if got := tally.Exit(c.failOn, c.interrupted); got != c.want {
				t.Errorf("exit %d, want %d", got, c.want)
			}
		})
	}
}
