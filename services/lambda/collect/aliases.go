package collect

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/lambda"
)

func (w *walk) readAliases(ctx context.Context, c collect.Call) (*answer, error) {
	out, err := w.client.ListAliases(ctx, &sdk.ListAliasesInput{
		FunctionName: aws.String(nameOf(c.Resource)), MaxItems: aws.Int32(pageSize), Marker: marker(c),
	})
	if err != nil {
		return nil, err
	}
	if out.Aliases == nil {
		return nil, collect.Malformed("the answer holds no list of aliases")
	}
	a := &answer{Next: aws.ToString(out.NextMarker)}
	for _, x := range out.Aliases {
		alias := lambda.Alias{Name: aws.ToString(x.Name), Versions: []string{aws.ToString(x.FunctionVersion)}}
		if why := faultOf(alias); why != "" {
			return nil, collect.Malformed(why)
		}
		if x.RoutingConfig != nil {
			alias.Versions = append(alias.Versions, slices.Sorted(maps.Keys(x.RoutingConfig.AdditionalVersionWeights))...)
		}
		a.Aliases = append(a.Aliases, alias)
	}
	return a, nil
}

// faultOf says why an entry is no alias; "" when it may be one. A name that no
// alias has would have no policy either, and so hide the alias that it stands for.
func faultOf(a lambda.Alias) string {
	switch {
	case a.Name == "":
		return "an alias has no name"
	case strings.Trim(a.Name, nameCharacters) != "":
		return fmt.Sprintf("the list names the alias %q, which cannot be one", a.Name)
	case a.Versions[0] == "":
		return fmt.Sprintf("the list does not say which version the alias %q points to", a.Name)
	}
	return ""
}

// takeAliases adds a page of aliases and asks for their policies; after the last
// page the versions' turn has come.
func (w *walk) takeAliases(p *pending, c collect.Call, a *answer) ([]collect.Call, error) {
	var calls []collect.Call
	for _, alias := range a.Aliases {
		if slices.ContainsFunc(p.fn.Aliases, func(x lambda.Alias) bool { return x.Name == alias.Name }) {
			continue
		}
		p.fn.Aliases = append(p.fn.Aliases, alias)
		if p.targets == nil {
			p.targets = map[string]bool{}
		}
		for _, v := range alias.Versions {
			p.targets[v] = true
		}
		if w.ask.Facet(lambda.FacetPolicy) {
			calls = append(calls, policyCall(c.Resource, alias.Name, orderFirst, 0))
		}
	}
	more, err := w.nextPage(c, a.Next)
	if len(more) == 0 {
		calls = append(calls, w.aliasesKnown(p)...)
	}
	return append(calls, more...), err
}

// aliasesKnown asks for the policies of the versions that waited until it was
// known which of them an alias points to.
func (w *walk) aliasesKnown(p *pending) []collect.Call {
	p.aliased = true
	if !w.readsVersions(p) {
		return nil
	}
	var calls []collect.Call
	for _, v := range p.fn.Versions {
		if v.Qualifier != lambda.Latest {
			w.later--
			calls = append(calls, w.policyOfVersion(p, v))
		}
	}
	return calls
}

// versionPolicy is policyOfVersion for a version that comes after the aliases.
func (w *walk) versionPolicy(p *pending, v lambda.Version) collect.Call {
	p.open++
	return w.policyOfVersion(p, v)
}

func (w *walk) policyOfVersion(p *pending, v lambda.Version) collect.Call {
	order := orderVersions
	if p.targets[v.Qualifier] {
		order = orderAliases
	}
	return policyCall(resource.ID(p.fn.ARN), v.Qualifier, order, -modified(v))
}

// lastModified is how Lambda writes a time.
const lastModified = "2006-01-02T15:04:05.999-0700"

// modified is when a version was made, in seconds since 1970; 0 when unreadable.
func modified(v lambda.Version) int64 {
	t, err := time.Parse(lastModified, v.LastModified)
	if err != nil {
		return 0
	}
	return t.Unix()
}
