package cli

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"surety/internal/report"
	"surety/internal/rule"
	"surety/services/all"
)

func newRules(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "The rules: what they mean, how to check by hand, what to do",
		Example: "  surety rules\n  surety rules show Lambda-002\n  surety rules show lambda-shared-role",
		Args:    unknownCommand,
		RunE:    func(*cobra.Command, []string) error { return report.WriteRules(a.Stdout, all.Rules()) },
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

func showRule(w io.Writer, word string) error {
	rules := all.Rules()
	i := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.Is(word) })
	if i < 0 {
		return usagef("no rule %q: surety rules lists them", word)
	}
	return report.WriteRule(w, rules[i], all.LimitIDs())
}
