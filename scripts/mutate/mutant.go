package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mutant is one change: the bytes from start to end of a file become text.
type mutant struct {
	file       string // from the module's root
	source     []byte // of the file
	line       int
	start, end int
	text       string
	was        string // the source that it replaces, shortened
	what       string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", m.file, m.line, m.what, m.was)
}

// apply returns the changed source.
func (m mutant) apply() []byte {
	changed := append([]byte{}, m.source[:m.start]...)
	changed = append(changed, m.text...)
	return append(changed, m.source[m.end:]...)
}

// shuffle puts mutants into an order that the seed alone decides.
func shuffle(all []mutant, seed uint64) {
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
}

// survivors returns the mutants that the output of an earlier run calls so.
func survivors(all []mutant, output string) []mutant {
	return slices.DeleteFunc(all, func(m mutant) bool {
		return !slices.ContainsFunc(strings.Split(output, "\n"), func(line string) bool {
			return strings.Contains(line, " "+survives.String()+" ") && strings.HasSuffix(line, " "+m.String())
		})
	})
}

// mutants returns every change to the sources of a directory, tests left out,
// in the order of the files and their lines.
func mutants(dir, only string) ([]mutant, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []mutant
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || !strings.Contains(name, only) {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		found, err := inSource(name, source)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// inSource returns every change to one file.
func inSource(name string, source []byte) ([]mutant, error) {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := finder{name: name, source: source, files: files, hints: map[ast.Node]bool{}}
	ast.Inspect(tree, f.look)
	return f.found, nil
}

type finder struct {
	name   string
	source []byte
	files  *token.FileSet
	hints  map[ast.Node]bool // capacities and charges: no change of them changes an answer
	found  []mutant
}

func (f *finder) add(from, to token.Pos, text, what string) {
	start := f.files.Position(from)
	end := f.files.Position(to)
	was := strings.Join(strings.Fields(string(f.source[start.Offset:end.Offset])), " ")
	if len(was) > 80 {
		was = was[:80] + "…"
	}
	f.found = append(f.found, mutant{file: f.name, source: f.source, line: start.Line, start: start.Offset, end: end.Offset, text: text, was: was, what: what})
}

// look notes the changes that one node offers.
func (f *finder) look(n ast.Node) bool {
	if f.hints[n] {
		return false
	}
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.Field:
		return false
	case *ast.CallExpr:
		f.capacity(n)
		f.charge(n)
	case *ast.ArrayType:
		f.hints[n.Len] = n.Len != nil
	case *ast.FuncDecl:
		if n.Name.Name == "effort" {
			return false // it says what trials are charged
		}
	case *ast.IfStmt:
		f.add(n.Cond.Pos(), n.Cond.End(), "!("+f.text(n.Cond)+")", "negate")
	case *ast.BinaryExpr:
		if other, ok := others[n.Op]; ok {
			f.add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), other.String(), other.String()+" instead in "+shorten(f.text(n)))
		}
	case *ast.Ident:
		if other, ok := map[string]string{"true": "false", "false": "true"}[n.Name]; ok {
			f.add(n.Pos(), n.End(), other, other+" instead")
		}
	case *ast.BasicLit:
		if i, err := strconv.Atoi(n.Value); err == nil && n.Kind == token.INT {
			f.add(n.Pos(), n.End(), strconv.Itoa(i+1), "one more")
			f.add(n.Pos(), n.End(), "("+strconv.Itoa(i-1)+")", "one less")
		}
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.SwitchStmt:
		f.clauses(n.Body)
	}
	return true
}

// others are the operators that an operator is exchanged for.
var others = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD,
}

func (f *finder) text(n ast.Node) string {
	return string(f.source[f.files.Position(n.Pos()).Offset:f.files.Position(n.End()).Offset])
}

func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 60 {
		return text[:60] + "…"
	}
	return text
}

// capacity marks what only says how much room to make.
func (f *finder) capacity(call *ast.CallExpr) {
	name, ok := call.Fun.(*ast.Ident)
	if !ok || name.Name != "make" || len(call.Args) < 2 {
		return
	}
	_, isMap := call.Args[0].(*ast.MapType)
	if named, ok := call.Args[0].(*ast.SelectorExpr); ok && named.Sel.Name == "Context" {
		isMap = true
	}
	if name, ok := call.Args[0].(*ast.Ident); ok && name.Name == "Context" {
		isMap = true
	}
	if isMap || len(call.Args) == 3 {
		f.hints[call.Args[len(call.Args)-1]] = true
	}
}

// charge marks what a proof is charged for a piece of its work. Where exactly a
// bound is reached is a matter of taste; that one is, the tests see.
func (f *finder) charge(call *ast.CallExpr) {
	if method, ok := call.Fun.(*ast.SelectorExpr); ok && (method.Sel.Name == "spend" || method.Sel.Name == "compare") {
		for _, arg := range call.Args {
			f.hints[arg] = true
		}
	}
}

// statements leaves out one statement after the other.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt:
			f.add(s.Pos(), s.End(), "", "leave out")
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				f.add(s.Pos(), s.End(), "", "leave out")
			}
		case *ast.IfStmt:
			if s.Else == nil && s.Init == nil {
				f.add(s.Pos(), s.End(), "", "leave out")
			}
		}
	}
}

// clauses leaves out one case after the other.
func (f *finder) clauses(body *ast.BlockStmt) {
	for _, s := range body.List {
		if c, ok := s.(*ast.CaseClause); ok {
			f.add(c.Pos(), c.End(), "", "leave out the case")
		}
	}
}
