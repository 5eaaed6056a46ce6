// Package ruletest runs the cases that lie beside a rule, and holds the rule to
// the facets that it declares.
//
// Cases are a txtar archive. Its comment says what all have in common; each case
// is a folder in it:
//
//	NAME/about         one sentence: what the case shows
//	NAME/want          one line a check, by resource: "fail orders: message"
//	NAME/evidence      the evidence of the first check, as JSON (optional)
//	NAME/surety.yaml   the configuration (optional)
//	NAME/scan.json     what the scan was: see [Scan] (optional)
//
// and whatever the suite's own loader makes resources of. A rule's page shows the
// cases as its examples.
package ruletest

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
)

// Suite is one rule with its cases.
type Suite struct {
	Rule *rule.Rule
	File string // the archive
	// Load makes the resources of a case from its files, by name.
	Load func(files map[string][]byte) ([]resource.Resource, error)
	// Facets are all there are; Blank returns a resource as it would be had one
	// of them not been read.
	Facets []resource.Facet
	Blank  func(resource.Resource, resource.Facet) resource.Resource
	// Tags is the facet of tags: a configuration that asks for a tag reads it,
	// whatever the rule declares.
	Tags resource.Facet
	// Update writes what comes out into the archive instead of comparing: for
	// a person who then reads every line of the difference.
	Update bool
}

// Scan changes what a case takes for granted: an account of organisation
// o-a1b2c3d4e5, all regions, every qualifier, everything read.
type Scan struct {
	Regions    []resource.Region    `json:"regions"` // chosen by somebody
	Qualifiers string               `json:"qualifiers"`
	Gaps       []resource.Gap       `json:"gaps"`
	Members    []profile.OrgAccount `json:"members"` // of the organisation
}

// Run runs every case of the suite, and blanks facet after facet in each.
func Run(t *testing.T, s Suite) {
	archive, err := txtar.ParseFile(s.File)
	if err != nil {
		t.Fatal(err)
	}
	cases := split(archive)
	if len(cases) == 0 {
		t.Fatalf("%s holds no case", s.File)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := c.read(t, s)
			c.compare(t, s, in)
			c.honest(t, s, in)
		})
	}
	if s.Update {
		rewrite(t, s.File, archive, cases)
	}
}

// example is one case: its files by name, without the folder.
type example struct {
	name  string
	files map[string][]byte
}

func split(a *txtar.Archive) []*example {
	var cases []*example
	for _, f := range a.Files {
		name, file, _ := strings.Cut(f.Name, "/")
		i := slices.IndexFunc(cases, func(c *example) bool { return c.name == name })
		if i < 0 {
			i = len(cases)
			cases = append(cases, &example{name: name, files: map[string][]byte{}})
		}
		cases[i].files[file] = f.Data
	}
	return cases
}

// rewrite puts what came out into the places that wanted something else.
func rewrite(t *testing.T, file string, a *txtar.Archive, cases []*example) {
	for i, f := range a.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		for _, c := range cases {
			if c.name == name {
				a.Files[i].Data = c.files[part]
			}
		}
	}
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
