package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

func someday() time.Time { return time.Date(2026, 11, 22, 1, 2, 4, 0, time.UTC) }

func sample() []entry {
	return []entry{{"LICENSE", 0o644, []byte("ours")}, {"surety", 0o755, []byte("program")}}
}

func TestVersion(t *testing.T) {
	for said, want := range map[string]string{
		"surety 0.1.0, commit 0123456789ab\nmore\n": "0.1.0",
		"surety 1.2.3\n": "1.2.3",
		"0.1.0\n":        "",
		"":               "",
	} {
		got, err := readVersion(said)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("readVersion(%q) = %q, %v; want %q", said, got, err, want)
		}
	}
}

func TestTar(t *testing.T) {
	var once, twice bytes.Buffer
	for _, to := range []io.Writer{&once, &twice} {
		if err := writeTar(to, "surety_1", sample(), someday()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(once.Bytes(), twice.Bytes()) {
		t.Error("two archives of the same files differ")
	}
	unpacked, err := gzip.NewReader(&once)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for archive := tar.NewReader(unpacked); ; {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(archive)
		if err != nil || !head.ModTime.Equal(someday()) {
			t.Errorf("%s: %v, of %s", head.Name, err, head.ModTime)
		}
		got = append(got, head.FileInfo().Mode().String()+" "+head.Name+" "+string(text))
	}
	if want := "-rw-r--r-- surety_1/LICENSE ours|-rwxr-xr-x surety_1/surety program"; strings.Join(got, "|") != want {
		t.Errorf("archive holds %q, want %q", got, want)
	}
}

func TestZip(t *testing.T) {
	var packed bytes.Buffer
	if err := writeZip(&packed, "surety_1", sample(), someday()); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.File) != 2 || archive.File[1].Name != "surety_1/surety" || archive.File[1].Mode() != 0o755 {
		t.Errorf("archive holds %v", archive.File)
	}
}

func TestBill(t *testing.T) {
	info := &debug.BuildInfo{
		GoVersion: "go1.26.8", Main: debug.Module{Path: "surety"},
		Deps:     []*debug.Module{{Path: "example.org/a", Version: "v1.0.0", Sum: "h1:x"}},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "CGO_ENABLED", Value: "0"}},
	}
	bill, err := writeBill(info, "0.1.0", platform{"linux", "arm64"}, someday())
	if err != nil {
		t.Fatal(err)
	}
	var got document
	if err := json.Unmarshal(bill, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Components) != 2 || got.Components[0].PURL != "pkg:golang/std@1.26.8" || got.Components[1].PURL != "pkg:golang/example.org/a@v1.0.0" {
		t.Errorf("components: %+v", got.Components)
	}
	if on := got.Dependencies[0].On; got.Dependencies[0].Ref != got.Metadata.Component.Ref || len(on) != 2 || on[1] != got.Components[1].Ref {
		t.Errorf("dependencies: %+v", got.Dependencies)
	}
	if p := got.Metadata.Component.Properties; len(p) != 3 || p[2] != (property{"go:vcs.revision", "abc"}) {
		t.Errorf("properties: %+v", p)
	}
	if got.Metadata.Timestamp != "2026-11-22T01:02:04Z" || len(got.Serial) != len("urn:uuid:")+36 || got.Serial[len("urn:uuid:")+14] != '8' {
		t.Errorf("timestamp %q, serial number %q", got.Metadata.Timestamp, got.Serial)
	}
}

func TestLicences(t *testing.T) {
	with, without := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"LICENSE.md": "free", "NOTICE": "by a", "main.go": "package a"} {
		if err := os.WriteFile(filepath.Join(with, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	info := &debug.BuildInfo{GoVersion: "go1", Deps: []*debug.Module{{Path: "example.org/a", Version: "v1"}}}
	got, err := licences(info, map[string]string{"std": with, "example.org/a": with})
	want := "== std go1: LICENSE.md\n\nfree\n\n== std go1: NOTICE\n\nby a\n\n== example.org/a v1: LICENSE.md\n\nfree\n\n== example.org/a v1: NOTICE\n\nby a\n\n"
	if err != nil || string(got) != want {
		t.Errorf("licences: %q, %v; want %q", got, err, want)
	}
	for _, home := range []string{"", without} {
		if got, err := licences(info, map[string]string{"std": with, "example.org/a": home}); err == nil {
			t.Errorf("a module without a licence (%q) passes: %q", home, got)
		}
	}
}

func TestSums(t *testing.T) {
	out := t.TempDir()
	for _, name := range []string{"b", "a"} {
		if err := os.WriteFile(filepath.Join(out, name), []byte("abc"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeSums(out); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(out, "SHA256SUMS"))
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, example B.1
	if want := abc + "  a\n" + abc + "  b\n"; err != nil || string(got) != want {
		t.Errorf("sums: %q, %v; want %q", got, err, want)
	}
}
