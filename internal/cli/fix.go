package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"surety/internal/plan"
	"surety/internal/remedy"
)

func newFix(a *app) *cobra.Command {
	c := group(&cobra.Command{
		Use: "fix", Short: "Mend failing checks by a plan that you see first, with a way back",
		Long: `Only fix apply and fix rollback change an AWS account. They do what a plan says,
step by step; each step is guarded by what the plan found, written to a journal
before it is done, and read back and judged after.

Exit status: 0 all done; 1 could not do it; 2 wrong usage; 5 some steps refused
because their resource changed; 6 nothing applied because nobody consented.`,
		Example: `  surety fix plan -o plan.json           # reads, proves, changes nothing
  surety fix apply plan.json             # asks first
  surety fix list
  surety fix rollback 20261122-021545-1f0c`,
	})
	c.AddCommand(newFixPlan(a), newFixApply(a), newFixList(a), newFixShow(a), newFixRollback(a))
	return c
}

// journalFlag names the folder of the journal.
type journalFlag struct{ dir string }

func (f *journalFlag) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.dir, "journal", "", "`folder` of the journal (default $XDG_STATE_HOME/surety/journal, or ~/.local/state/surety/journal)")
}

func (f *journalFlag) open(a *app) (remedy.Journal, error) {
	dir := f.dir
	if dir == "" {
		scans, err := a.stateDir()
		if err != nil {
			return nil, fmt.Errorf("finding the journal: %w: name one with --journal", err)
		}
		dir = filepath.Join(filepath.Dir(scans), "journal")
	}
	journal, err := remedy.OpenFiles(dir)
	if err != nil {
		return nil, err
	}
	return journal, nil
}

// findPlan reads the plan that an argument means: a file, or an id of the journal.
func (a *app) findPlan(ctx context.Context, journal remedy.Journal, name string) (*plan.Plan, error) {
	file, err := os.Open(name)
	if err == nil {
		defer func() { _ = file.Close() }() // it was only read
		p, err := plan.Read(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, plainPath(err))
		}
		return p, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading %s: %w", name, plainPath(err))
	}
	h, err := journal.Read(ctx, name)
	if errors.Is(err, remedy.ErrUnknown) {
		return nil, fmt.Errorf("%s is neither a plan file nor a plan of the journal: see surety fix list", name)
	}
	if err != nil {
		return nil, err
	}
	return h.Plan, nil
}

// guardFlags say how a plan is applied.
type guardFlags struct {
	yes          bool
	guard        string
	irreversible bool
	loss         bool
}

func (f *guardFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.yes, "yes", false, "do not ask")
	flags.StringVar(&f.guard, "guard", string(remedy.ByRevision), "what protects a write: `revision`, or content for servers whose revisions do not work")
}

func (f *guardFlags) check() error {
	if g := remedy.Guard(f.guard); g != remedy.ByRevision && g != remedy.ByContent {
		return usagef("--guard: %q is no guard: use revision or content", f.guard)
	}
	return nil
}
