package profile

import (
	"fmt"
	"slices"
	"strings"

	"surety/internal/resource"
	"surety/internal/rule"
)

// Select returns the rules to judge by, by id, each with the risk that the
// configuration gives it. With words, ids or names of rules, it returns exactly
// those, also where the configuration turns them off.
func (c *Config) Select(all []*rule.Rule, words ...string) ([]*rule.Rule, error) {
	for _, w := range words {
		if !slices.ContainsFunc(all, func(r *rule.Rule) bool { return r.Is(w) }) {
			return nil, fmt.Errorf("no rule %q: surety rules lists them", w)
		}
	}
	var chosen []*rule.Rule
	for _, r := range all {
		config := c.Rules[r.ID]
		if len(words) > 0 {
			if !slices.ContainsFunc(words, r.Is) {
				continue
			}
		} else if config.Enabled != nil && !*config.Enabled {
			continue
		}
		if config.Risk != nil {
			changed := *r
			changed.Risk = *config.Risk
			r = &changed
		}
		chosen = append(chosen, r)
	}
	slices.SortFunc(chosen, func(a, b *rule.Rule) int { return strings.Compare(a.ID, b.ID) })
	return chosen, nil
}

// Facets returns every facet that judging by rules looks at under this
// configuration, sorted: what they read, cite and join, what their settings
// need, and tags when a trust entry asks for one.
func (c *Config) Facets(rules []*rule.Rule, tags resource.Facet) []resource.Facet {
	var all []resource.Facet
	for _, r := range rules {
		all = slices.Concat(all, r.Reads, r.Cites, r.Joins, c.settingsNeed(r))
	}
	if c.Trust.NeedsTags() {
		all = append(all, tags)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *Config) settingsNeed(r *rule.Rule) []resource.Facet {
	var need []resource.Facet
	members := rawMembers(c.Rules[r.ID].Settings)
	for _, s := range r.Settings {
		if raw, found := members[s.Name]; found && s.Needs != nil {
			need = append(need, s.Needs(raw)...)
		}
	}
	return need
}
