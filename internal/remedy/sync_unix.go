//go:build unix

package remedy

import "os"

// syncDir makes names in a folder outlive a loss of power.
func syncDir(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }() // nothing was written
	return folder.Sync()
}
