package inventory

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"surety/internal/resource"
)

// Write puts a sealed snapshot into a file for its owner only, in a folder of
// ours: whatever has the name is replaced. The file appears whole or not at all.
// The ending of the name chooses the packing: .zst, .gz, or none.
func Write(path string, s *Snapshot) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing snapshot %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()           // a second Close does no harm
			_ = os.Remove(f.Name()) // the error that counts is err
		}
	}()
	if err := Pack(f, path, s); err != nil {
		return fmt.Errorf("writing snapshot %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("writing snapshot %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing snapshot %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("writing snapshot %s: %w", path, err)
	}
	return nil
}

// Pack writes a sealed snapshot, packed as the ending of a file's name says.
func Pack(w io.Writer, name string, s *Snapshot) error {
	var packer io.WriteCloser
	switch {
	case strings.HasSuffix(name, ".gz"):
		packer = gzip.NewWriter(w)
	case strings.HasSuffix(name, ".zst"):
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return err
		}
		packer = z
	default:
		return Encode(w, s)
	}
	if err := Encode(packer, s); err != nil {
		return err
	}
	return packer.Close()
}

// Read takes a snapshot from a file that [Write] made. Resources of a type that
// kinds does not name are left out. A file that was cut off is read as far as it
// goes: every facet is then a gap of the account. Errors name file and line.
func Read(path string, kinds []resource.Kind) (*Snapshot, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading a snapshot: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	in, done, err := unpack(f, path)
	if err != nil {
		return nil, fmt.Errorf("reading snapshot %s: it is not packed as its name says: %w", path, err)
	}
	defer done()
	s, err := Decode(in, kinds)
	if err != nil {
		return nil, fmt.Errorf("reading snapshot %s:%w", path, err)
	}
	return s, nil
}

func unpack(f io.Reader, path string) (in io.Reader, done func(), err error) {
	switch {
	case strings.HasSuffix(path, ".gz"):
		z, err := gzip.NewReader(f)
		return z, func() {}, err
	case strings.HasSuffix(path, ".zst"):
		z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return f, func() {}, nil
}
