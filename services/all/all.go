// Package all lists everything that the program knows: rules, types, facets,
// readers, limits. One more of a kind is one more line here.
package all

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"surety/internal/collect"
	"surety/internal/remedy"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/iam"
	iamactions "surety/services/iam/actions"
	iamcollect "surety/services/iam/collect"
	"surety/services/lambda"
	lambdaactions "surety/services/lambda/actions"
	lambdacollect "surety/services/lambda/collect"
	lambdarules "surety/services/lambda/rules"
)

// Rules returns every rule, by id.
func Rules() []*rule.Rule {
	rules := slices.Concat(lambdarules.All())
	slices.SortFunc(rules, func(a, b *rule.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// Kinds returns every type of resource, for reading a snapshot back.
func Kinds() []resource.Kind {
	return []resource.Kind{
		{Type: iam.RoleType, New: func() resource.Resource { return new(iam.Role) }},
		{Type: lambda.FunctionType, New: func() resource.Resource { return new(lambda.Function) }},
	}
}

// Facets returns every facet, by name.
func Facets() []resource.FacetInfo {
	facets := slices.Concat(iam.Facets(), lambda.Facets())
	slices.SortFunc(facets, func(a, b resource.FacetInfo) int { return strings.Compare(string(a.Facet), string(b.Facet)) })
	return facets
}

// Readers returns a reader for every service.
func Readers(cfg aws.Config) []collect.Reader { return ReadersThrough(cfg, nil) }

// ReadersThrough is Readers with an aggregator of AWS Config to ask where a plan
// takes recorded facts; nil asks each account's own recorder.
func ReadersThrough(cfg aws.Config, aggregator *lambdacollect.Aggregator) []collect.Reader {
	return []collect.Reader{iamcollect.New(cfg), lambdacollect.NewAggregated(cfg, aggregator)}
}

// Actors returns who carries out each action of a plan.
func Actors(cfg aws.Config) map[string]remedy.Actor {
	actors := map[string]remedy.Actor{}
	maps.Copy(actors, iamactions.New(cfg, lambdaactions.NewRunning(cfg).With))
	maps.Copy(actors, lambdaactions.New(cfg))
	return actors
}

// Limit is something that this version reads for nobody.
type Limit struct {
	ID   string // as the end event names it
	What string // one line for people
}

// Limits returns every limit, by id. docs/limits.md says more about each.
func Limits() []Limit {
	return []Limit{
		{"lambda.microvm", "MicroVMs: roles that they share with functions are not seen"},
		{"lambda.web-function", "Web Functions: neither who may call them nor the roles that they share are seen"},
	}
}

// LimitIDs returns the ids of Limits.
func LimitIDs() []string {
	var ids []string
	for _, l := range Limits() {
		ids = append(ids, l.ID)
	}
	return ids
}
