package assure_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"surety/internal/assure"
	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/report"
	"surety/internal/resource"
	"surety/internal/rule"
)

const (
	facet   resource.Facet = "test:Read"
	cited   resource.Facet = "test:Cite"
	account                = "111122223333"
)

// thing is a resource whose name says what the rule makes of it.
type thing struct{ name string }

func (t *thing) Ref() resource.Ref {
	return resource.Ref{ID: resource.ID(t.name), Type: "test.thing", Account: account, Region: "us-east-1", Name: t.name}
}

// byName fails, passes or skips a thing by its name.
func byName(id string, risk rule.RiskLevel) *rule.Rule {
	return rule.For(rule.Rule{
		ID: id, Name: "by-name", Risk: risk, Type: "test.thing", Reads: []resource.Facet{facet}, Cites: []resource.Facet{cited},
	}, func(_ rule.View, t *thing) rule.Verdict {
		switch t.name[0] {
		case 'f':
			return rule.Verdict{Outcome: rule.Fail, Message: "it is " + t.name, Causes: []rule.Cause{{Text: "name"}}}
		case 'n':
			return rule.Verdict{Outcome: rule.NotApplicable}
		}
		return rule.Verdict{Outcome: rule.Pass}
	})
}

// recorder is a sink that keeps what it hears.
type recorder struct {
	events []report.Event
	broken error // told at the second event
}

func (r *recorder) Event(e report.Event) error {
	if r.broken != nil && len(r.events) > 0 {
		return r.broken
	}
	r.events = append(r.events, e)
	return nil
}

func (r *recorder) Close() error { return nil }

// shape names the kinds of events in order.
func (r *recorder) shape() []string {
	var kinds []string
	for _, e := range r.events {
		switch {
		case e.Scan != nil:
			kinds = append(kinds, "scan")
		case e.Resource != nil:
			kinds = append(kinds, "resource "+e.Resource.Name)
		case e.Check != nil:
			kinds = append(kinds, string(e.Check.Status))
		case e.Gap != nil:
			kinds = append(kinds, "gap "+string(e.Gap.Facet))
		case e.End != nil:
			kinds = append(kinds, "end")
		}
	}
	return kinds
}

func (r *recorder) end(t *testing.T) *report.End {
	t.Helper()
	if len(r.events) == 0 || r.events[len(r.events)-1].End == nil {
		t.Fatalf("no end event comes last: %v", r.shape())
	}
	return r.events[len(r.events)-1].End
}

// snapshot holds things by name, and gaps.
func snapshot(names []string, gaps ...resource.Gap) *inventory.Snapshot {
	s := inventory.New(inventory.Header{
		ID: "id", Account: account, Regions: []resource.Region{"us-east-1"}, Facets: []resource.Facet{cited, facet},
		Started: time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC),
	})
	for _, n := range names {
		s.Add(&thing{n})
	}
	for _, g := range gaps {
		s.AddGap(g)
	}
	s.Seal()
	return s
}

var denied = resource.Gap{Resource: "p", Account: account, Region: "us-east-1", Facet: facet, Code: "AccessDenied", Reason: "no"}

