package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"surety/internal/remedy"
	"surety/services/all"
	lambdaactions "surety/services/lambda/actions"
)

func newFixList(a *app) *cobra.Command {
	var j journalFlag
	var format string
	c := &cobra.Command{
		Use: "list", Short: "The plans of the journal and how far each came, newest first",
		Example: "  surety fix list\n  surety fix list --format json",
		Args:    takes(),
		RunE: func(c *cobra.Command, _ []string) error {
			if format != "table" && format != "json" {
				return usagef("--format: %q is no format: use table or json", format)
			}
			journal, err := j.open(a)
			if err != nil {
				return err
			}
			found, damage := journal.List(c.Context()) // what cannot be read does not hide the rest
			write := a.listTable
			if format == "json" {
				write = a.listJSON
			}
			return errors.Join(write(found), damage)
		},
	}
	j.add(c.Flags())
	c.Flags().StringVar(&format, "format", "table", "`format`: table or json, one plan a line")
	return c
}

func (a *app) listJSON(found []*remedy.History) error {
	e := json.NewEncoder(a.Stdout)
	for _, h := range found {
		if err := e.Encode(h.Summary()); err != nil {
			return fmt.Errorf("writing the list: %w", err)
		}
	}
	return nil
}

func (a *app) listTable(found []*remedy.History) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PLAN\tSTATE\tCREATED\tSTEPS\tDONE\tREFUSED")
	for _, h := range found {
		s := h.Summary()
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\n", s.ID, s.State, s.Created.Format(time.DateTime), s.Steps, s.Done, s.Refused)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	return nil
}

func newFixShow(a *app) *cobra.Command {
	var j journalFlag
	c := &cobra.Command{
		Use: "show ID", Short: "What one plan changes, and what became of each step",
		Example: "  surety fix show 20261122-021545-1f0c",
		Args:    takes("the id of a plan"),
		RunE: func(c *cobra.Command, args []string) error {
			h, err := j.history(a, c, args[0])
			if err != nil {
				return err
			}
			return a.showPlan(h.Plan, h)
		},
	}
	j.add(c.Flags())
	return c
}

func (f *journalFlag) history(a *app, c *cobra.Command, id string) (*remedy.History, error) {
	journal, err := f.open(a)
	if err != nil {
		return nil, err
	}
	h, err := journal.Read(c.Context(), id)
	if errors.Is(err, remedy.ErrUnknown) {
		return nil, fmt.Errorf("no plan %q is in the journal: see surety fix list", id)
	}
	return h, err
}

func newFixRollback(a *app) *cobra.Command {
	var f guardFlags
	var j journalFlag
	c := &cobra.Command{
		Use: "rollback ID", Short: "Undo what a plan did, by a plan in reverse that you see first",
		Example: "  surety fix rollback 20261122-021545-1f0c",
		Args:    takes("the id of a plan"),
		RunE:    func(c *cobra.Command, args []string) error { return a.rollback(c, &f, &j, args[0]) },
	}
	f.add(c.Flags())
	j.add(c.Flags())
	c.Flags().BoolVar(&f.loss, "accept-loss", false, "undo a rollback too that gave permissions back to a function")
	return c
}

func (a *app) rollback(c *cobra.Command, f *guardFlags, j *journalFlag, id string) error {
	if err := f.check(); err != nil {
		return err
	}
	h, err := j.history(a, c, id)
	if err != nil {
		return err
	}
	if h.Running {
		return fmt.Errorf("plan %s is being applied now: wait until it has ended", id)
	}
	if h.Undone {
		_, err := fmt.Fprintf(a.Stdout, "nothing to do: plan %s was rolled back by plan %s\n", id, h.UndoneBy)
		return err
	}
	cfg, err := a.awsConfig(c.Context(), homeOf(h.Plan))
	if err != nil {
		return err
	}
	if err := sameAccount(c.Context(), cfg, h.Plan); err != nil {
		return err
	}
	back, err := remedy.Rollback(c.Context(), h, all.Actors(cfg))
	if err != nil {
		return err
	}
	for i, s := range back.Steps {
		if s.Action == lambdaactions.RoleAction {
			back.Steps[i].Warnings = append(s.Warnings, "the role that comes back is taken as it is now, also where somebody took permissions from it since")
		}
	}
	back.ID, back.Created, back.Program = a.planID(), a.Now().UTC(), program
	if err := back.Seal(); err != nil {
		return err
	}
	journal, err := j.open(a)
	if err != nil {
		return err
	}
	f.irreversible = true // what was there before comes back; nothing is lost by it
	return a.apply(c.Context(), journal, back, f, false)
}
