// Package features says what a function's configuration calls for in its execution
// role. It is pure; what it knows of AWS is in features.yaml.
package features

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"surety/services/iam"
)

//go:embed features.yaml
var table []byte

// Need is what one feature calls for.
type Need struct {
	Feature    string          // "sqs"
	Statements []iam.Statement // Allow, without Sid
	May        []iam.Statement // needed or not: the configuration does not tell
	Managed    []string        // ARNs of AWS's policies for it
}

// row is one feature of the table.
type row struct {
	ID      string             `yaml:"id"`
	Layer   string             `yaml:"layer"` // of a layer's name: how the feature is told
	Grants  []grant            `yaml:"grants"`
	To      map[string][]grant `yaml:"to"` // more, by the service of the target
	Managed []string           `yaml:"managed"`
	Source  []string           `yaml:"source"`
}

type grant struct {
	May       string                       `yaml:"may"`
	Actions   []string                     `yaml:"actions"`
	Resources []string                     `yaml:"resources"`
	Condition map[string]map[string]string `yaml:"condition"`
}

// read reads the table. An error is a mistake in it.
func read() ([]row, error) {
	var t struct {
		AsOf     string            `yaml:"as_of"`
		Sources  map[string]string `yaml:"sources"`
		Features []row             `yaml:"features"`
	}
	if err := yaml.UnmarshalWithOptions(table, &t, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("reading the table of features: %w", err)
	}
	return t.Features, nil
}

// Needs lists what a configuration calls for, in the order of the table; a feature
// that is used in more than one way stands there once for each. An error names what
// the table does not know.
func (c Configuration) Needs() ([]Need, error) {
	if strings.Count(c.ARN, ":") != 6 {
		return nil, fmt.Errorf("%q is no ARN of a function", c.ARN)
	}
	rows, err := read()
	if err != nil {
		return nil, err
	}
	if err := c.unknown(rows); err != nil {
		return nil, err
	}
	var needs []Need
	for _, r := range rows {
		for _, values := range c.uses(r) {
			needs = append(needs, c.need(r, values))
		}
	}
	return needs, nil
}

func (c Configuration) need(r row, values map[string]string) Need {
	n := Need{Feature: r.ID}
	part := strings.SplitN(c.ARN, ":", 7)
	put := []string{"${P}", part[1], "${R}", part[3], "${A}", part[4], "${FN}", part[6]}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		put = append(put, "${"+name+"}", values[name])
	}
	fill := strings.NewReplacer(put...)
	for _, g := range slices.Concat(r.To[values[service]], r.Grants) {
		s, ok := g.statement(fill)
		switch {
		case !ok:
		case g.May != "":
			n.May = append(n.May, s)
		default:
			n.Statements = append(n.Statements, s)
		}
	}
	for _, path := range r.Managed {
		n.Managed = append(n.Managed, "arn:"+part[1]+":iam::aws:policy/"+path)
	}
	return n
}

// statement fills in a grant; false when a value that it needs is not there.
func (g grant) statement(fill *strings.Replacer) (iam.Statement, bool) {
	s := iam.Statement{Effect: "Allow", Action: g.Actions, Variables: true}
	for _, r := range g.Resources {
		s.Resource = append(s.Resource, fill.Replace(r))
	}
	for operator, keys := range g.Condition {
		for key, value := range keys {
			raw, _ := json.Marshal(fill.Replace(value)) // a text is always written
			if s.Condition == nil {
				s.Condition = iam.Condition{}
			}
			s.Condition[operator] = map[string]json.RawMessage{key: raw}
			s.Resource = slices.DeleteFunc(s.Resource, func(string) bool { return strings.Contains(string(raw), "${") })
		}
	}
	s.Resource = slices.DeleteFunc(s.Resource, func(r string) bool { return strings.Contains(r, "${") })
	return s, len(s.Resource) > 0
}
