package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// An entry is one file of an archive.
type entry struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// contents returns what every archive holds: the program, our licence, those of
// the modules in it, the bill of materials, and the README where there is one.
func contents(program string, licences, bill []byte) ([]entry, error) {
	binary, err := os.ReadFile(program)
	if err != nil {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	entries := []entry{
		{filepath.Base(program), 0o755, binary},
		{"THIRD_PARTY_LICENSES", 0o644, licences},
		{"surety.cdx.json", 0o644, bill},
	}
	for _, name := range []string{"LICENSE", "README.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading what goes beside the program: %w", err)
		}
		entries = append(entries, entry{name, 0o644, text})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return entries, nil
}

// pack writes the archive that is usual on the operating system, zip for
// Windows and tar.gz elsewhere, and returns its path.
func pack(stem, goos string, entries []entry, when time.Time) (string, error) {
	ending, write := ".tar.gz", writeTar
	if goos == "windows" {
		ending, write = ".zip", writeZip
	}
	file, err := os.Create(stem + ending)
	if err != nil {
		return "", fmt.Errorf("making the archive: %w", err)
	}
	defer file.Close()
	if err := write(file, filepath.Base(stem), entries, when); err != nil {
		return "", fmt.Errorf("writing %s: %w", file.Name(), err)
	}
	return file.Name(), file.Close()
}

func writeTar(to io.Writer, folder string, entries []entry, when time.Time) error {
	packed, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(packed)
	for _, e := range entries {
		head := &tar.Header{
			Name: folder + "/" + e.name, Mode: int64(e.mode), Size: int64(len(e.content)),
			ModTime: when, Typeflag: tar.TypeReg, Format: tar.FormatPAX,
		}
		if err := archive.WriteHeader(head); err != nil {
			return err
		}
		if _, err := archive.Write(e.content); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return packed.Close()
}

func writeZip(to io.Writer, folder string, entries []entry, when time.Time) error {
	archive := zip.NewWriter(to)
	for _, e := range entries {
		head := &zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: when}
		head.SetMode(e.mode)
		file, err := archive.CreateHeader(head)
		if err != nil {
			return err
		}
		if _, err := file.Write(e.content); err != nil {
			return err
		}
	}
	return archive.Close()
}

// writeSums writes SHA256SUMS over everything in the directory, in the form
// that `sha256sum --check` reads, sorted by name.
func writeSums(out string) error {
	files, err := os.ReadDir(out) // sorted
	if err != nil {
		return fmt.Errorf("listing %s: %w", out, err)
	}
	var sums strings.Builder
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(out, f.Name()))
		if err != nil {
			return fmt.Errorf("summing: %w", err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), f.Name())
	}
	if err := os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644); err != nil {
		return fmt.Errorf("writing the checksums: %w", err)
	}
	return nil
}
