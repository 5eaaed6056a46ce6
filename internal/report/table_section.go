package report

import (
	"fmt"
	"slices"
	"strings"

	"surety/internal/check"
	"surety/internal/resource"
	"surety/internal/rule"
)

// section prints the rows of one status and rule: they are sorted.
func (t *table) section(rows []row) {
	t.line("")
	first := rows[0]
	label, color := strings.ToUpper(first.risk.String()), riskColor(first.risk)
	if first.status != check.Fail {
		label, color = strings.ToUpper(string(first.status)), dim
	}
	if first.status == check.Unknown {
		color = magenta
	}
	title := t.Titles[first.rule]
	if title == "" || first.status == check.Pass {
		title = first.name
	}
	t.two(label+"  "+first.rule+"  "+title, count(distinctResources(rows), first.kind), func(s string) string {
		return t.paint(color, s[:len(label)]) + t.paint(bold, s[len(label):])
	})
	if t.Ungrouped {
		t.single(rows)
		return
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].cause == rows[0].cause {
			n++
		}
		t.cause(rows[:n])
		rows = rows[n:]
	}
}

// cause prints one cause and the first resources under it.
func (t *table) cause(rows []row) {
	if rows[0].cause != "" {
		t.two("  "+rows[0].cause, count(distinctResources(rows), rows[0].kind), func(s string) string { return s })
	}
	for i, r := range rows {
		if i == listed && len(rows) > listed+1 && r.status != check.Pass {
			t.line(t.paint(dim, fmt.Sprintf("    and %d more", len(rows)-listed)))
			return
		}
		t.resource(r, r.detail)
	}
}

// single prints every row with its own message.
func (t *table) single(rows []row) {
	for _, r := range rows {
		t.resource(r, "")
		for _, line := range Wrap(Harmless(r.message), Width-6) {
			t.line("      " + line)
		}
	}
}

// The columns of a resource's line, and of the noun behind a count.
const (
	regionRoom = 15
	nameRoom   = 36
	nounRoom   = 24
)

func (t *table) resource(r row, detail string) {
	region := string(r.region)
	if region == "" {
		region = "global"
	}
	line := "    " + pad(cut(Harmless(region), regionRoom), regionRoom) + " " + cut(Harmless(shortID(r.id)), nameRoom+20)
	if detail != "" {
		line = "    " + pad(cut(Harmless(region), regionRoom), regionRoom) + " " + pad(cut(Harmless(shortID(r.id)), nameRoom), nameRoom) + " " + Harmless(detail)
	}
	t.line(cut(line, Width))
}

// mostIndent bounds how far a line moves right; ours begin after two columns.
const mostIndent = 8

// two prints text on the left, wrapped, and a count on the right of its last
// line. Style is given the text's first line.
func (t *table) two(left, right string, style func(string) string) {
	indent := left[:min(len(left)-len(strings.TrimLeft(left, " ")), mostIndent)]
	lines := Wrap(Harmless(left), Width-len(indent)-len(right)-2)
	if len(lines) == 0 {
		lines = []string{""}
	}
	for i, l := range lines {
		text := indent + l
		if i == 0 {
			text = style(text)
		}
		if i == len(lines)-1 {
			text += strings.Repeat(" ", max(1, Width-len(indent)-columns(l)-len(right))) + t.paint(dim, right)
		}
		t.line(text)
	}
}

func distinctResources(rows []row) int {
	ids := make([]resource.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	slices.Sort(ids)
	return len(slices.Compact(ids))
}

// count writes a number of resources of a type: "3 functions".
func count(n int, t resource.Type) string {
	noun := string(t[strings.LastIndexByte(string(t), '.')+1:])
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, cut(Harmless(noun), nounRoom))
}

// shortID is the last part of an ARN: what people call the resource.
func shortID(id resource.ID) string {
	s := string(id)
	return s[strings.LastIndexAny(s, ":/")+1:]
}

func (t *table) line(s string) { t.w.WriteString(s + "\n") }

// The colours, as terminals know them.
const (
	bold    = "1"
	dim     = "2"
	red     = "1;31"
	yellow  = "33"
	cyan    = "36"
	magenta = "35"
)

func (t *table) paint(color, s string) string {
	if !t.Color || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

func riskColor(r rule.RiskLevel) string {
	switch {
	case r >= rule.High:
		return red
	case r == rule.Medium:
		return yellow
	}
	return cyan
}
