package rules

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"surety/internal/resource"
	"surety/internal/rule"
	"surety/internal/rule/ruletest"
	"surety/services/iam"
	"surety/services/lambda"
)

var update = flag.Bool("update", false, "write what comes out into the archives")

const owner = "123412341234"

// TestCases runs the cases of every rule that is listed; TestFiles finds one
// that is not.
func TestCases(t *testing.T) {
	for _, r := range All() {
		t.Run(stem(r), func(t *testing.T) { runCases(t, r, stem(r)) })
	}
}

// TestFiles holds that the files beside the rules are those of the rules that
// are listed, each with its page, its cases and its judgement.
func TestFiles(t *testing.T) {
	var listed []string
	for _, r := range All() {
		listed = append(listed, stem(r))
	}
	slices.Sort(listed)
	for _, pattern := range []string{"*.md", "testdata/*.txtar"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range found {
			base := filepath.Base(name)
			found[i] = strings.TrimSuffix(base, filepath.Ext(base))
		}
		if !slices.Equal(found, listed) {
			t.Errorf("%s are of %v, All lists %v: add the line that is missing", pattern, found, listed)
		}
	}
	for _, name := range listed {
		if _, err := os.Stat(name + ".go"); err != nil {
			t.Errorf("a rule's judgement is in the file of its name: %v", err)
		}
	}
}

// stem is what the files of a rule are called.
func stem(r *rule.Rule) string {
	return strings.ReplaceAll(strings.TrimPrefix(r.Name, "lambda-"), "-", "_")
}

func runCases(t *testing.T, r *rule.Rule, name string) {
	ruletest.Run(t, ruletest.Suite{
		Rule: r, File: "testdata/" + name + ".txtar", Load: load, Facets: facets(), Tags: lambda.FacetTags, Update: *update,
		Blank: func(r resource.Resource, f resource.Facet) resource.Resource {
			if fn, ok := r.(*lambda.Function); ok {
				return lambda.Blank(fn, f)
			}
			if role, ok := r.(*iam.Role); ok && f == iam.FacetDetails {
				return &iam.Role{ARN: role.ARN, Name: role.Name, Account: role.Account}
			}
			return r
		},
	})
}

func facets() []resource.Facet {
	var all []resource.Facet
	for _, f := range slices.Concat(lambda.Facets(), iam.Facets()) {
		all = append(all, f.Facet)
	}
	return all
}

// function is how cases write a function: what is left out is plain.
type function struct {
	Name     string
	Region   string                     // us-east-1
	Role     string                     // name, or ARN; the function's name
	Versions []string                   // "3" with the role of $LATEST, or "3=role"
	Aliases  []string                   // "prod=3"
	Policy   json.RawMessage            // of the function itself; a text stands for itself
	Policies map[string]json.RawMessage // of aliases and versions
	Recorded time.Time                  // when AWS Config captured the function's policy; zero: read from Lambda
	URLs     []lambda.URL
	Tags     map[string]string
	Master   string // ARN of the master, on a replica
}

func load(files map[string][]byte) ([]resource.Resource, error) {
	var all []resource.Resource
	dec := json.NewDecoder(bytes.NewReader(files["functions.json"]))
	dec.DisallowUnknownFields()
	for {
		var f function
		if err := dec.Decode(&f); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("functions.json: %w", err)
		}
		all = append(all, f.build())
	}
	dec = json.NewDecoder(bytes.NewReader(files["roles.json"]))
	for {
		var r iam.Role
		if err := dec.Decode(&r); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("roles.json: %w", err)
		}
		r.ARN, r.Account = roleARN(r.Name), owner
		all = append(all, &r)
	}
}

func (f function) build() *lambda.Function {
	if f.Region == "" {
		f.Region = "us-east-1"
	}
	if f.Role == "" {
		f.Role = f.Name
	}
	fn := &lambda.Function{
		ARN: "arn:aws:lambda:" + f.Region + ":" + owner + ":function:" + f.Name, Name: f.Name, Account: owner,
		Region: resource.Region(f.Region), MasterARN: f.Master, URLs: f.URLs, Tags: f.Tags,
		Versions: []lambda.Version{{Qualifier: lambda.Latest, Role: roleARN(f.Role)}},
	}
	for _, v := range f.Versions {
		number, role, found := strings.Cut(v, "=")
		if !found {
			role = f.Role
		}
		fn.Versions = append(fn.Versions, lambda.Version{Qualifier: number, Role: roleARN(role)})
	}
	for _, a := range f.Aliases {
		name, version, _ := strings.Cut(a, "=")
		fn.Aliases = append(fn.Aliases, lambda.Alias{Name: name, Versions: []string{version}})
	}
	if f.Policy != nil {
		f.addPolicy(fn, "", f.Policy)
		fn.Policies[0].Recorded = f.Recorded
	}
	for _, q := range slices.Sorted(maps.Keys(f.Policies)) {
		f.addPolicy(fn, q, f.Policies[q])
	}
	return fn
}

// addPolicy adds a document; F stands for the function's ARN in it, a text is
// the stored text itself.
func (f function) addPolicy(fn *lambda.Function, qualifier string, raw json.RawMessage) {
	text := string(raw)
	var s string
	if json.Unmarshal(raw, &s) == nil {
		text = s
	}
	fn.Policies = append(fn.Policies, lambda.Policy{Qualifier: qualifier, Text: strings.ReplaceAll(text, "${F}", fn.ARN)})
}

func roleARN(role string) string {
	if role == "" || strings.HasPrefix(role, "arn:") {
		return role
	}
	return "arn:aws:iam::" + owner + ":role/" + role
}
