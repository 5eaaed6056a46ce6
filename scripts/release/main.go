// Command release builds what is given to users: one static archive for each of
// five platforms, a bill of materials beside each, and one file of checksums.
//
//	go run ./scripts/release -out dist
//
// The version in every name is the one that the program says of itself. Two
// runs on the same commit with the same Go give the same bytes: times are the
// commit's, files are sorted, paths are trimmed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A platform is a pair of operating system and processor, in Go's words.
type platform struct{ os, arch string }

// platforms returns what is released, in the order of the checksums.
func platforms() []platform {
	return []platform{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}}
}

func main() {
	out := flag.String("out", "dist", "directory for the archives; emptied first")
	pkg := flag.String("package", "./cmd/surety", "package of the program")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := release(ctx, *pkg, *out); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// release does all of it. What is in the directory after an error is not a release.
func release(ctx context.Context, pkg, out string) error {
	if err := os.RemoveAll(out); err != nil {
		return fmt.Errorf("emptying %s: %w", out, err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("making %s: %w", out, err)
	}
	work, err := os.MkdirTemp("", "surety-release-")
	if err != nil {
		return fmt.Errorf("making a working directory: %w", err)
	}
	defer os.RemoveAll(work)
	version, err := saidVersion(ctx, pkg, work)
	if err != nil {
		return err
	}
	homes, err := moduleHomes(ctx)
	if err != nil {
		return err
	}
	when := commitTime(ctx)
	for _, p := range platforms() {
		program := filepath.Join(work, p.os+"_"+p.arch, programName(p.os))
		if err := build(ctx, pkg, program, p); err != nil {
			return fmt.Errorf("%s/%s: %w", p.os, p.arch, err)
		}
		stem := filepath.Join(out, fmt.Sprintf("surety_%s_%s_%s", version, p.os, p.arch))
		archive, err := releaseOne(program, stem, version, homes, when, p)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", p.os, p.arch, err)
		}
		fmt.Println(archive)
	}
	return writeSums(out)
}

// releaseOne packs one built program and returns the path of its archive.
func releaseOne(program, stem, version string, homes map[string]string, when time.Time, p platform) (string, error) {
	info, err := readModules(program)
	if err != nil {
		return "", err
	}
	bill, err := writeBill(info, version, p, when)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(stem+".cdx.json", bill, 0o644); err != nil {
		return "", fmt.Errorf("writing the bill of materials: %w", err)
	}
	texts, err := licences(info, homes)
	if err != nil {
		return "", err
	}
	entries, err := contents(program, texts, bill)
	if err != nil {
		return "", err
	}
	return pack(stem, p.os, entries, when)
}

func programName(goos string) string {
	if goos == "windows" {
		return "surety.exe"
	}
	return "surety"
}

// build compiles without cgo, so that the program runs in an empty image.
func build(ctx context.Context, pkg, to string, p platform) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=auto", "-ldflags", "-s -w", "-o", to, pkg)
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
	if said, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w\n%s", err, said)
	}
	return nil
}

// saidVersion asks the program, built for this machine. Its first line begins
// "surety 1.2.3".
func saidVersion(ctx context.Context, pkg, work string) (string, error) {
	here := platform{runtime.GOOS, runtime.GOARCH}
	program := filepath.Join(work, "here", programName(here.os))
	if err := build(ctx, pkg, program, here); err != nil {
		return "", err
	}
	said, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return "", fmt.Errorf("asking the program for its version: %w", err)
	}
	return readVersion(string(said))
}

func readVersion(said string) (string, error) {
	line, _, _ := strings.Cut(said, "\n")
	words := strings.Fields(line)
	if len(words) < 2 || words[0] != "surety" {
		return "", fmt.Errorf("the program's version is not of the form \"surety 1.2.3\": %q", line)
	}
	if strings.Contains(line, "with changes") {
		fmt.Fprintln(os.Stderr, "release: the checkout has changes that are in no commit; do not publish this")
	}
	return strings.TrimSuffix(words[1], ","), nil
}

// commitTime is when the released commit was made; outside a checkout it is the
// beginning of time, which is at least the same for everybody.
func commitTime(ctx context.Context) time.Time {
	said, err := exec.CommandContext(ctx, "git", "log", "-1", "--format=%ct").Output()
	seconds, errNumber := strconv.ParseInt(strings.TrimSpace(string(said)), 10, 64)
	if err != nil || errNumber != nil {
		return time.Unix(0, 0).UTC()
	}
	return time.Unix(seconds, 0).UTC()
}
