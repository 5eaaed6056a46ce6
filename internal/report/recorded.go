package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// RecordedText says for people how much of a scan is as AWS Config recorded it,
// and where Config was not asked any further; "" where it was not asked at all.
func RecordedText(all []inventory.Recorded) string {
	if len(all) == 0 {
		return ""
	}
	taken, direct := map[resource.Facet]int{}, map[resource.Facet]int{}
	regions, reasons := map[string][]string{}, map[string]string{}
	for _, r := range all {
		taken[r.Facet] += r.Taken
		direct[r.Facet] += r.Direct
		if r.Code != "" && !slices.Contains(regions[r.Code], string(r.Region)) {
			regions[r.Code] = append(regions[r.Code], string(r.Region))
			reasons[r.Code] = r.Reason
		}
	}
	var told []string
	for _, f := range slices.Sorted(maps.Keys(taken)) {
		told = append(told, fmt.Sprintf("%s: %d taken as AWS Config recorded them, %d left to the service itself", f, taken[f], direct[f]))
	}
	for _, code := range slices.Sorted(maps.Keys(regions)) {
		slices.Sort(regions[code])
		told = append(told, fmt.Sprintf("Config was not asked any further in %s: %s: %s", few(regions[code]), code, strings.TrimSuffix(reasons[code], ".")))
	}
	return strings.Join(told, "; ") + "."
}
