package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"surety/internal/resource"
)

// gapKey is what gaps are told together by.
type gapKey struct {
	facet  resource.Facet
	code   string
	region resource.Region
	needed bool
}

type gapGroup struct {
	places int
	first  []string // what the first gaps are about
	reason string   // of the first
}

// named is how many places of a gap are named before the rest is counted.
const named = 3

func (t *table) gap(g *Gap) {
	t.tally.Gap(g)
	key := gapKey{g.Facet, g.Code, g.Region, g.Needed}
	group := t.gaps[key]
	if group == nil {
		group = &gapGroup{reason: g.Reason}
		t.gaps[key] = group
	}
	group.places++
	if g.Resource != "" && len(group.first) < named {
		place := shortID(g.Resource)
		if g.Qualifier != "" {
			place += ":" + g.Qualifier
		}
		group.first = append(group.first, place)
	}
}

// foot prints counts, coverage, what was not seen, and limits.
func (t *table) foot(end *End) {
	t.line("")
	t.line(t.paint(bold, t.counts(end)))
	t.paragraph(t.coverage(end))
	if end != nil {
		t.paragraph(RecordedText(end.Recorded))
	}
	t.notSeen()
	switch {
	case end == nil:
		t.paragraph("The events were cut off before their end: what stands here is true, but not all.")
		return
	case end.Interrupted:
		t.paragraph("The scan was stopped before its end: what was not read is unknown, never passed.")
	}
	if len(end.Limits) > 0 && t.member == nil { // of many accounts, once for all
		t.paragraph("Not read by this version, for anybody: " + strings.Join(end.Limits, ", ") + ".")
	}
}

// counts says how many checks there are of each status, and how many a baseline
// left out.
func (t *table) counts(end *End) string {
	counts := t.tally.Counts
	if end != nil {
		counts = end.Counts
	}
	text := fmt.Sprintf("%d failed, %d unknown, %d passed", counts.Fail, counts.Unknown, counts.Pass)
	if counts.NotApplicable > 0 {
		text += fmt.Sprintf(", %d not applicable", counts.NotApplicable)
	}
	switch {
	case end == nil || end.Known == nil:
		return text
	case *end.Known == 1:
		return text + "; 1 known failure left out"
	}
	return text + fmt.Sprintf("; %d known failures left out", *end.Known)
}

func (t *table) paragraph(s string) {
	for _, line := range Wrap(Harmless(s), Width) {
		t.line(line)
	}
}

// coverage says what was looked at.
func (t *table) coverage(end *End) string {
	var seen []string
	for _, kind := range slices.Sorted(maps.Keys(t.seen)) {
		seen = append(seen, count(t.seen[kind], kind))
	}
	text := "Seen: nothing"
	if len(seen) > 0 {
		text = "Seen: " + strings.Join(seen, ", ") + qualifierScope(t.scan.Qualifiers)
	}
	text += " in " + t.regions()
	if n := len(t.scan.Rules); n == 1 {
		text += ", by rule " + t.scan.Rules[0]
	} else {
		text += fmt.Sprintf(", by %d rules", n)
	}
	if end != nil && end.Calls > 0 {
		text += fmt.Sprintf("; %d calls, %d throttled", end.Calls, end.Throttled)
	}
	return text + "."
}

func qualifierScope(q string) string {
	switch q {
	case "all":
		return " with all aliases and versions"
	case "aliases":
		return " with aliases (versions left out by choice)"
	case "function":
		return " (aliases and versions left out by choice)"
	}
	return ""
}

func (t *table) regions() string {
	names := make([]string, len(t.scan.Regions))
	for i, r := range t.scan.Regions {
		names[i] = string(r)
	}
	text := plural(len(names), "region") + " (" + few(names)
	if t.scan.RegionsChosen {
		text += "; others left out by choice"
	}
	return text + ")"
}

// few names up to eight and counts the rest.
func few(names []string) string {
	const most = 8
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(", and %d more", more)
	}
	return strings.Join(names, ", ")
}

// notSeen lists gaps, those that verdicts hang on first.
func (t *table) notSeen() {
	if len(t.gaps) == 0 {
		return
	}
	t.line("")
	t.line(t.paint(magenta, "Not seen"))
	keys := slices.SortedFunc(maps.Keys(t.gaps), func(a, b gapKey) int {
		if a.needed != b.needed {
			return map[bool]int{true: -1, false: 1}[a.needed]
		}
		return cmp.Or(cmp.Compare(a.facet, b.facet), cmp.Compare(a.code, b.code), cmp.Compare(a.region, b.region))
	})
	for _, key := range keys {
		g := t.gaps[key]
		where := string(key.region)
		if where == "" {
			where = "the account"
		}
		text := fmt.Sprintf("%s in %s: %s", key.facet, where, key.code)
		if len(g.first) > 0 {
			text += " for " + strings.Join(g.first, ", ")
			if more := g.places - len(g.first); more > 0 {
				text += fmt.Sprintf(" and %d more", more)
			}
		}
		if !key.needed {
			text += " (no pass hangs on it)"
		}
		if g.reason != "" {
			text += ": " + g.reason
		}
		for i, line := range Wrap(Harmless(text), Width-4) {
			if i == 0 {
				t.line("  " + line)
			} else {
				t.line("    " + line)
			}
		}
	}
	t.line("")
}
