package lockfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// errSharing is ERROR_SHARING_VIOLATION: another handle is open.
const errSharing = syscall.Errno(32)

// Open opens a file for reading and writing, and makes it where there is none.
// Until it is closed nobody else can open it at all: [ErrBusy].
func Open(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, fmt.Errorf("opening a locked file: %w", err)
	}
	handle, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errSharing) {
		return nil, fmt.Errorf("%s: %w", name, ErrBusy)
	}
	if err != nil {
		return nil, fmt.Errorf("opening a locked file: %w", err)
	}
	return os.NewFile(uintptr(handle), name), nil
}
