package judge_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
)

// thing is a resource that says itself what the rule is to find.
type thing struct {
	name   string
	region resource.Region
	kind   resource.Type
	find   rule.Outcome
	gaps   []resource.Gap
}

func (th *thing) Ref() resource.Ref {
	return resource.Ref{ID: resource.ID("id:" + th.name), Type: th.kind, Account: "123412341234", Region: th.region, Name: th.name}
}

func thingRule(id string, kind resource.Type, reads, joins []resource.Facet) *rule.Rule {
	return rule.For(rule.Rule{ID: id, Name: "name-of-" + id, Risk: rule.High, Type: kind, Reads: reads, Joins: joins}, func(v rule.View, th *thing) rule.Verdict {
		verdict := rule.Verdict{Outcome: th.find, Message: "message", Gaps: th.gaps}
		if th.find == rule.Fail {
			verdict.Causes = []rule.Cause{{Text: "cause"}}
			verdict.Evidence = map[string]int{"n": len(v.Of(kind))}
		}
		return verdict
	})
}

var header = inventory.Header{Account: "123412341234", Regions: []resource.Region{"r1", "r2"}, Facets: []resource.Facet{"join", "read", "read2", "spare"}}

func snapshot(h inventory.Header, gaps []resource.Gap, things ...*thing) *inventory.Snapshot {
	s := inventory.New(h)
	for _, th := range things {
		s.Add(th)
	}
	for _, g := range gaps {
		s.AddGap(g)
	}
	s.Seal()
	return s
}

