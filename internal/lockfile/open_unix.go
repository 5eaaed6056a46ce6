//go:build unix

package lockfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Open opens a file for reading and writing, and makes it (mode 0600, empty) where
// there is none. Until it is closed nobody else gets it from Open: [ErrBusy].
func Open(name string) (*os.File, error) {
	for {
		file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("opening a locked file: %w", err)
		}
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil && named(file, name) {
			return file, nil
		}
		_ = file.Close() // nothing was written
		switch {
		case errors.Is(err, syscall.EWOULDBLOCK):
			return nil, fmt.Errorf("%s: %w", name, ErrBusy)
		case err != nil:
			return nil, fmt.Errorf("locking %s: %w", name, err)
		}
	}
}

// named reports whether the name still is the file's: the holder before may have
// taken the file away between our opening and our locking.
func named(file *os.File, name string) bool {
	held, err1 := file.Stat()
	now, err2 := os.Stat(name)
	return err1 == nil && err2 == nil && os.SameFile(held, now)
}
