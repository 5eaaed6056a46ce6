package remedy

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// errSharing is ERROR_SHARING_VIOLATION: another handle is open.
const errSharing = syscall.Errno(32)

// tryLock opens a file that nobody else has open, and that nobody else can open
// until it is closed; [ErrBusy] when somebody has.
func tryLock(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, fmt.Errorf("opening a lock: %w", err)
	}
	handle, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errSharing) {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, fmt.Errorf("opening a lock: %w", err)
	}
	return os.NewFile(uintptr(handle), name), nil
}

// syncDir has nothing to do: NTFS keeps names by its own journal.
func syncDir(string) error { return nil }
