package remedy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"surety/internal/lockfile"
	"surety/internal/plan"
)

// Files is a journal of one JSON-lines file per plan: the plan first, then a
// line for every record. The folder has mode 0700 and its files 0600. A line that
// a crash cut off is as if it had never been begun.
type Files struct{ dir string }

var _ Journal = (*Files)(nil)

// OpenFiles returns the journal in a folder, which it makes when there is none. A
// folder that holds other things and no journal is an error: it would be closed to
// everybody else.
func OpenFiles(dir string) (*Files, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	made := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "locks" })
	if !made && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return filepath.Ext(e.Name()) != ".jsonl" }) {
		return nil, fmt.Errorf("opening the journal: %s is no journal and holds other things: name a folder of its own", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, "locks"), 0o700); err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	return &Files{dir}, nil
}

func (f *Files) file(id string) string { return filepath.Join(f.dir, id+".jsonl") }

// Open implements [Journal].
func (f *Files) Open(ctx context.Context, p *plan.Plan) (Log, error) {
	unlock, err := f.lock(ctx, "plan-"+p.ID)
	if err != nil {
		return nil, fmt.Errorf("opening the journal of plan %s: %w", p.ID, err)
	}
	l, err := f.open(p)
	if err != nil {
		unlock()
		return nil, err
	}
	l.unlock = unlock
	return l, nil
}

func (f *Files) open(p *plan.Plan) (*fileLog, error) {
	h, whole, err := f.read(p.ID)
	if errors.Is(err, fs.ErrNotExist) {
		if err := f.begin(p); err != nil {
			return nil, err
		}
		h, whole, err = f.read(p.ID)
	}
	if err != nil {
		return nil, err
	}
	if h.Plan.Digest != p.Digest {
		return nil, fmt.Errorf("opening the journal of plan %s: it holds another plan of that id", p.ID)
	}
	file, err := os.OpenFile(f.file(p.ID), os.O_WRONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("opening the journal of plan %s: %w", p.ID, err)
	}
	if all, _ := f.all(); all != nil { // what cannot be read undoes nothing
		weigh(all)
		at := slices.IndexFunc(all, func(other *History) bool { return other.Plan.ID == p.ID })
		if at >= 0 {
			h.UndoneBy, h.Undone = all[at].UndoneBy, all[at].Undone
		}
	}
	// What a crash cut off goes, so that the next line begins a line.
	if err = file.Truncate(whole); err == nil {
		_, err = file.Seek(whole, 0)
	}
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, fmt.Errorf("opening the journal of plan %s: %w", p.ID, err)
	}
	return &fileLog{file: file, history: h}, nil
}

// begin writes a plan's first line under a name of its own and gives it its name
// when it is on disk.
func (f *Files) begin(p *plan.Plan) error {
	line, err := planLine(p)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(f.dir, ".new-*")
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // it is gone when all went well
	_, err = temporary.Write(line)
	if err == nil {
		err = temporary.Sync()
	}
	if err = cmp.Or(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), f.file(p.ID))
	}
	if err == nil {
		err = syncDir(f.dir)
	}
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	return nil
}

// Read implements [Journal].
func (f *Files) Read(ctx context.Context, id string) (*History, error) {
	all, damage := f.List(ctx)
	for _, h := range all {
		if h.Plan.ID == id {
			return h, nil // whatever else cannot be read
		}
	}
	if damage != nil {
		return nil, damage
	}
	return nil, fmt.Errorf("plan %q: %w", id, ErrUnknown)
}

// List implements [Journal].
func (f *Files) List(context.Context) ([]*History, error) {
	all, damage := f.all()
	weigh(all)
	slices.SortFunc(all, func(a, b *History) int {
		return cmp.Or(b.Plan.Created.Compare(a.Plan.Created), strings.Compare(b.Plan.ID, a.Plan.ID))
	})
	return all, damage
}

// all reads every plan's file, in no order. One that cannot be read does not hide
// the others.
func (f *Files) all() (all []*History, damage error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, fmt.Errorf("reading the journal: %w", err)
	}
	for _, e := range entries {
		id, is := strings.CutSuffix(e.Name(), ".jsonl")
		if !is || strings.HasPrefix(id, ".") {
			continue
		}
		running := f.held("plan-" + id) // before reading: what ends meanwhile is in the file
		h, _, err := f.read(id)
		if err != nil {
			if damage != nil {
				err = fmt.Errorf("%w; %w", damage, err)
			}
			damage = err
			continue
		}
		h.Running = running
		all = append(all, h)
	}
	return all, damage
}

// Lock implements [Journal].
func (f *Files) Lock(ctx context.Context, resource string) (func(), error) {
	sum := sha256.Sum256([]byte(resource))
	unlock, err := f.lock(ctx, "resource-"+hex.EncodeToString(sum[:16]))
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", resource, err)
	}
	return unlock, nil
}

// A lock that is only looked at is free again at once, so a few tries tell.
const (
	lockTries = 20
	lockPause = 25 * time.Millisecond
)

// lock takes a lock file, which the system lets go when the process ends. The
// file itself stays: taking it away could part two who hold it.
func (f *Files) lock(ctx context.Context, name string) (unlock func(), err error) {
	for range lockTries {
		file, err := lockfile.Open(filepath.Join(f.dir, "locks", name))
		if err == nil {
			return func() { _ = file.Close() }, nil // closing lets go
		}
		if !errors.Is(err, lockfile.ErrBusy) {
			return nil, err
		}
		pause := time.NewTimer(lockPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return nil, ctx.Err()
		}
	}
	return nil, ErrBusy
}

// held reports whether somebody has a lock now.
func (f *Files) held(name string) bool {
	file, err := lockfile.Open(filepath.Join(f.dir, "locks", name))
	if err == nil {
		_ = file.Close() // it was only looked at
	}
	return errors.Is(err, lockfile.ErrBusy)
}
