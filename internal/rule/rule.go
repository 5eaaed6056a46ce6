// Package rule says what a rule is: a judgement written once, over resources
// that were read before. A rule is pure: no clock, no network, no file.
package rule

import (
	"encoding/json"

	"surety/internal/resource"
)

// Category is a pillar of the AWS Well-Architected Framework.
type Category string

// The pillars.
const (
	Security              Category = "security"
	Reliability           Category = "reliability"
	OperationalExcellence Category = "operational-excellence"
	PerformanceEfficiency Category = "performance-efficiency"
	CostOptimization      Category = "cost-optimization"
	Sustainability        Category = "sustainability"
)

// Rule is one judgement and what it stands on. Rules are values in a list; they
// are never changed once built.
type Rule struct {
	ID       string // "Lambda-002"; never reused
	Name     string // "lambda-cross-account-access": flags, files, pages
	Title    string // what a failing check means, one line without full stop
	Risk     RiskLevel
	Category Category
	Type     resource.Type // what it judges

	// Reads are the facets that the verdict hangs on: a gap in one makes the
	// check unknown, unless a fail is already proven.
	Reads []resource.Facet
	// Cites only enrich message and evidence; a gap in one is noted and never
	// changes the status.
	Cites []resource.Facet
	// Joins must be whole for every region in scope before a pass is allowed.
	Joins []resource.Facet

	Settings []Setting // what surety.yaml may say under settings; nil for none
	Page     string    // the knowledge page, Markdown prose
	Examples string    // the cases beside the rule, as package ruletest describes them

	judge func(View, resource.Resource) Verdict
}

// Setting describes one member of a rule's settings.
type Setting struct {
	Name string
	What string // one line for people
	// List says that the setting is a list, so that Check sees one item at a
	// time and its error can name the line of the item.
	List bool
	// Check refuses a value (or item) that the rule cannot use; the error says
	// what to write instead. Nil takes anything.
	Check func(json.RawMessage) error
	// Needs names the facets that the value (the whole list) makes the rule
	// look at besides its own; nil for none.
	Needs func(json.RawMessage) []resource.Facet
}

// For builds a rule from its description and a judgement over one type of
// resource.
func For[T resource.Resource](r Rule, judge func(View, T) Verdict) *Rule {
	r.judge = func(v View, res resource.Resource) Verdict { return judge(v, res.(T)) }
	return &r
}

// Judge gives the verdict on one resource, which must be of the rule's type.
func (r *Rule) Judge(v View, res resource.Resource) Verdict { return r.judge(v, res) }

// Is reports whether a person means this rule: by its id or its name.
func (r *Rule) Is(word string) bool { return word == r.ID || word == r.Name }
