//go:build unix

package remedy

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// tryLock opens a file that nobody else has locked; [ErrBusy] when somebody has.
func tryLock(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening a lock: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	_ = file.Close() // it was never locked
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, ErrBusy
	}
	return nil, fmt.Errorf("taking a lock: %w", err)
}

// syncDir makes names in a folder outlive a loss of power.
func syncDir(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }() // nothing was written
	return folder.Sync()
}
