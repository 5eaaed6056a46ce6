package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"surety/internal/plan"
	"surety/internal/remedy"
	lambdaactions "surety/services/lambda/actions"
)

// showPlan prints a plan for people: a diff of each resource, who loses and who
// keeps, the calls, then totals. With a history, what became of each step.
func (a *app) showPlan(p *plan.Plan, h *remedy.History) error {
	var b strings.Builder
	left := "not mended"
	if p.Undoes != "" {
		left = "not rolled back"
		fmt.Fprintf(&b, "plan %s rolls back plan %s\n", p.ID, oneLine(p.Undoes))
	} else {
		fmt.Fprintf(&b, "plan %s for account %s\n", p.ID, oneLine(string(p.Account)))
	}
	for i := 0; i < len(p.Steps); {
		end := i + 1
		for end < len(p.Steps) && together(p.Steps[i], p.Steps[end]) {
			end++
		}
		showGroup(&b, p.Steps, i, end, h)
		i = end
	}
	showWithheld(&b, p.Withheld)
	for _, r := range p.Refused {
		fmt.Fprintf(&b, "\n%s: %s\n  %s\n", left, oneLine(string(r.Resource)+behind(r.Qualifier)), oneLine(r.Why))
	}
	showTotals(&b, p, h)
	if _, err := io.WriteString(a.Stdout, b.String()); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

// together reports whether two steps, one after the other, lead from the Before of
// the first to the After of the second.
func together(a, b plan.Step) bool {
	return a.Group == b.Group && a.Action == b.Action && a.Resource == b.Resource && (a.Qualifier == b.Qualifier || a.Action == lambdaactions.PermissionAction)
}

func behind(qualifier string) string {
	if qualifier == "" {
		return ""
	}
	return ":" + qualifier
}

// place names a step's resource.
func place(s plan.Step) string { return string(s.Resource) + behind(s.Qualifier) }

func showGroup(b *strings.Builder, steps []plan.Step, from, to int, h *remedy.History) {
	first, last := steps[from], steps[to-1]
	fmt.Fprintf(b, "\n%s\n", oneLine(strings.TrimSpace(first.Rule+" "+place(first))))
	for _, line := range difference(readable(first.Before), readable(last.After)) {
		fmt.Fprintf(b, "  %s\n", line)
	}
	for _, s := range steps[from:to] {
		tellAll(b, "loses", s.Loses)
		tellAll(b, "lost", s.Lost)
		tellAll(b, "gains", s.Gains)
		tellAll(b, "again", s.Regains)
		tellAll(b, "keeps", s.Keeps)
		tellAll(b, "proof", s.Proof)
		tellAll(b, "note", s.Warnings)
	}
	for i := from; i < to; i++ {
		fmt.Fprintf(b, "  step %d: %s%s\n", i+1, oneLine(steps[i].Call.API), outcome(h, i))
	}
}

func outcome(h *remedy.History, i int) string {
	if h == nil {
		return ""
	}
	switch r := h.Outcome(i); r.Kind {
	case "":
		return " · not begun"
	case remedy.Begun:
		return " · begun, and how it ended is not known: --resume looks and goes on"
	default:
		text := " · " + string(r.Kind)
		if r.Why != "" {
			text += ": " + oneLine(r.Why)
		}
		return text
	}
}

func tellAll(b *strings.Builder, word string, lines []string) {
	for _, line := range lines {
		fmt.Fprintf(b, "  %-6s %s\n", word, oneLine(line))
	}
}

func showWithheld(b *strings.Builder, steps []plan.Step) {
	for i := 0; i < len(steps); {
		end := i + 1
		for end < len(steps) && together(steps[i], steps[end]) {
			end++
		}
		fmt.Fprintf(b, "\nfor the owner of %s\n", oneLine(place(steps[i])))
		for _, line := range difference(readable(steps[i].Before), readable(steps[end-1].After)) {
			fmt.Fprintf(b, "  %s\n", line)
		}
		i = end
	}
}

func showTotals(b *strings.Builder, p *plan.Plan, h *remedy.History) {
	var resources []string
	lasting := 0
	for _, s := range p.Steps {
		resources = append(resources, place(s))
		if !s.Reversible {
			lasting++
		}
	}
	slices.Sort(resources)
	switch {
	case len(p.Steps) == 0:
		b.WriteString("\nnothing to do\n")
		return
	case h != nil:
		fmt.Fprintf(b, "\n%s: %d of %d steps done\n", h.State(), h.Count(remedy.Done), len(p.Steps))
		if h.UndoneBy != "" {
			fmt.Fprintf(b, "rolled back, as far as it went, by plan %s\n", h.UndoneBy)
		}
	default:
		fmt.Fprintf(b, "\nsteps: %d, resources: %d; nothing is changed before you say so\n", len(p.Steps), len(slices.Compact(resources)))
		fmt.Fprintf(b, "the way back, once it is applied, whole or in part: surety fix rollback %s\n", p.ID)
	}
	if lasting > 0 {
		fmt.Fprintf(b, "steps that cannot be undone: %d\n", lasting)
	}
	if n := lost(p); n > 0 {
		fmt.Fprintf(b, "permissions lost: %d\n", n)
	}
}
