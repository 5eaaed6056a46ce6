package collect

import (
	"context"
	"fmt"

	"surety/internal/collect"
	"surety/services/lambda"
)

// answer is what one call brought, reduced to what is kept. Each call fills the
// fields of its facet.
type answer struct {
	Entries []entry           `json:"entries,omitempty"`
	Aliases []lambda.Alias    `json:"aliases,omitempty"`
	Policy  *lambda.Policy    `json:"policy,omitempty"` // nil: there is none
	URLs    []lambda.URL      `json:"urls,omitempty"`
	Tags    map[string]string `json:"tags,omitempty"`
	Items   []item            `json:"items,omitempty"`
	Next    string            `json:"next,omitempty"` // marker of the next page
}

// entry is one line of ListFunctions: one version of a function.
type entry struct {
	ARN       string         `json:"arn"` // as it came
	Name      string         `json:"name"`
	MasterARN string         `json:"master_arn,omitempty"`
	Version   lambda.Version `json:"version"`
}

// Blank implements [collect.Walk].
func (*walk) Blank(collect.Call) any { return new(answer) }

// Read implements [collect.Walk].
func (w *walk) Read(ctx context.Context, c collect.Call) (any, error) {
	var a *answer
	var err error
	switch c.Facet {
	case lambda.FacetList:
		a, err = w.readFunctions(ctx, c)
	case lambda.FacetAliases:
		a, err = w.readAliases(ctx, c)
	case lambda.FacetPolicy:
		a, err = w.readPolicy(ctx, c)
	case lambda.FacetURL:
		a, err = w.readURLs(ctx, c)
	case lambda.FacetTags:
		a, err = w.readTags(ctx, c)
	case lambda.FacetRecorded:
		a, err = w.readItems(ctx, c)
	default:
		err = collect.Malformed(fmt.Sprintf("no call fills %s", c.Facet))
	}
	return a, err
}
