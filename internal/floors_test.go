package arch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// floors says how high each package stands. A package imports only from lower
// floors; on its own floor only what belongs to the same family, that is, a
// package above or below it in the tree. The first pattern that fits counts.
//
// A new package: add a line here, on the lowest floor that its imports allow.
var floors = []struct {
	floor   int
	pattern string
}{
	{5, "internal/*/*test"}, // conformance suites; a ban keeps them out of the product
	{0, "internal/lockfile"},
	{0, "internal/resource"},
	{0, "policy/..."},
	{1, "internal/inventory"},
	{1, "internal/plan"},
	{6, "services/all"}, // the three lists of everything
	{1, "services/*"},
	{2, "internal/rule/..."},
	{2, "internal/awssim/..."},
	{2, "internal/collect/..."},
	{3, "internal/aws/*"}, // what the account is: identity, organisation, regions
	{3, "internal/check"},
	{3, "internal/profile"},
	{3, "internal/standard"},
	{4, "internal/judge"},
	{4, "internal/store/..."},
	{4, "internal/alert/..."},
	{4, "internal/remedy/..."},
	{4, "internal/report/..."},
	{5, "services/*/collect"},
	{5, "services/*/rules"},
	{6, "services/*/actions/export"}, // plans in the words of other tools
	{5, "services/*/actions/..."},    // with the pure parts below them
	{5, "internal/assure"},
	{6, "internal/web/..."},
	{7, "internal/cli"},
	{8, "cmd/surety"},
	{9, "scripts/*"}, // programs of the workshop, never shipped
	{9, "tests/*"},
}

// floorOf returns the floor of a package of the house; false when no line of
// the table names it.
func floorOf(name string) (int, bool) {
	for _, f := range floors {
		if fits(f.pattern, name) {
			return f.floor, true
		}
	}
	return 0, false
}

func family(a, b string) bool {
	return strings.HasPrefix(a+"/", b+"/") || strings.HasPrefix(b+"/", a+"/") ||
		(strings.HasPrefix(a, "policy/") && strings.HasPrefix(b, "policy/"))
}

// upward returns one line for every import that does not go down, and for
// every package that stands nowhere.
func upward(h house) []string {
	var wrong []string
	for _, name := range h.own() {
		floor, known := floorOf(name)
		if !known {
			wrong = append(wrong, fmt.Sprintf("%s stands on no floor: add it to the table in internal/floors_test.go", name))
			continue
		}
		for _, i := range h.imports(name) {
			below, known := floorOf(i)
			if !h.isOwn(i) || !known || below < floor || (below == floor && family(name, i)) {
				continue
			}
			wrong = append(wrong, fmt.Sprintf("%s (floor %d) imports %s (floor %d): imports only go down", name, floor, i, below))
		}
	}
	return wrong
}

func TestFloors(t *testing.T) {
	for _, line := range upward(readHouse(t)) {
		t.Error(line)
	}
}

func TestFloorsCanFail(t *testing.T) {
	for _, c := range []struct {
		name string
		h    house
		want []string
	}{
		{"down", built("internal/judge: internal/check internal/rule", "internal/check: internal/rule"), nil},
		{"up", built("internal/resource: internal/rule"),
			[]string{"internal/resource (floor 0) imports internal/rule (floor 2): imports only go down"}},
		{"a neighbour on the floor", built("internal/check: internal/profile"),
			[]string{"internal/check (floor 3) imports internal/profile (floor 3): imports only go down"}},
		{"a child", built("internal/store/sqlite: internal/store", "policy/prove: policy/internal/glob policy"), nil},
		{"a brother's child", built("services/iam/rules: services/iam/collect"),
			[]string{"services/iam/rules (floor 5) imports services/iam/collect (floor 5): imports only go down"}},
		{"nowhere", built("internal/util: fmt"),
			[]string{"internal/util stands on no floor: add it to the table in internal/floors_test.go"}},
		{"a suite stands above what it tests", built("internal/rule/ruletest: internal/judge internal/rule"), nil},
		{"the lists stand above the closets", built("services/all: services/lambda/rules services/lambda"), nil},
	} {
		if got := upward(c.h); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
