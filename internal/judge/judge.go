// Package judge applies rules to what a scan saw: one check for every rule on
// every resource of the rule's type. It is pure: the same snapshot, rules,
// profile and time give the same checks in the same order.
package judge

import (
	"context"
	"maps"
	"slices"
	"time"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
)

// Case is what is to be judged, and by what.
type Case struct {
	Snapshot *inventory.Snapshot // sealed, and not changed while it is judged
	Rules    []*rule.Rule        // enabled ones, by id: see profile.Config.Select
	Profile  *profile.Profile
	Now      time.Time // of the scan
	// Only judges these resources and no others; nil judges all. Rules that
	// join still see every resource.
	Only []resource.ID
}

// Result is everything that one resource was told.
type Result struct {
	Ref           resource.Ref
	Checks        []check.Check // by rule id
	NotApplicable int           // rules that do not apply to it
}

// Run judges every resource for whose type there is a rule and calls emit for
// each, from one goroutine, by type and then by id. It never holds all results.
// It ends early with emit's error, or the context's.
func Run(ctx context.Context, c Case, emit func(Result) error) error {
	v := newView(c)
	types := map[resource.Type]bool{}
	for _, r := range c.Rules {
		types[r.Type] = true
	}
	for _, t := range slices.Sorted(maps.Keys(types)) {
		if err := inOrder(ctx, c.only(c.Snapshot.Of(t)), v.judge, emit); err != nil {
			return err
		}
	}
	return nil
}

// Early returns the failing checks of one resource while the rest is still being
// read, by the rules that join nothing. The final result may hold more, never
// less. The case's snapshot need hold no more than a header.
func Early(c Case, res resource.Resource) []check.Check {
	v := newView(c)
	var failing []check.Check
	for _, r := range c.Rules {
		if len(r.Joins) > 0 || r.Type != res.Ref().Type {
			continue
		}
		if one, applies := v.check(r, res); applies && one.Status == check.Fail {
			failing = append(failing, one)
		}
	}
	return failing
}

// Needed reports whether the verdict of one of the rules hangs on what the gap
// is about.
func Needed(g resource.Gap, rules []*rule.Rule) bool {
	return slices.ContainsFunc(rules, func(r *rule.Rule) bool {
		return slices.Contains(r.Reads, g.Facet) || slices.Contains(r.Joins, g.Facet)
	})
}

func (c *Case) only(all []resource.Resource) []resource.Resource {
	if c.Only == nil {
		return all
	}
	var some []resource.Resource
	for _, r := range all {
		if slices.Contains(c.Only, r.Ref().ID) {
			some = append(some, r)
		}
	}
	return some
}
