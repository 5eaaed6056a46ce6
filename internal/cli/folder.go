package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"surety/internal/assure"
	"surety/internal/inventory"
	"surety/internal/profile"
	"surety/internal/report"
	"surety/internal/resource"
)

// scanFolder judges every snapshot of a folder that collect wrote of many
// accounts. What its ledger says of accounts that have no snapshot is told too.
func (a *app) scanFolder(ctx context.Context, j job, out *target) error {
	ledger, order, err := readLedger(filepath.Join(j.from, ledgerFile))
	if err != nil {
		return err
	}
	if err := accounted(j.from, ledger); err != nil {
		return err
	}
	sink := j.out.sink(a, out)
	exit, partition := exitOK, "aws"
	for _, account := range order {
		one := j
		flags := *j.scanFlags
		flags.from = filepath.Join(j.from, string(account)+snapshotEnding)
		one.scanFlags = &flags
		got, err := a.fromSnapshot(one)
		if errors.Is(err, fs.ErrNotExist) {
			got, err = a.unread(j, partition, account, ledger[account]), nil
		}
		if err != nil {
			return err
		}
		partition = got.Snapshot.Header.Partition
		judgement := j.judgement
		judgement.Profile, judgement.Ledger = got.Profile, ledger[account]
		code, err := judgement.Tell(ctx, got.Snapshot, sink)
		if err != nil {
			return err
		}
		exit = worse(exit, code)
	}
	if err := sink.Close(); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	if err := out.keep(); err != nil {
		return err
	}
	return exitCode(exit)
}

// readLedger returns the lines of a ledger by account, and the accounts in its
// order.
func readLedger(name string) (lines map[resource.Account][]report.Ledger, order []resource.Account, err error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w: give a folder that surety collect --organization wrote, or one snapshot", name, plainPath(err))
	}
	defer func() { _ = in.Close() }() // it was only read
	lines = map[resource.Account][]report.Ledger{}
	text := bufio.NewScanner(in)
	for number := 1; text.Scan(); number++ {
		var e report.Event
		if err := json.Unmarshal(text.Bytes(), &e); err != nil || e.Ledger == nil || !accountID.MatchString(string(e.Ledger.Account)) {
			return nil, nil, fmt.Errorf("%s:%d: this is no line of a ledger: collect again", name, number)
		}
		account := e.Ledger.Account
		if lines[account] == nil {
			order = append(order, account)
		}
		lines[account] = append(lines[account], *e.Ledger)
	}
	if err := text.Err(); err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", name, plainPath(err))
	}
	if len(order) == 0 {
		return nil, nil, fmt.Errorf("%s names no account: it was cut off; collect again", name)
	}
	return lines, order, nil
}

// accounted refuses a folder with a snapshot that its ledger does not name: it is
// of an earlier run, or the ledger was cut off, and other accounts went with it.
func accounted(folder string, ledger map[resource.Account][]report.Ledger) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("reading %s: %w", folder, plainPath(err))
	}
	for _, e := range entries {
		account, found := strings.CutSuffix(e.Name(), snapshotEnding)
		if found && resource.Account(account).Valid() && ledger[resource.Account(account)] == nil {
			return fmt.Errorf("%s holds a snapshot of account %s, which its %s does not name: collect again, into a new folder", folder, account, ledgerFile)
		}
	}
	return nil
}

// unread stands for an account without a snapshot: nothing of it is known,
// unless it was left out.
func (a *app) unread(j job, partition string, account resource.Account, lines []report.Ledger) assure.Reading {
	now := a.Now().UTC().Truncate(time.Second)
	s := inventory.New(inventory.Header{Schema: inventory.Schema, ID: "none-" + string(account), Started: now, Program: program,
		Partition: partition, Account: account, Qualifiers: j.read.qualifiers, Facets: j.facets})
	s.Footer.Finished = now
	if slices.ContainsFunc(lines, func(l report.Ledger) bool { return l.State != report.Skipped }) {
		s.AddGap(absent(account, lines))
	}
	s.Seal()
	var org profile.Organization
	if j.members != nil {
		org = *j.members
	}
	return assure.Reading{Snapshot: s, Profile: j.config.Resolve(org, now)}
}

// absent is the gap of an account without a snapshot, with the ledger's reason.
func absent(account resource.Account, lines []report.Ledger) resource.Gap {
	g := resource.Gap{Account: account, Facet: assure.FacetEntry, Code: resource.CodeNotCollected, Reason: "the folder holds no snapshot of the account"}
	for _, l := range lines {
		if l.State == report.Failed && l.Reason != "" {
			g.Code, g.Reason = l.Code, l.Reason
		}
	}
	return g
}
