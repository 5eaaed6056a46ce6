package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"surety/internal/report"
)

// newRoot builds the whole tree of commands.
func newRoot(a *app) *cobra.Command {
	root := group(&cobra.Command{
		Use:   "surety",
		Short: "Who can run your Lambda functions, and which of them share power, with proof",
		Long: `Surety reads an AWS account, judges it by rules, and proves what it says.

Exit status of most commands: 0 done, 1 could not do it, 2 wrong usage. scan
adds 3 (checks failed) and 4 (not everything could be seen).

Results go to stdout, progress and errors to stderr. AWS settings are those of
every AWS tool: profile, region, single sign-on, AWS_ENDPOINT_URL.`,
		Example: `  surety demo                         # an example account, without AWS
  surety scan                         # your account
  surety rules show Lambda-002        # what a rule means, and what to do`,
		SilenceErrors: true, SilenceUsage: true,
	})
	root.SuggestionsMinimumDistance = 2
	root.PersistentFlags().BoolVarP(&a.quiet, "quiet", "q", false, "no progress on stderr")
	root.PersistentFlags().BoolVar(&a.noColor, "no-color", false, "no colour (NO_COLOR and a pipe do the same)")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usagef("%s%v; see %s --help", prefix(c), err, c.CommandPath())
	})
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages ", fmt.Sprintf("Flags.FlagUsagesWrapped %d ", report.Width)))
	root.AddCommand(newDemo(a), newScan(a), newDoctor(a), newCollect(a), newReport(a), newTrust(a), newProve(a), newEvaluate(a), newRules(a), newPermissions(a), newOnboard(a), newSchema(a), newVersion(a))
	root.AddCommand(newFix(a))
	root.AddCommand(newCompletion(a))
	root.SetHelpCommand(newHelp())
	root.CompletionOptions.DisableDefaultCmd = true
	root.Version = versionLine(a)
	root.SetVersionTemplate("{{.Version}}\n")
	return root
}

// group is a command that only holds others: alone it shows its help.
func group(c *cobra.Command) *cobra.Command {
	c.Args = unknownCommand
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	return c
}
