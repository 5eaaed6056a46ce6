package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"surety/internal/report"
)

func newReport(a *app) *cobra.Command {
	var out outputFlags
	var from string
	c := &cobra.Command{
		Use:   "report --from EVENTS.jsonl --format FORMAT",
		Short: "Show a saved scan in any format",
		Long: `Report reads the events that "surety scan --format json" wrote and prints them
in another format. A file that was cut off is shown as far as it goes, and exits
4.`,
		Example: "  surety report --from events.jsonl\n  surety report --from events.jsonl --format table --all --ungrouped",
		Args:    takes(),
		RunE:    func(*cobra.Command, []string) error { return a.report(from, &out) },
	}
	c.Flags().StringVar(&from, "from", "", "`file` with the events; - is standard input")
	out.add(c.Flags())
	completeFlags(c)
	return c
}

func (a *app) report(from string, f *outputFlags) error {
	if from == "" {
		return usagef("report: --from is missing: give the events that surety scan --format json wrote, or - for standard input")
	}
	if err := f.check(); err != nil {
		return err
	}
	out, err := a.create(f.file)
	if err != nil {
		return err
	}
	defer out.drop()
	sink := f.sink(a, out)
	broken := a.events(from, func(e report.Event) error {
		if err := sink.Event(e); err != nil {
			return &hearError{fmt.Errorf("writing the report: %w", err)}
		}
		return nil
	})
	if broken != nil && !errors.Is(broken, report.ErrCutOff) {
		return broken
	}
	if err := sink.Close(); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if err := out.keep(); err != nil {
		return err
	}
	if broken != nil {
		return &exitError{code: exitIncomplete, err: broken}
	}
	return nil
}