func run(t *testing.T, c judge.Case) []judge.Result {
	t.Helper()
	var all []judge.Result
	if err := judge.Run(t.Context(), c, func(r judge.Result) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestStatus(t *testing.T) {
	gap := func(id resource.ID, r resource.Region, f resource.Facet) resource.Gap {
		return resource.Gap{Resource: id, Account: "123412341234", Region: r, Facet: f, Code: "Denied", Reason: "no"}
	}
	own := []resource.Gap{{Facet: "read", Qualifier: "prod", Code: resource.CodeMalformed, Reason: "no policy"}}
	without := header
	without.Facets = []resource.Facet{"join", "spare"}
	for _, c := range []struct {
		name   string
		header inventory.Header
		gaps   []resource.Gap
		find   rule.Outcome
		own    []resource.Gap
		want   check.Status
		of     []string // facets of the check's gaps
	}{
		{"pass", header, nil, rule.Pass, nil, check.Pass, nil},
		{"fail", header, nil, rule.Fail, nil, check.Fail, nil},
		{"not applicable", header, []resource.Gap{gap("id:a", "r1", "read")}, rule.NotApplicable, nil, "", nil},
		{"its own gap", header, []resource.Gap{gap("id:a", "r1", "read")}, rule.Pass, nil, check.Unknown, []string{"read"}},
		{"its region's gap", header, []resource.Gap{gap("", "r1", "read2")}, rule.Pass, nil, check.Unknown, []string{"read2"}},
		{"its account's gap", header, []resource.Gap{gap("", "", "read")}, rule.Pass, nil, check.Unknown, []string{"read"}},
		{"all three, told once", header, []resource.Gap{gap("id:a", "r1", "read"), gap("", "r1", "read"), gap("", "", "read")}, rule.Pass, nil, check.Unknown, []string{"read"}},
		{"another's gap", header, []resource.Gap{gap("id:b", "r1", "read")}, rule.Pass, nil, check.Pass, nil},
		{"another region's gap", header, []resource.Gap{gap("", "r2", "read")}, rule.Pass, nil, check.Pass, nil},
		{"a facet that it does not read", header, []resource.Gap{gap("id:a", "r1", "spare"), gap("", "", "spare")}, rule.Pass, nil, check.Pass, nil},
		{"another region's gap in what it joins", header, []resource.Gap{gap("", "r2", "join")}, rule.Pass, nil, check.Unknown, []string{"join"}},
		{"another's gap in what it joins", header, []resource.Gap{gap("id:b", "r2", "join")}, rule.Pass, nil, check.Unknown, []string{"join"}},
		{"a fail stands", header, []resource.Gap{gap("id:a", "r1", "read"), gap("", "", "join")}, rule.Fail, own, check.Fail, nil},
		{"not asked for", without, nil, rule.Pass, nil, check.Unknown, []string{"read", "read2"}},
		{"not asked for, yet failing", without, nil, rule.Fail, nil, check.Fail, nil},
		{"the rule could not read", header, nil, rule.Pass, own, check.Unknown, []string{"read"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := thingRule("R-1", "t", []resource.Facet{"read", "read2"}, []resource.Facet{"join"})
			got := run(t, judge.Case{
				Snapshot: snapshot(c.header, c.gaps, &thing{name: "a", region: "r1", kind: "t", find: c.find, gaps: c.own}),
				Rules:    []*rule.Rule{r},
			})
			if len(got) != 1 {
				t.Fatalf("%d results", len(got))
			}
			if c.want == "" {
				if len(got[0].Checks) != 0 || got[0].NotApplicable != 1 {
					t.Errorf("got %+v", got[0])
				}
				return
			}
			one := got[0].Checks[0]
			var of []string
			for _, g := range one.Gaps {
				of = append(of, string(g.Facet))
			}
			if diff := cmp.Diff(c.of, of); one.Status != c.want || diff != "" {
				t.Errorf("%s, want %s; gaps (-want +got):\n%s", one.Status, c.want, diff)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	r := thingRule("Lambda-002", "t", nil, nil)
	got := run(t, judge.Case{Snapshot: snapshot(header, nil, &thing{name: "a", region: "r1", kind: "t", find: rule.Fail}), Rules: []*rule.Rule{r}})
	want := []judge.Result{{
		Ref: resource.Ref{ID: "id:a", Type: "t", Account: "123412341234", Region: "r1", Name: "a"},
		Checks: []check.Check{{
			// printf 'Lambda-002\nid:a' | sha256sum, first 32 digits
			ID: "61d8c142248610fdca2f41949ef7e023", Rule: "Lambda-002", Name: "name-of-Lambda-002", Status: check.Fail, Risk: rule.High,
			Resource: "id:a", Type: "t", Account: "123412341234", Region: "r1", Message: "message", Evidence: []byte(`{"n":1}`), Causes: []rule.Cause{{Text: "cause"}},
		}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOrder: results come by type and id, each resource once, whatever the
// workers do; a resource of a type without rules is passed over.
func TestOrder(t *testing.T) {
	var things []*thing
	var want []string
	for _, kind := range []resource.Type{"t1", "t2", "t3"} {
		for i := range 1000 {
			things = append(things, &thing{name: fmt.Sprintf("%s-%04d", kind, i), kind: kind, find: rule.Pass})
			if kind != "t2" {
				want = append(want, fmt.Sprintf("id:%s-%04d", kind, i))
			}
		}
	}
	slices.Reverse(things)
	var got []string
	c := judge.Case{Snapshot: snapshot(header, nil, things...), Rules: []*rule.Rule{thingRule("R-1", "t3", nil, nil), thingRule("R-2", "t1", nil, nil), thingRule("R-3", "t1", nil, nil)}}
	for _, r := range run(t, c) {
		got = append(got, string(r.Ref.ID))
		if n := len(r.Checks); r.Ref.Type == "t1" && (n != 2 || r.Checks[0].Rule != "R-2") || r.Ref.Type == "t3" && n != 1 {
			t.Fatalf("%s has %d checks", r.Ref.ID, n)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c.Only = []resource.ID{"id:t1-0007", "id:t2-0001"}
	if some := run(t, c); len(some) != 1 || some[0].Ref.ID != "id:t1-0007" {
		t.Errorf("only one was asked for: %+v", some)
	}
}

func TestEnds(t *testing.T) {
	var things []*thing
	for i := range 2000 {
		things = append(things, &thing{name: fmt.Sprint(i), kind: "t", find: rule.Pass})
	}
	c := judge.Case{Snapshot: snapshot(header, nil, things...), Rules: []*rule.Rule{thingRule("R-1", "t", nil, nil)}}
	enough, heard := errors.New("enough"), 0
	err := judge.Run(t.Context(), c, func(judge.Result) error {
		if heard++; heard == 700 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || heard != 700 {
		t.Errorf("%v after %d", err, heard)
	}
	ctx, cancel := context.WithCancel(t.Context())
	heard = 0
	err = judge.Run(ctx, c, func(judge.Result) error {
		if heard++; heard == 300 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || heard != 300 {
		t.Errorf("%v after %d", err, heard)
	}
}

func TestEarly(t *testing.T) {
	rules := []*rule.Rule{thingRule("R-1", "t", []resource.Facet{"read"}, nil), thingRule("R-2", "t", nil, []resource.Facet{"join"}), thingRule("R-3", "other", nil, nil)}
	c := judge.Case{Snapshot: inventory.New(header), Rules: rules}
	if got := judge.Early(c, &thing{name: "a", kind: "t", find: rule.Fail}); len(got) != 1 || got[0].Rule != "R-1" {
		t.Errorf("want the one rule that joins nothing: %+v", got)
	}
	for _, o := range []rule.Outcome{rule.Pass, rule.NotApplicable} {
		if got := judge.Early(c, &thing{name: "a", kind: "t", find: o}); len(got) != 0 {
			t.Errorf("nothing fails, yet: %+v", got)
		}
	}
}

func TestNeeded(t *testing.T) {
	rules := []*rule.Rule{thingRule("R-1", "t", []resource.Facet{"read"}, nil), thingRule("R-2", "t", nil, []resource.Facet{"join"})}
	for f, want := range map[resource.Facet]bool{"read": true, "join": true, "spare": false} {
		if got := judge.Needed(resource.Gap{Facet: f}, rules); got != want {
			t.Errorf("%s needed: %t, want %t", f, got, want)
		}
	}
}

func TestView(t *testing.T) {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	h := header
	h.Organization, h.Qualifiers, h.RegionsChosen = "o-a1b2c3d4e5", "aliases", true
	config, err := profile.Parse([]byte(`trust: {accounts: [{id: "222233334444", name: partner}]}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	r := rule.For(rule.Rule{ID: "R-1", Type: "t"}, func(v rule.View, th *thing) rule.Verdict {
		zone, key, org := v.TrustZone(th.Ref())
		regions, chosen := v.Regions()
		twice := v.Once("k", func() any { made++; return made }).(int) + v.Once("k", func() any { made++; return made }).(int)
		return rule.Verdict{Outcome: rule.Pass, Message: fmt.Sprintf("%v %q %s %v %t %s %s %v %d", zone.Accounts, key, org, regions, chosen, v.Qualifiers(), v.AccountName("222233334444"), v.Now().Equal(at), twice)}
	})
	got := run(t, judge.Case{Snapshot: snapshot(h, nil, &thing{name: "a", kind: "t"}), Rules: []*rule.Rule{r}, Profile: config.Resolve(profile.Organization{}, at), Now: at})
	want := `[222233334444] "" o-a1b2c3d4e5 [r1 r2] true aliases partner true 2`
	if message := got[0].Checks[0].Message; message != want {
		t.Errorf("the rule saw %s, want %s", message, want)
	}
}

func TestUnknownMessage(t *testing.T) {
	var own []resource.Gap
	for i := range 5 {
		own = append(own, resource.Gap{Facet: "read", Qualifier: fmt.Sprint(i), Code: "Denied"})
	}
	got := run(t, judge.Case{
		Snapshot: snapshot(header, nil, &thing{name: "a", kind: "t", find: rule.Pass, gaps: own}), Rules: []*rule.Rule{thingRule("R-1", "t", nil, nil)},
	})
	want := "not known: could not read read of 0 (Denied), read of 1 (Denied), read of 2 (Denied) and more"
	if message := got[0].Checks[0].Message; message != want {
		t.Errorf("%q, want %q", message, want)
	}
}
