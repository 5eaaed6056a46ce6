package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"surety/internal/report"
)

func newSchema(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "schema events|config|snapshot|plan", Short: "JSON Schema of what the program writes and reads",
		Example: "  surety schema events\n  surety schema config > surety.schema.json    # for editors: surety.yaml",
		Args:    takes("the name of a schema"), ValidArgs: report.Schemas(),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := report.Schema(args[0])
			if err != nil {
				return usage(err)
			}
			if _, err := fmt.Fprintf(a.Stdout, "%s\n", text); err != nil {
				return fmt.Errorf("writing the schema: %w", err)
			}
			return nil
		},
	}
}
