package main

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

const source = `package p

func f(n int) bool {
	if n < 3 && n != 7 {
		n++
	}
	switch n {
	case 1:
		return true
	}
	var room [8]int
	b.spend(6 * len(room))
	return n == len(make([]int, 0, 9))
}

func effort() int { return 5 }
`

// Every kind of change is found, each changes the source, and each is Go.
func TestMutantsAreSmallChanges(t *testing.T) {
	all, err := inSource("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		changed := string(m.apply())
		if changed == source {
			t.Errorf("%s changes nothing", m)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "p.go", changed, 0); err != nil {
			t.Errorf("%s is no Go: %v", m, err)
		}
		got = append(got, m.what)
	}
	for _, want := range []string{"negate", "<= instead", "|| instead", "== instead", "!= instead", "one more", "one less", "leave out", "leave out the case", "false instead"} {
		if !slices.ContainsFunc(got, func(what string) bool { return strings.HasPrefix(what, want) }) {
			t.Errorf("no %q among %q", want, got)
		}
	}
	for _, room := range []string{"9", "8", "6", "5"} {
		if slices.ContainsFunc(all, func(m mutant) bool { return m.was == room }) {
			t.Errorf("%s is changed: a capacity or a charge, which changes no answer", room)
		}
	}
}

// The same seed gives the same order, another seed another.
func TestOrderIsTheSeeds(t *testing.T) {
	order := func(seed uint64) string {
		all, err := inSource("p.go", []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		shuffle(all, seed)
		var b strings.Builder
		for _, m := range all {
			b.WriteString(m.String())
		}
		return b.String()
	}
	first, again, other := order(1), order(1), order(2)
	if first != again || first == other {
		t.Error("the order does not hang on the seed alone")
	}
}

// A run begins again with what survived, and with nothing else.
func TestSurvivorsOfAnEarlierRun(t *testing.T) {
	all, err := inSource("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	last := all[len(all)-1].String()
	output := "   0 noticed        " + all[0].String() + "\n   1 SURVIVED       " + last + "\n"
	if got := survivors(all, output); len(got) == 0 || got[0].String() != last {
		t.Errorf("got %v, want %s", got, last)
	}
}
