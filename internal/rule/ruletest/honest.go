package ruletest

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surety/internal/check"
	"surety/internal/resource"
)

// honest blanks one facet after the other. A facet that the rule reads turns
// every pass into unknown; one that it only cites never moves the status; one
// that it does not name changes nothing at all.
func (c *example) honest(t *testing.T, s Suite, in input) {
	t.Helper()
	whole := in.judge(t, s, "", same)
	asked := in.config.Facets(nil, s.Tags)
	for _, setting := range s.Rule.Settings {
		if raw := member(in, s, setting.Name); raw != nil && setting.Needs != nil {
			asked = append(asked, setting.Needs(raw)...)
		}
	}
	for _, f := range s.Facets {
		blank := func(r resource.Resource) resource.Resource { return s.Blank(r, f) }
		got := in.judge(t, s, f, blank)
		switch {
		case slices.Contains(s.Rule.Reads, f) || slices.Contains(s.Rule.Joins, f):
			for _, one := range got {
				if one.Status == check.Pass {
					t.Errorf("%s passes although %s was not read", one.Resource, f)
				}
			}
		case slices.Contains(asked, f):
			// The configuration narrows trust by it: without it there is less
			// trust, and never more.
			for i, one := range got {
				if one.Status == check.Pass && whole[i].Status != check.Pass {
					t.Errorf("%s passes only when %s is not read", one.Resource, f)
				}
			}
		case slices.Contains(s.Rule.Cites, f):
			if diff := cmp.Diff(statuses(whole), statuses(got)); diff != "" {
				t.Errorf("%s is only cited, yet without it the status moves:\n%s", f, diff)
			}
		default:
			if diff := cmp.Diff(whole, got); diff != "" {
				t.Errorf("%s is not named, yet without it the check moves:\n%s", f, diff)
			}
		}
	}
}

func member(in input, s Suite, name string) json.RawMessage {
	var settings map[string]json.RawMessage
	if json.Unmarshal(in.config.Rules[s.Rule.ID].Settings, &settings) != nil {
		return nil
	}
	return settings[name]
}

func statuses(checks []check.Check) []check.Status {
	var all []check.Status
	for _, c := range checks {
		all = append(all, c.Status)
	}
	return all
}
