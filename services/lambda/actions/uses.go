package actions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/services/lambda"
)

// unseen is what may run a published version and is not read.
const unseen = "CloudFront distributions, provisioned concurrency and calls that name a version by its number are not read"

// aliasCharacters may stand in the name of an alias, as the Lambda API reference
// says.
const aliasCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// pages is a list that comes in pages.
type pages[Page any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*sdk.Options)) (Page, error)
}

// every reads all pages of a list that is named what. An answer without a list is
// not an empty one, and a list that repeats itself has no end: both are errors.
func every[Page, Item any](ctx context.Context, what string, list pages[Page], read func(Page) (items []Item, next *string)) ([]Item, error) {
	var all []Item
	last := ""
	for list.HasMorePages() {
		page, err := list.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the %s: %w", what, collect.Clarify(err))
		}
		items, next := read(page)
		switch {
		case items == nil:
			return nil, fmt.Errorf("reading the %s: the answer holds no list", what)
		case next != nil && *next != "" && *next == last:
			return nil, fmt.Errorf("reading the %s: the list repeats its marker and would never end", what)
		}
		all, last = append(all, items...), aws.ToString(next)
	}
	return all, nil
}

// listVersions reads $LATEST and every published version of a function.
func (c clients) listVersions(ctx context.Context, t target) ([]types.FunctionConfiguration, error) {
	list := sdk.NewListVersionsByFunctionPaginator(c.of(t.arn), &sdk.ListVersionsByFunctionInput{FunctionName: &t.name})
	return every(ctx, "versions", list, func(p *sdk.ListVersionsByFunctionOutput) ([]types.FunctionConfiguration, *string) {
		return p.Versions, p.NextMarker
	})
}

// listAliases reads all aliases of a function, by name.
func (c clients) listAliases(ctx context.Context, t target) ([]types.AliasConfiguration, error) {
	list := sdk.NewListAliasesPaginator(c.of(t.arn), &sdk.ListAliasesInput{FunctionName: &t.name})
	all, err := every(ctx, "aliases", list, func(p *sdk.ListAliasesOutput) ([]types.AliasConfiguration, *string) { return p.Aliases, p.NextMarker })
	for _, a := range all {
		if name := aws.ToString(a.Name); name == "" || strings.Trim(name, aliasCharacters) != "" {
			return nil, fmt.Errorf("reading the aliases: the list names %q, which cannot be one", name)
		}
	}
	slices.SortFunc(all, func(a, b types.AliasConfiguration) int {
		return strings.Compare(aws.ToString(a.Name), aws.ToString(b.Name))
	})
	return all, err
}

// listMappings reads every event source mapping of a region: what Lambda tells,
// when it is asked for a function, of those that name an alias or a version of it
// is not documented.
func (c clients) listMappings(ctx context.Context, arn string) ([]types.EventSourceMappingConfiguration, error) {
	list := sdk.NewListEventSourceMappingsPaginator(c.of(arn), &sdk.ListEventSourceMappingsInput{})
	return every(ctx, "event source mappings", list, func(p *sdk.ListEventSourceMappingsOutput) ([]types.EventSourceMappingConfiguration, *string) {
		return p.EventSourceMappings, p.NextMarker
	})
}

// uses tells, by the number of a version, what runs it: aliases first, then what
// comes by an alias or by the number itself.
type uses map[string][]string

func usesOf(t target, aliases []types.AliasConfiguration, mappings []types.EventSourceMappingConfiguration) uses {
	u := uses{}
	for _, a := range aliases {
		weights := map[string]float64{}
		if a.RoutingConfig != nil {
			weights = a.RoutingConfig.AdditionalVersionWeights
		}
		rest := 1.0
		for _, number := range slices.Sorted(maps.Keys(weights)) {
			rest -= weights[number]
			u[number] = append(u[number], fmt.Sprintf("alias %s (%.4g %%)", aws.ToString(a.Name), 100*weights[number]))
		}
		main, text := aws.ToString(a.FunctionVersion), "alias "+aws.ToString(a.Name)
		if len(weights) > 0 {
			text += fmt.Sprintf(" (%.4g %%)", 100*rest)
		}
		u[main] = append(u[main], text)
	}
	for _, m := range mappings {
		qualifier, is := strings.CutPrefix(aws.ToString(m.FunctionArn), t.unqualified()+":")
		if !is {
			continue // of another function, or of $LATEST
		}
		what := "event source mapping of " + aws.ToString(m.EventSourceArn)
		if aws.ToString(m.EventSourceArn) == "" { // of a self-managed cluster
			what = "event source mapping " + aws.ToString(m.UUID)
		}
		if m.State != nil && *m.State != "Enabled" {
			what += " (" + *m.State + ")"
		}
		u.add(qualifier, what, aliases)
	}
	return u
}

// add notes a user under the versions that a qualifier means.
func (u uses) add(qualifier, what string, aliases []types.AliasConfiguration) {
	if isNumber(qualifier) {
		u[qualifier] = append(u[qualifier], what+" by its number")
		return
	}
	for _, a := range aliases {
		if aws.ToString(a.Name) != qualifier {
			continue
		}
		numbers := []string{aws.ToString(a.FunctionVersion)}
		if a.RoutingConfig != nil {
			numbers = append(numbers, slices.Sorted(maps.Keys(a.RoutingConfig.AdditionalVersionWeights))...)
		}
		for _, number := range numbers {
			u[number] = append(u[number], what+" by alias "+qualifier)
		}
	}
}

// replicas notes the regions that a version was replicated to for Lambda@Edge. A
// replica names the version that it is of. Source: Lambda API reference,
// FunctionConfiguration, MasterArn.
func (u uses) replicas(fn *lambda.Function, all []*lambda.Function) {
	for _, r := range all {
		if number, is := strings.CutPrefix(r.MasterARN, fn.ARN+":"); is {
			u[number] = append(u[number], fmt.Sprintf("a Lambda@Edge replica in %s, so a CloudFront distribution", r.Region))
		}
	}
}

// inUse says what speaks against deleting a version; "" when nothing that can be
// read does. What cannot be read speaks against it.
func (c clients) inUse(ctx context.Context, t target, number string) string {
	found, err := c.listAliases(ctx, t)
	var mapped []types.EventSourceMappingConfiguration
	if err == nil {
		mapped, err = c.listMappings(ctx, t.arn)
	}
	if err != nil {
		return fmt.Sprintf("whether anything uses version %s is not known: %v", number, err)
	}
	if by := usesOf(t, found, mapped)[number]; len(by) > 0 {
		return fmt.Sprintf("version %s is used by %s", number, strings.Join(by, "; "))
	}
	return c.allowed(ctx, t, number)
}

// allowed says that somebody was allowed to call a version by its number; "" for
// nobody.
func (c clients) allowed(ctx context.Context, t target, number string) string {
	_, err := c.of(t.arn).GetPolicy(ctx, &sdk.GetPolicyInput{FunctionName: &t.name, Qualifier: &number})
	switch {
	case none(err):
		return ""
	case err != nil:
		return fmt.Sprintf("whether somebody may call version %s by its number is not known: %v", number, collect.Clarify(err))
	}
	return fmt.Sprintf("version %s has a policy of its own: somebody was allowed to call it by its number", number)
}

// unqualified is the ARN of the function itself.
func (t target) unqualified() string { return lambda.Unqualified(t.arn) }
