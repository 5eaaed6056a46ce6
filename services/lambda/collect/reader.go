// Package collect reads AWS Lambda: functions with all their versions, aliases,
// the resource policy of each qualifier, function URLs and tags.
package collect

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/lambda"
)

// client is what is needed of the SDK's client.
type client interface {
	ListFunctions(context.Context, *sdk.ListFunctionsInput, ...func(*sdk.Options)) (*sdk.ListFunctionsOutput, error)
	ListAliases(context.Context, *sdk.ListAliasesInput, ...func(*sdk.Options)) (*sdk.ListAliasesOutput, error)
	GetPolicy(context.Context, *sdk.GetPolicyInput, ...func(*sdk.Options)) (*sdk.GetPolicyOutput, error)
	ListFunctionUrlConfigs(context.Context, *sdk.ListFunctionUrlConfigsInput, ...func(*sdk.Options)) (*sdk.ListFunctionUrlConfigsOutput, error)
	ListTags(context.Context, *sdk.ListTagsInput, ...func(*sdk.Options)) (*sdk.ListTagsOutput, error)
}

type reader struct {
	cfg aws.Config
	key []byte // of fingerprints
}

// New returns a reader of functions. It prepares its clients with
// [collect.Configure] itself. One reader serves one scan: fingerprints of
// variables can be compared within what it read, and with nothing else.
func New(cfg aws.Config) collect.Reader {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, by its contract
	return &reader{cfg: collect.Configure(cfg), key: key}
}

func (*reader) Service() string { return "lambda" }
func (*reader) Global() bool    { return false }

func (*reader) Facets() []resource.Facet {
	return []resource.Facet{lambda.FacetList, lambda.FacetAliases, lambda.FacetPolicy, lambda.FacetURL, lambda.FacetTags}
}

// Quotas are those that [lambda.Facets] draws from.
func (*reader) Quotas() []collect.Quota {
	return []collect.Quota{
		{Bucket: lambda.BucketPolicy, PerSecond: 15},
		{Bucket: lambda.BucketRemainder, PerSecond: 15},
	}
}

func (r *reader) Walk(ask collect.Ask, out collect.Output) collect.Walk {
	c := sdk.NewFromConfig(r.cfg, func(o *sdk.Options) { o.Region = string(ask.Region) })
	return newWalk(c, r.key, ask, out)
}
