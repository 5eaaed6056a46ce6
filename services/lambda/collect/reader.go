// Package collect reads AWS Lambda: functions with all their versions, aliases,
// the resource policy of each qualifier, function URLs and tags.
package collect

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/collect"
	"surety/internal/inventory"
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
	cfg        aws.Config
	key        []byte      // of fingerprints
	aggregator *Aggregator // nil: AWS Config is asked in each account and region
}

// New returns a reader of functions. It prepares its clients with
// [collect.Configure] itself. One reader serves one scan: fingerprints of
// variables can be compared within what it read, and with nothing else.
//
// Where the plan has a MaxAge, the policies of functions are taken from AWS Config
// as far as it has them; aliases and versions it does not record.
func New(cfg aws.Config) collect.Reader { return NewAggregated(cfg, nil) }

// NewAggregated is New with an aggregator to ask instead of each account's own
// recorder; nil for those.
func NewAggregated(cfg aws.Config, through *Aggregator) collect.Reader {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, by its contract
	return &reader{cfg: collect.Configure(cfg), key: key, aggregator: through}
}

func (*reader) Service() string { return "lambda" }
func (*reader) Global() bool    { return false }

func (*reader) Facets() []resource.Facet {
	return []resource.Facet{lambda.FacetList, lambda.FacetAliases, lambda.FacetPolicy, lambda.FacetURL, lambda.FacetTags}
}

// Quotas are those that [lambda.Facets] draws from.
func (r *reader) Quotas() []collect.Quota {
	recorder := collect.Quota{Bucket: lambda.BucketRecorder, PerSecond: recorderPerSecond}
	if r.aggregator != nil {
		recorder.Together = &r.aggregator.quota
	}
	return []collect.Quota{
		{Bucket: lambda.BucketPolicy, PerSecond: 15},
		{Bucket: lambda.BucketRemainder, PerSecond: 15},
		recorder,
	}
}

func (r *reader) Walk(ask collect.Ask, out collect.Output) collect.Walk {
	c := sdk.NewFromConfig(r.cfg, func(o *sdk.Options) { o.Region = string(ask.Region) })
	w := newWalk(c, r.key, ask, out)
	if ask.MaxAge > 0 {
		w.recording = &recording{recorder: r.recorder(ask), asked: map[string][]resource.ID{}, told: inventory.Recorded{Facet: lambda.FacetPolicy}}
	}
	return w
}

func (r *reader) recorder(ask collect.Ask) recorder {
	if r.aggregator != nil {
		return aggregated{r.aggregator, ask.Account, ask.Region}
	}
	return ownRecorder{configservice.NewFromConfig(r.cfg, func(o *configservice.Options) { o.Region = string(ask.Region) })}
}
