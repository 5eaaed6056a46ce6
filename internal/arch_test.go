// Package arch_test holds the house to its plan: who may import whom, what the
// judging packages never touch, and how sources and documents are written.
//
// floors_test.go has the floors, bans_test.go the bans with their reasons,
// source_test.go and words_test.go what imports cannot show. Only packages
// that exist are looked at, and every one that exists must be named.
package arch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "surety"

// pkg is what one line of `go list` tells of a package: product code only, the
// imports of tests are free.
type pkg struct {
	ImportPath string
	Dir        string
	Standard   bool
	GoFiles    []string
	Imports    []string
}

// house is every package of the module and all that they are built from, by
// import path.
type house map[string]pkg

// readHouse asks the go command. A package that does not compile is read all
// the same: its imports are what matters here.
func readHouse(t *testing.T) house {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,Imports", "./...")
	list.Dir = ".."
	var problems bytes.Buffer
	list.Stderr = &problems
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	all := house{}
	for lines := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := lines.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list answered what is not JSON: %v", err)
		}
		all[p.ImportPath] = p
	}
	if len(all.own()) < 5 {
		t.Fatalf("go list found %d packages of the house: is this the module's checkout?", len(all.own()))
	}
	return all
}

// own returns the house's packages that hold product code, without the module's
// name in front, in order.
func (h house) own() []string {
	var names []string
	for at, p := range h {
		if name, ok := strings.CutPrefix(at, module+"/"); ok && len(p.GoFiles) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// imports returns what the house's package name imports: its neighbours
// without the module's name, everything else as it is written.
func (h house) imports(name string) []string {
	p, ok := h[module+"/"+name]
	if !ok {
		p = h[name]
	}
	found := make([]string, 0, len(p.Imports))
	for _, i := range p.Imports {
		found = append(found, strings.TrimPrefix(i, module+"/"))
	}
	return found
}

func (h house) isOwn(name string) bool      { _, ok := h[module+"/"+name]; return ok }
func (h house) isStandard(name string) bool { return h[name].Standard }

// reaches returns the shortest way from a package of the house to a package
// that stop accepts, both ends included; nil when there is none. The standard
// library is an end, never a way: fmt knows os, and that is no news. Nor does
// the way lead on from a package of past.
func (h house) reaches(from string, past []string, stop func(name string) bool) []string {
	came := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		here := queue[0]
		for _, next := range h.imports(here) {
			if _, seen := came[next]; seen {
				continue
			}
			// What a dependency takes from the standard library is its own affair.
			if h.isStandard(next) && !h.isOwn(here) {
				continue
			}
			came[next] = here
			if stop(next) {
				return way(came, next)
			}
			if !h.isStandard(next) && !fitsAny(past, next) {
				queue = append(queue, next)
			}
		}
	}
	return nil
}

func way(came map[string]string, to string) []string {
	var steps []string
	for at := to; at != ""; at = came[at] {
		steps = append(steps, at)
	}
	slices.Reverse(steps)
	return steps
}

// fits tells whether a pattern names a package. "a/*" is any one name below a,
// "a/..." is a and everything below it.
func fits(pattern, name string) bool {
	if above, ok := strings.CutSuffix(pattern, "/..."); ok {
		depth := strings.Count(above, "/") + 1
		parts := strings.Split(name, "/")
		return len(parts) >= depth && fits(above, strings.Join(parts[:depth], "/"))
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

func fitsAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(p, name) })
}

// built makes a house from "package: import import" lines, for tests of the
// tests. Own packages are those whose first part is a wing of the house, the
// standard library those whose first part is neither that nor a host name.
func built(lines ...string) house {
	h := house{}
	wings := []string{"policy", "services", "internal", "cmd", "scripts", "tests"}
	full := func(name string) (string, bool) {
		first, _, _ := strings.Cut(name, "/")
		if slices.Contains(wings, first) {
			return module + "/" + name, false
		}
		return name, !strings.Contains(first, ".")
	}
	for _, line := range lines {
		name, list, _ := strings.Cut(line, ":")
		at, standard := full(name)
		p := pkg{ImportPath: at, Standard: standard, GoFiles: []string{"a.go"}}
		for _, i := range strings.Fields(list) {
			to, standard := full(i)
			p.Imports = append(p.Imports, to)
			if _, known := h[to]; !known {
				h[to] = pkg{ImportPath: to, Standard: standard, GoFiles: []string{"a.go"}}
			}
		}
		h[at] = p
	}
	return h
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"policy", "policy", true},
		{"policy", "policy/prove", false},
		{"policy/...", "policy", true},
		{"policy/...", "policy/internal/glob", true},
		{"policy/...", "policyholder", false},
		{"services/*/rules", "services/iam/rules", true},
		{"services/*/rules", "services/rules", false},
		{"services/*/rules/...", "services/iam/rules/deep", true},
		{"services/*", "services/iam/rules", false},
	} {
		if got := fits(c.pattern, c.name); got != c.want {
			t.Errorf("fits(%q, %q) = %v, want %v", c.pattern, c.name, got, c.want)
		}
	}
}

func TestReaches(t *testing.T) {
	h := built("policy: fmt policy/prove", "policy/prove: example.org/a", "example.org/a: os example.org/b", "fmt: os")
	for target, want := range map[string]string{
		"example.org/b": "policy policy/prove example.org/a example.org/b",
		"os":            "", // only by way of others
		"fmt":           "policy fmt",
	} {
		is := func(n string) bool { return n == target }
		if got := strings.Join(h.reaches("policy", nil, is), " "); got != want {
			t.Errorf("way to %s: %q, want %q", target, got, want)
		}
		if got := h.reaches("policy", []string{"policy/prove"}, is); got != nil && target != "fmt" {
			t.Errorf("way to %s past policy/prove: %q", target, got)
		}
	}
	if got := slices.Sorted(maps.Keys(h)); len(got) != 6 {
		t.Errorf("built %v", got)
	}
}
