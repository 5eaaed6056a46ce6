package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"surety/internal/assure"
	"surety/internal/inventory"
	"surety/internal/report"
)

// In a folder of snapshots: the ledger, and how the names of snapshots end.
const (
	ledgerFile     = "ledger.jsonl"
	snapshotEnding = ".jsonl.zst"
)

// snapshots writes a snapshot of every account that was entered, and the ledger
// of all.
func (a *app) snapshots(ctx context.Context, j job) error {
	dir := j.out.file
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("writing into %s: %w", dir, plainPath(err))
	}
	ledger, err := a.create(filepath.Join(dir, ledgerFile))
	if err != nil {
		return err
	}
	defer ledger.drop()
	sink := report.NewJSON(ledger)
	exit, accounts := exitOK, 0
	var recorded []inventory.Recorded
	_, err = a.visit(ctx, j, func(v assure.Visit) (bool, error) {
		for _, line := range v.Ledger {
			if err := sink.Event(report.Event{Ledger: &line}); err != nil {
				return false, err
			}
		}
		if len(v.Snapshot.Gaps()) > 0 {
			exit = exitIncomplete
		}
		name := filepath.Join(dir, string(v.Account)+snapshotEnding)
		if v.Left != nil || v.Barred != nil {
			return false, outdated(name)
		}
		accounts++
		recorded = append(recorded, v.Snapshot.Footer.Recorded...)
		return false, inventory.Write(name, v.Snapshot)
	})
	if err != nil {
		return err
	}
	if err := ledger.keep(); err != nil {
		return err
	}
	a.note(fmt.Sprintf("%s holds the snapshots of %s and %s", dir, count(accounts, "account"), ledgerFile))
	a.noteRecorded(recorded)
	return exitCode(exit)
}

// outdated removes the snapshot that an earlier run left of an account which is
// not read this time: it would be judged as if it had been.
func outdated(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the earlier snapshot %s: %w", name, plainPath(err))
	}
	return nil
}
