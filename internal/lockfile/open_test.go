package lockfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surety/internal/lockfile"
)

// One holder at a time; after it the next, who finds what the first wrote.
func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	first, err := lockfile.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.WriteString("kept"); err != nil {
		t.Fatal(err)
	}
	if _, err := lockfile.Open(name); !errors.Is(err, lockfile.ErrBusy) || !strings.Contains(err.Error(), name) {
		t.Errorf("a second holder: %v, want ErrBusy with the file's name", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := lockfile.Open(name)
	if err != nil {
		t.Fatalf("after the first: %v", err)
	}
	defer next.Close()
	if data, err := os.ReadFile(name); err != nil || string(data) != "kept" {
		t.Errorf("the file holds %q (%v)", data, err)
	}
}

// A file in a folder that is not there is named.
func TestOpenNowhere(t *testing.T) {
	name := filepath.Join(t.TempDir(), "no", "a")
	if _, err := lockfile.Open(name); err == nil || errors.Is(err, lockfile.ErrBusy) || !strings.Contains(err.Error(), name) {
		t.Errorf("%v: want an error that names %s", err, name)
	}
}
