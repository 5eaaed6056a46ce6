package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// state is the folder where unfinished scans are kept for --resume, made and
// tried; "" with an error when the machine has no place for it.
func (a *app) state() (string, error) {
	dir, err := a.stateDir()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making %s: %w", dir, plainPath(err))
	}
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return "", fmt.Errorf("writing into %s: %w", dir, plainPath(err))
	}
	_ = f.Close() // nothing was written
	if err := os.Remove(f.Name()); err != nil {
		return "", fmt.Errorf("writing into %s: %w", dir, plainPath(err))
	}
	return dir, nil
}

// stateDir follows the XDG base directory specification.
func (a *app) stateDir() (string, error) {
	if dir := a.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "surety", "scans"), nil
	}
	if home := a.Getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "surety", "scans"), nil
	}
	return "", errors.New("neither HOME nor XDG_STATE_HOME names a folder")
}
