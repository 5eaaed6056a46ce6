package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// moduleHomes returns the directory of every module of the build list, by path;
// "" for one that was never downloaded. The standard library is "std".
func moduleHomes(ctx context.Context) (map[string]string, error) {
	list, err := exec.CommandContext(ctx, "go", "list", "-m", "-json", "all").Output()
	if err != nil {
		return nil, fmt.Errorf("listing modules: %w", err)
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("looking for the standard library: %w", err)
	}
	homes := map[string]string{"std": strings.TrimSpace(string(root))}
	for lines := json.NewDecoder(bytes.NewReader(list)); ; {
		var m struct{ Path, Dir string }
		if err := lines.Decode(&m); errors.Is(err, io.EOF) {
			return homes, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the list of modules: %w", err)
		}
		homes[m.Path] = m.Dir
	}
}

// licences joins the licence and notice files of the standard library and of
// the modules, in the order given. A module without one stops the release:
// somebody must look.
func licences(info *debug.BuildInfo, homes map[string]string) ([]byte, error) {
	var all bytes.Buffer
	std := &debug.Module{Path: "std", Version: info.GoVersion}
	for _, m := range append([]*debug.Module{std}, info.Deps...) {
		files, err := licenceFiles(homes[m.Path])
		if err != nil {
			return nil, fmt.Errorf("looking for the licence of %s: %w", m.Path, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("reading the licence of %s: %w", m.Path, err)
			}
			fmt.Fprintf(&all, "== %s %s: %s\n\n%s\n\n", m.Path, m.Version, filepath.Base(file), bytes.TrimSpace(text))
		}
	}
	return all.Bytes(), nil
}

// licenceFiles returns the files of a module's first directory whose names say
// licence, copying or notice, sorted; an error when there is none.
func licenceFiles(home string) ([]string, error) {
	if home == "" {
		return nil, errors.New("the module was not downloaded")
	}
	entries, err := os.ReadDir(home)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		told := slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE"}, func(word string) bool {
			return strings.HasPrefix(name, word)
		})
		if told && e.Type().IsRegular() {
			found = append(found, filepath.Join(home, e.Name()))
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no licence file in %s", home)
	}
	return found, nil
}
