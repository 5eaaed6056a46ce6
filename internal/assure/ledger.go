package assure

import (
	"maps"
	"slices"

	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/report"
	"surety/internal/resource"
)

// ledger accounts for every region of a member: what was read, what was not, and
// why.
func (v *Visit) ledger(global bool) []report.Ledger {
	line := report.Ledger{Account: v.Account, Name: v.Name, Unit: v.Unit, Tags: v.Tags}
	if v.Left != nil {
		line.State, line.Code, line.Reason = report.Skipped, v.Left.Code, v.Left.Reason
		return []report.Ledger{line}
	}
	if v.Barred != nil {
		line.State, line.Code, line.Reason, line.Gaps = report.Failed, v.Barred.Code, v.Barred.Reason, 1
		return []report.Ledger{line}
	}
	places := slices.Clone(v.Snapshot.Header.Regions)
	if global && len(places) > 0 {
		places = append([]resource.Region{""}, places...)
	}
	lines := make([]report.Ledger, 0, len(places)+len(v.Skipped))
	held := inventoryOf(v.Snapshot)
	for _, r := range places {
		one := line
		one.Region, one.State, one.Resources = r, report.Read, held[r]
		for _, g := range v.Snapshot.Gaps() {
			one.Count(g)
		}
		lines = append(lines, one)
	}
	for _, r := range slices.Sorted(maps.Keys(v.Skipped)) {
		one := line
		one.Region, one.State, one.Code, one.Reason = r, report.Skipped, v.Skipped[r].Code, v.Skipped[r].Reason
		lines = append(lines, one)
	}
	return lines
}

// inventoryOf counts the resources of each region.
func inventoryOf(s *inventory.Snapshot) map[resource.Region]int {
	held := map[resource.Region]int{}
	for _, t := range s.Types() {
		for _, r := range s.Of(t) {
			held[r.Ref().Region]++
		}
	}
	return held
}

// readsGlobal reports whether something that AWS keeps once for all regions is
// to be read.
func readsGlobal(readers []collect.Reader, facets []resource.Facet) bool {
	return slices.ContainsFunc(readers, func(r collect.Reader) bool {
		return r.Global() && slices.ContainsFunc(r.Facets(), func(f resource.Facet) bool { return slices.Contains(facets, f) })
	})
}