func TestExit(t *testing.T) {
	elsewhere, aside := denied, denied
	elsewhere.Resource = "q"
	aside.Facet = cited
	for name, c := range map[string]struct {
		things      []string
		gaps        []resource.Gap
		failOn      rule.RiskLevel
		interrupted bool
		exit        int
		complete    bool
	}{
		"nothing there":                    {nil, nil, rule.Low, false, 0, true},
		"passes":                           {[]string{"p", "p2"}, nil, rule.Low, false, 0, true},
		"a fail":                           {[]string{"p", "f"}, nil, rule.Low, false, 3, true},
		"a fail at the level":              {[]string{"f"}, nil, rule.High, false, 3, true},
		"a fail below the level":           {[]string{"f"}, nil, rule.VeryHigh, false, 0, true},
		"a fail, never":                    {[]string{"f"}, nil, 0, false, 0, true},
		"an unknown":                       {[]string{"p"}, []resource.Gap{denied}, rule.Low, false, 4, false},
		"a needed gap of nothing judged":   {[]string{"p"}, []resource.Gap{elsewhere}, rule.Low, false, 4, false},
		"a gap that is only cited":         {[]string{"p"}, []resource.Gap{aside}, rule.Low, false, 0, true},
		"an interrupt":                     {[]string{"p"}, nil, rule.Low, true, 4, false},
		"a fail and an unknown":            {[]string{"f", "p"}, []resource.Gap{denied}, rule.Low, false, 3, false},
		"a fail below, and an unknown":     {[]string{"f", "p"}, []resource.Gap{denied}, rule.Extreme, false, 4, false},
		"not applicable":                   {[]string{"n"}, nil, rule.Low, false, 0, true},
		"a fail, interrupted, never":       {[]string{"f"}, nil, 0, true, 4, false},
		"a gap does not hide what failed":  {[]string{"f"}, []resource.Gap{{Resource: "f", Account: account, Facet: facet, Code: "X"}}, rule.Low, false, 3, false},
		"a region that was not listed":     {nil, []resource.Gap{{Account: account, Region: "us-east-1", Facet: facet, Code: "X"}}, rule.Low, false, 4, false},
		"an account that was not readable": {[]string{"p"}, []resource.Gap{{Account: account, Facet: facet, Code: "X"}}, rule.Low, false, 4, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := snapshot(c.things, c.gaps...)
			s.Footer.Interrupted = c.interrupted
			var heard recorder
			exit, err := assure.Judgement{Rules: []*rule.Rule{byName("T-1", rule.High)}, FailOn: c.failOn}.Tell(context.Background(), s, &heard)
			if err != nil {
				t.Fatal(err)
			}
			end := heard.end(t)
			if exit != c.exit || end.Exit != exit || end.Complete != c.complete || end.Interrupted != c.interrupted {
				t.Errorf("exit %d, end %+v; want exit %d, complete %v", exit, end, c.exit, c.complete)
			}
		})
	}
}

func TestOrderOfEvents(t *testing.T) {
	var heard recorder
	j := assure.Judgement{Rules: []*rule.Rule{byName("T-1", rule.Low), byName("T-2", rule.High)}, Limits: []string{"a.limit"}}
	if _, err := j.Tell(context.Background(), snapshot([]string{"p", "f", "n"}, denied), &heard); err != nil {
		t.Fatal(err)
	}
	want := []string{"scan", "resource f", "fail", "fail", "resource n", "resource p", "unknown", "unknown", "gap test:Read", "end"}
	if got := heard.shape(); !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
	end := heard.end(t)
	if want := (report.Counts{Fail: 2, Unknown: 2, NotApplicable: 2}); end.Counts != want || end.Gaps != 1 {
		t.Errorf("counts %+v and %d gaps, want %+v and 1", end.Counts, end.Gaps, want)
	}
}

func TestOnlyTheFreshFails(t *testing.T) {
	var heard recorder
	j := assure.Judgement{
		Rules: []*rule.Rule{byName("T-1", rule.Low)}, FailOn: rule.Low,
		Fresh: func(c *check.Check) bool { return c.Resource == "f2" },
	}
	exit, err := j.Tell(context.Background(), snapshot([]string{"f1", "f2", "p"}), &heard)
	if err != nil {
		t.Fatal(err)
	}
	if end := heard.end(t); exit != 3 || end.Counts.Fail != 1 || end.Counts.Pass != 1 || end.Known == nil || *end.Known != 1 {
		t.Errorf("exit %d, counts %+v, known %v", exit, end.Counts, end.Known)
	}
	j.Fresh = func(*check.Check) bool { return false }
	if exit, _ = j.Tell(context.Background(), snapshot([]string{"f1"}), &heard); exit != 0 {
		t.Errorf("exit %d where nothing is new", exit)
	}
}

func TestFacetsNeverAskedAreGaps(t *testing.T) {
	s := snapshot([]string{"p"})
	s.Header.Facets = nil
	var heard recorder
	exit, err := assure.Judgement{Rules: []*rule.Rule{byName("T-1", rule.Low)}}.Tell(context.Background(), s, &heard)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"scan", "resource p", "unknown", "gap test:Read", "end"}
	if got := heard.shape(); exit != 4 || !slices.Equal(got, want) {
		t.Errorf("exit %d, events %q, want 4, %q", exit, got, want)
	}
}

func TestBrokenSinkBreaksOff(t *testing.T) {
	full := errors.New("disk full")
	heard := recorder{broken: full}
	_, err := assure.Judgement{Rules: []*rule.Rule{byName("T-1", rule.Low)}}.Tell(context.Background(), snapshot([]string{"p"}), &heard)
	if !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
}
