package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"surety/internal/resource"
	"surety/services/lambda"
)

// meant is one entry of the setting of that name: sharing that is intended. Two
// functions may share a role when both match the entry; what it gives of role,
// tag and functions must all hold.
type meant struct {
	Role      string   `json:"role"` // ARN pattern
	Tag       *tag     `json:"tag"`
	Functions []string `json:"functions"` // ARN patterns: one must match
	Owner     string   `json:"owner"`
	Reason    string   `json:"reason"`
	Until     string   `json:"until"` // last day, UTC, included; "" is no end

	number    int // in the setting
	ended     bool
	role      resource.Pattern
	functions []resource.Pattern
}

type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"` // "" is any
}

// checkMeant refuses an entry that could not mean anything.
func checkMeant(raw json.RawMessage) error {
	_, err := readMeant(raw)
	return err
}

func readMeant(raw json.RawMessage) (meant, error) {
	var m meant
	if !spelt(raw) || json.Unmarshal(raw, &m) != nil {
		return m, errors.New("an entry has role, tag {key, value}, functions [patterns], owner, reason and until (text), and nothing else")
	}
	if m.Role == "" && m.Tag == nil && len(m.Functions) == 0 {
		return m, errors.New("the entry means nothing: give it role, tag or functions")
	}
	if m.Tag != nil && m.Tag.Key == "" {
		return m, errors.New("the tag has no key: write {key: team, value: edge}")
	}
	var err error
	if m.Role != "" {
		if m.role, err = resource.ParsePattern(m.Role); err != nil {
			return m, err
		}
	}
	for _, f := range m.Functions {
		pattern, err := resource.ParsePattern(f)
		if err != nil {
			return m, err
		}
		m.functions = append(m.functions, pattern)
	}
	if m.Until != "" {
		if _, err := time.Parse(time.DateOnly, m.Until); err != nil {
			return m, fmt.Errorf("%q is no day: write until as 2027-06-30", m.Until)
		}
	}
	return m, nil
}

// spelt reports whether an entry has known members only, to the letter:
// encoding/json would also take Role for role.
func spelt(raw json.RawMessage) bool {
	var entry map[string]json.RawMessage
	var tag map[string]json.RawMessage
	if json.Unmarshal(raw, &entry) != nil || len(entry["tag"]) > 0 && json.Unmarshal(entry["tag"], &tag) != nil {
		return false
	}
	for name := range entry {
		if !slices.Contains([]string{"role", "tag", "functions", "owner", "reason", "until"}, name) {
			return false
		}
	}
	for name := range tag {
		if name != "key" && name != "value" {
			return false
		}
	}
	return true
}

// meantNeeds asks for tags when an entry names one.
func meantNeeds(raw json.RawMessage) []resource.Facet {
	var list []meant
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	if slices.ContainsFunc(list, func(m meant) bool { return m.Tag != nil }) {
		return []resource.Facet{lambda.FacetTags}
	}
	return nil
}

// parseMeant reads settings that were checked before; an entry that cannot be
// read means nothing, so nothing is let through by it.
func parseMeant(settings json.RawMessage, now time.Time) []meant {
	var s struct{ Meant []json.RawMessage }
	if len(settings) == 0 || json.Unmarshal(settings, &s) != nil {
		return nil
	}
	var all []meant
	for i, raw := range s.Meant {
		m, err := readMeant(raw)
		if err != nil {
			continue
		}
		m.number = i
		if day, err := time.Parse(time.DateOnly, m.Until); err == nil {
			m.ended = !now.Before(day.AddDate(0, 0, 1))
		}
		all = append(all, m)
	}
	return all
}

func (m *meant) matches(fn *lambda.Function, role string) bool {
	if m.Role != "" && !m.role.Match(role) {
		return false
	}
	if m.Tag != nil {
		value, found := fn.Tags[m.Tag.Key]
		if !found || m.Tag.Value != "" && m.Tag.Value != value {
			return false
		}
	}
	return len(m.functions) == 0 || slices.ContainsFunc(m.functions, func(p resource.Pattern) bool { return p.Match(fn.ARN) })
}

// matchAll returns the numbers of the entries in force that a function matches
// under a role, in order.
func matchAll(all []meant, fn *lambda.Function, role string) []int {
	var found []int
	for i := range all {
		if !all[i].ended && all[i].matches(fn, role) {
			found = append(found, all[i].number)
		}
	}
	return found
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(n int) bool { return slices.Contains(b, n) })
}

// ended names the entries that covered a function until their day passed.
func (a *roles) ended(fn *lambda.Function, shared []share) []string {
	notes := []string{}
	for i := range a.meant {
		m := &a.meant[i]
		for _, s := range shared {
			if m.ended && m.matches(fn, s.group.arn) {
				notes = append(notes, fmt.Sprintf("setting meant[%d] ended on %s and does not count any more", m.number, m.Until))
				break
			}
		}
	}
	return notes
}
