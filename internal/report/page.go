package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"surety/internal/resource"
	"surety/internal/rule"
)

// WriteRules lists rules, one a line.
func WriteRules(w io.Writer, rules []*rule.Rule) error {
	var b strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&b, "%s  %s  %s\n            %s\n", pad(r.ID, 10), pad(r.Risk.String(), 9), r.Name, r.Title)
	}
	return write(w, b.String())
}

// WriteRule shows all that is known of one rule: first what its compiled value
// says, then its page. Limits are what this version reads for nobody.
func WriteRule(w io.Writer, r *rule.Rule, limits []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n\n%s\n\n", r.ID, r.Name, r.Title)
	fact := func(name, value string) {
		if value == "" {
			return
		}
		for i, line := range Wrap(value, Width-12) {
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "%s%s\n", pad(name, 12), line)
		}
	}
	fact("risk", r.Risk.String())
	fact("category", string(r.Category))
	fact("judges", string(r.Type))
	fact("reads", facets(r.Reads))
	fact("joins", facets(r.Joins))
	fact("cites", facets(r.Cites))
	fact("permissions", facets(slices.Concat(r.Reads, r.Joins, r.Cites)))
	for _, s := range r.Settings {
		fact("setting", s.Name+": "+s.What)
	}
	fact("not read", strings.Join(limits, ", "))
	fmt.Fprintf(&b, "\n%s", r.Page)
	writeExamples(&b, r.Examples)
	return write(w, b.String())
}

// writeExamples shows what each case is about, and what the rule says to it.
func writeExamples(b *strings.Builder, archive string) {
	section, begun := "", false
	for line := range strings.Lines(archive) {
		if name, found := strings.CutPrefix(strings.TrimSpace(line), "-- "); found && strings.HasSuffix(name, " --") {
			_, section, _ = strings.Cut(strings.TrimSuffix(name, " --"), "/")
			continue
		}
		indent := ""
		switch section {
		case "about":
			if !begun {
				b.WriteString("\n## Examples\n")
				begun = true
			}
			b.WriteString("\n")
		case "want":
			indent = "    "
		default:
			continue
		}
		for _, l := range Wrap(Harmless(strings.TrimSpace(line)), Width-len(indent)) {
			b.WriteString(indent + l + "\n")
		}
	}
}

func facets(list []resource.Facet) string {
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = string(f)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

func write(w io.Writer, s string) error {
	if _, err := io.WriteString(w, s); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}
