package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/all"
)

func newRules(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "The rules: what they mean, how to check by hand, what to do",
		Example: "  surety rules\n  surety rules show Lambda-002\n  surety rules show lambda-shared-role",
		Args:    unknownCommand,
		RunE:    func(*cobra.Command, []string) error { return listRules(a.Stdout) },
	}
	c.AddCommand(&cobra.Command{
		Use: "show ID|NAME", Short: "The page of one rule",
		Example: "  surety rules show Lambda-006",
		Args:    takes("ID or NAME"),
		RunE:    func(_ *cobra.Command, args []string) error { return showRule(a.Stdout, args[0]) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleWords(), cobra.ShellCompDirectiveNoFileComp
		},
	})
	return c
}

// ruleWords are the words that name a rule, for completion.
func ruleWords() []string {
	var words []string
	for _, r := range all.Rules() {
		words = append(words, r.ID+"\t"+r.Title, r.Name+"\t"+r.Title)
	}
	return words
}

func listRules(w io.Writer) error {
	for _, r := range all.Rules() {
		if _, err := fmt.Fprintf(w, "%-11s %-10s %-28s %s\n", r.ID, r.Risk, r.Name, r.Title); err != nil {
			return fmt.Errorf("writing the rules: %w", err)
		}
	}
	return nil
}

func showRule(w io.Writer, word string) error {
	rules := all.Rules()
	i := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.Is(word) })
	if i < 0 {
		return usagef("no rule %q: surety rules lists them", word)
	}
	if _, err := io.WriteString(w, rulePage(rules[i])); err != nil {
		return fmt.Errorf("writing the rule: %w", err)
	}
	return nil
}

// rulePage puts the compiled facts of a rule above its prose.
func rulePage(r *rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s  %s\n\n%s\n\n", r.ID, r.Name, r.Title)
	for _, line := range [][2]string{
		{"Risk", r.Risk.String()}, {"Category", string(r.Category)}, {"Judges", string(r.Type)},
		{"Reads", facetNames(r.Reads)}, {"Cites", facetNames(r.Cites)}, {"Joins", facetNames(r.Joins)},
	} {
		if line[1] != "" {
			fmt.Fprintf(&b, "%-10s %s\n", line[0], line[1])
		}
	}
	for _, s := range r.Settings {
		fmt.Fprintf(&b, "%-10s %s: %s\n", "Setting", s.Name, s.What)
	}
	return b.String() + "\n" + strings.TrimSpace(r.Page) + "\n"
}

func facetNames(facets []resource.Facet) string {
	var names []string
	for _, f := range facets {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}
