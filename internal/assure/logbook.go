package assure

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"surety/internal/inventory"
	"surety/internal/lockfile"
	"surety/internal/report"
	"surety/internal/resource"
)

// logbook is the folder that keeps the accounts of a fleet that are done, so
// that a later run need not read them again: for each a snapshot and its lines
// of the ledger. Accounts under way have their checkpoints there. The nil
// logbook keeps nothing.
type logbook struct {
	dir  string
	lock *os.File // beside the folder, which is cleared now and then
	old  bool     // an earlier scan's, which this one goes on with
}

// logbookHead says which scan the folder is of. Runs go on only with their own.
type logbookHead struct {
	Schema     int               `json:"fleet"`
	Facets     []resource.Facet  `json:"facets"`
	Qualifiers string            `json:"qualifiers"`
	Regions    []resource.Region `json:"regions"`
	Only       []resource.ID     `json:"only"`
	MaxAge     time.Duration     `json:"max_age,omitempty"` // of what AWS Config recorded
}

const headFile = "fleet.json"

// openLogbook begins the folder anew, or goes on with it. [lockfile.ErrBusy]: a
// scan that is under way has it.
func openLogbook(f Fleet) (*logbook, error) {
	w := f.Walk
	if w.State == "" {
		return nil, nil
	}
	b := &logbook{dir: filepath.Join(w.State, "fleet")}
	if err := b.take(); err != nil {
		return nil, err
	}
	if err := b.begin(f); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// take makes this scan the only one that keeps its state there.
func (b *logbook) take() error {
	if err := os.MkdirAll(filepath.Dir(b.dir), 0o700); err != nil {
		return fmt.Errorf("making room for the scan's state: %w", err)
	}
	lock, err := lockfile.Open(b.dir + ".lock")
	if err != nil {
		return fmt.Errorf("taking the scan's state: %w", err)
	}
	b.lock = lock
	return nil
}

// close lets others take the folder.
func (b *logbook) close() {
	if b != nil {
		_ = b.lock.Close() // nothing is ever written to it
	}
}

func (b *logbook) begin(f Fleet) error {
	w := f.Walk
	regions := w.Regions
	if len(regions) == 0 {
		regions = w.Config.Regions
	}
	head, err := json.Marshal(logbookHead{1, w.Facets, w.Qualifiers, regions, w.Only, w.MaxAge})
	if err != nil {
		return fmt.Errorf("describing the scan: %w", err)
	}
	if w.Resume {
		old, err := os.ReadFile(filepath.Join(b.dir, headFile))
		switch {
		case err == nil && bytes.Equal(old, head):
			b.old = true
			return nil
		case err == nil:
			return fmt.Errorf("resuming from %s: it is of another scan (other regions, rules, qualifiers or --max-age): scan without --resume", b.dir)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("resuming: %w", err)
		}
	}
	if err := os.RemoveAll(b.dir); err != nil {
		return fmt.Errorf("clearing the state of an earlier scan: %w", err)
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return fmt.Errorf("making room for the scan's state: %w", err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, headFile), head, 0o600); err != nil {
		return fmt.Errorf("beginning the scan's state: %w", err)
	}
	return nil
}

// folder is where walks keep their checkpoints; "" for nowhere.
func (b *logbook) folder() string {
	if b == nil {
		return ""
	}
	return b.dir
}

func (b *logbook) snapshot(a resource.Account) string {
	return filepath.Join(b.dir, string(a)+".snapshot.gz")
}

func (b *logbook) lines(a resource.Account) string {
	return filepath.Join(b.dir, string(a)+".ledger.json")
}

// keep writes down an account that is done. The ledger is written last: without
// it the account counts as not done.
func (b *logbook) keep(v *Visit) error {
	if b == nil || v.Barred != nil || v.open() {
		return nil
	}
	if err := inventory.Write(b.snapshot(v.Account), v.Snapshot); err != nil {
		return fmt.Errorf("keeping what was read: %w", err)
	}
	data, err := json.Marshal(v.Ledger)
	if err != nil {
		return fmt.Errorf("keeping the ledger: %w", err)
	}
	if err := os.WriteFile(b.lines(v.Account), data, 0o600); err != nil {
		return fmt.Errorf("keeping the ledger: %w", err)
	}
	return nil
}

// find returns an account that an earlier run has done. What cannot be read back
// is read from AWS again.
func (b *logbook) find(m Member, kinds []resource.Kind) (Visit, bool) {
	if b == nil {
		return Visit{}, false
	}
	data, err := os.ReadFile(b.lines(m.Account))
	if err != nil {
		return Visit{}, false
	}
	var lines []report.Ledger
	if json.Unmarshal(data, &lines) != nil || slices.ContainsFunc(lines, func(l report.Ledger) bool { return l.Account != m.Account }) {
		return Visit{}, false
	}
	s, err := inventory.Read(b.snapshot(m.Account), kinds)
	if err != nil || s.Header.Account != m.Account {
		return Visit{}, false
	}
	return Visit{Member: m, Reading: Reading{Snapshot: s}, Ledger: lines}, true
}

// end throws the folder away when nothing is left to be taken up.
func (b *logbook) end(whole bool) error {
	if b == nil || !whole {
		return nil
	}
	if err := os.RemoveAll(b.dir); err != nil {
		return fmt.Errorf("clearing the scan's state: %w", err)
	}
	return nil
}
