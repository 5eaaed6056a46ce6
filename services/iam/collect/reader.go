// Package collect reads roles with their policies out of AWS Identity and Access
// Management.
package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/iam"
)

// client is what is needed of the SDK's client.
type client interface {
	GetAccountAuthorizationDetails(context.Context, *sdk.GetAccountAuthorizationDetailsInput, ...func(*sdk.Options)) (*sdk.GetAccountAuthorizationDetailsOutput, error)
}

type reader struct{ cfg aws.Config }

// New returns a reader of roles. It prepares its clients with
// [collect.Configure] itself.
func New(cfg aws.Config) collect.Reader { return &reader{cfg: collect.Configure(cfg)} }

func (*reader) Service() string { return "iam" }
func (*reader) Global() bool    { return true }

func (*reader) Facets() []resource.Facet { return []resource.Facet{iam.FacetDetails} }

// Quotas is a guess on the safe side: AWS does not publish IAM's.
func (*reader) Quotas() []collect.Quota {
	return []collect.Quota{{Bucket: iam.BucketIAM, PerSecond: 10}}
}

// Walk reads from whatever region is at hand; the SDK finds IAM's own address.
func (r *reader) Walk(ask collect.Ask, out collect.Output) collect.Walk {
	c := sdk.NewFromConfig(r.cfg, func(o *sdk.Options) { o.Region = string(ask.Home) })
	return &walk{client: c, ask: ask, out: out, texts: map[string]string{}, pages: map[string]bool{}}
}
