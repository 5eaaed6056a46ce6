package arch_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	longestFile     = 400 // lines; a file aims at 80 to 150
	longestFunction = 80  // lines; a function fits one screen
)

// vague names say nothing about what is inside.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "types", "manager", "lib"}

// clockwork is what reads or waits for the clock, by name in package time.
var clockwork = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// faults returns what is wrong with one Go source. name is its path in the
// house, with slashes.
func faults(name string, source []byte) ([]string, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var wrong []string
	say := func(at token.Pos, format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("%s:%d: %s", name, set.Position(at).Line, fmt.Sprintf(format, args...)))
	}
	if lines := bytes.Count(source, []byte("\n")); lines > longestFile && !ast.IsGenerated(file) {
		say(file.Package, "%d lines: split it by noun, %d are the most", lines, longestFile)
	}
	if slices.Contains(vague, strings.TrimSuffix(file.Name.Name, "_test")) {
		say(file.Name.Pos(), "package %s: name it for what it holds", file.Name.Name)
	}
	isTest := strings.HasSuffix(name, "_test.go")
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if f.Recv == nil && f.Name.Name == "init" {
			say(f.Pos(), "init: work that happens on import cannot be read, ordered or tested")
		}
		if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; n > longestFunction && !isTest {
			say(f.Pos(), "%s has %d lines, %d are the most", f.Name.Name, n, longestFunction)
		}
	}
	pure := !isTest && fitsAny(judging, path.Dir(name))
	sleeps := isTest && !imports(file, "testing/synctest") // there a sleep is an event
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			forbidden(s, pure, isTest, sleeps, say)
		}
		return true
	})
	return wrong, nil
}

// forbidden reports selectors that a judging package or a test may not use.
func forbidden(s *ast.SelectorExpr, pure, isTest, sleeps bool, say func(token.Pos, string, ...any)) {
	of, ok := s.X.(*ast.Ident)
	if !ok {
		return
	}
	switch {
	case pure && of.Name == "time" && slices.Contains(clockwork, s.Sel.Name):
		say(s.Pos(), "time.%s: the time of the scan is an argument", s.Sel.Name)
	case pure && of.Name == "inventory" && slices.Contains([]string{"Read", "Write"}, s.Sel.Name):
		say(s.Pos(), "inventory.%s: the snapshot is an argument", s.Sel.Name)
	case sleeps && of.Name == "time" && s.Sel.Name == "Sleep":
		say(s.Pos(), "time.Sleep: wait for the event, not for the clock")
	case isTest && strings.HasPrefix(s.Sel.Name, "Skip") && slices.Contains([]string{"t", "b", "f", "tb"}, of.Name):
		say(s.Pos(), "%s.%s: a test that does not run proves nothing", of.Name, s.Sel.Name)
	}
}

func imports(file *ast.File, path string) bool {
	return slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == strconv.Quote(path) })
}

// files returns the house's own files that keep accepts, by path with slashes.
// Caches, builds and version control are not the house.
func files(t *testing.T, keep func(name string) bool) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir("..", func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel("..", at)
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if slices.Contains([]string{".git", ".cache", "dist"}, name) {
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || name == ".git" || !keep(name) { // .git is a file in a linked worktree
			return nil
		}
		content, err := os.ReadFile(at)
		found[name] = content
		return err
	})
	if err != nil {
		t.Fatalf("reading the house: %v", err)
	}
	return found
}

func TestSources(t *testing.T) {
	sources := files(t, func(name string) bool { return strings.HasSuffix(name, ".go") })
	if len(sources) < 10 {
		t.Fatalf("found %d Go files: is this the module's checkout?", len(sources))
	}
	for name, source := range sources {
		wrong, err := faults(name, source)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, line := range wrong {
			t.Error(line)
		}
	}
}

func TestSourcesCanFail(t *testing.T) {
	long := "package a\n\nfunc f() {\n" + strings.Repeat("\tf()\n", 79) + "}\n"
	for _, c := range []struct{ name, source, want string }{
		{"internal/a/a.go", "package a\n\nfunc init() {}\n", "init: work"},
		{"internal/a/a.go", "package a\n\nfunc (a T) init() {}\n", ""},
		{"internal/a/a.go", "package util\n", "package util: name it"},
		{"internal/a/a_test.go", "package helpers_test\n", "package helpers_test: name it"},
		{"internal/a/a.go", "package a\n" + strings.Repeat("\n", 400), "401 lines: split it"},
		{"internal/a/a.go", "// Code generated by a. DO NOT EDIT.\n\npackage a\n" + strings.Repeat("\n", 400), ""},
		{"internal/a/a.go", long, "f has 81 lines"},
		{"internal/a/a_test.go", long, ""},
		{"internal/judge/a.go", "package judge\n\nvar _ = time.Now()\n", "time.Now: the time of the scan"},
		{"services/lambda/rules/a.go", "package rules\n\nvar clock = time.Now\n", "time.Now: the time of the scan"},
		{"policy/prove/a.go", "package prove\n\nvar _ = time.Since(x)\n", "time.Since: the time of the scan"},
		{"internal/collect/a.go", "package collect\n\nvar _ = time.Now()\n", ""},
		{"internal/judge/a_test.go", "package judge\n\nvar _ = time.Now()\n", ""},
		{"internal/a/a_test.go", "package a\n\nfunc f() { time.Sleep(1) }\n", "time.Sleep: wait"},
		{"internal/a/a_test.go", "package a\n\nimport \"testing/synctest\"\n\nfunc f() { time.Sleep(1) }\n", ""},
		{"internal/judge/a.go", "package judge\n\nvar _, _ = inventory.Read(\"a\")\n", "inventory.Read: the snapshot"},
		{"internal/a/a_test.go", "package a\n\nfunc f() { t.Skipf(\"\") }\n", "t.Skipf: a test"},
	} {
		wrong, err := faults(c.name, []byte(c.source))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := strings.Join(wrong, "; "); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s with %.40q: %q, want %q", c.name, c.source, got, c.want)
		}
	}
}
