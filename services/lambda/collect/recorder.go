package collect

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/policy"
)

// recorder asks AWS Config what it recorded last of functions of one account and
// region. Functions are given by name, which is the id that Config knows them by,
// mostNames at most; those that it does not know are left out of the answer.
type recorder interface {
	ask(ctx context.Context, names []string) ([]types.BaseConfigurationItem, error)
}

// mostNames is how many resources one call may name (AWS Config API reference,
// BatchGetResourceConfig and BatchGetAggregateResourceConfig).
const mostNames = 100

// recorderPerSecond is how many calls a second Config is taken to answer. AWS
// publishes no number; the share of a scan is taken of this one, and a throttle
// lowers the pace like any other.
const recorderPerSecond = 5

// ownRecorder is the recorder of the account and region that is read.
type ownRecorder struct{ client *sdk.Client }

func (r ownRecorder) ask(ctx context.Context, names []string) ([]types.BaseConfigurationItem, error) {
	keys := make([]types.ResourceKey, len(names))
	for i, name := range names {
		keys[i] = types.ResourceKey{ResourceId: aws.String(name), ResourceType: types.ResourceTypeFunction}
	}
	out, err := r.client.BatchGetResourceConfig(ctx, &sdk.BatchGetResourceConfigInput{ResourceKeys: keys})
	if err != nil {
		return nil, err
	}
	return listed(out.BaseConfigurationItems)
}

// Aggregator is a configuration aggregator: it holds what the recorders of many
// accounts and regions recorded, and is asked with the credentials of whoever
// owns it. All readers of a scan share one, since they share its quota.
type Aggregator struct {
	name   string
	client *sdk.Client
	quota  collect.Together
}

// NewAggregator names an aggregator in the account and region of cfg, which it
// prepares with [collect.Configure] itself.
func NewAggregator(cfg aws.Config, name string) *Aggregator {
	return &Aggregator{name: name, client: sdk.NewFromConfig(collect.Configure(cfg))}
}

// aggregated is the part of an aggregator that is about one account and region.
type aggregated struct {
	*Aggregator
	account resource.Account
	region  resource.Region
}

func (a aggregated) ask(ctx context.Context, names []string) ([]types.BaseConfigurationItem, error) {
	ids := make([]types.AggregateResourceIdentifier, len(names))
	for i, name := range names {
		ids[i] = types.AggregateResourceIdentifier{
			ResourceId: aws.String(name), ResourceType: types.ResourceTypeFunction,
			SourceAccountId: aws.String(string(a.account)), SourceRegion: aws.String(string(a.region)),
		}
	}
	out, err := a.client.BatchGetAggregateResourceConfig(ctx, &sdk.BatchGetAggregateResourceConfigInput{
		ConfigurationAggregatorName: aws.String(a.name), ResourceIdentifiers: ids,
	})
	if err != nil {
		return nil, err
	}
	return listed(out.BaseConfigurationItems)
}

func listed(items []types.BaseConfigurationItem) ([]types.BaseConfigurationItem, error) {
	if items == nil {
		return nil, collect.Malformed("the answer holds no list of configuration items")
	}
	return items, nil
}

// item is what is kept of a configuration item.
type item struct {
	ARN      string    `json:"arn"`
	Captured time.Time `json:"captured"` // zero: it does not say
	Revision string    `json:"revision"` // of the function; "" when it does not say
	Policy   string    `json:"policy"`   // "" when it holds none that can be read
}

// readItems asks for the functions that a call names.
func (w *walk) readItems(ctx context.Context, c collect.Call) (*answer, error) {
	found, err := w.recording.ask(ctx, strings.Fields(c.Filter))
	if err != nil {
		return nil, err
	}
	a := &answer{Items: []item{}}
	for _, f := range found {
		switch f.ConfigurationItemStatus {
		case types.ConfigurationItemStatusOk, types.ConfigurationItemStatusResourceDiscovered:
			a.Items = append(a.Items, itemOf(f))
		}
	}
	return a, nil
}

func itemOf(f types.BaseConfigurationItem) item {
	var configuration struct {
		RevisionID string `json:"revisionId"`
	}
	if json.Unmarshal([]byte(aws.ToString(f.Configuration)), &configuration) != nil {
		configuration.RevisionID = ""
	}
	return item{
		ARN: aws.ToString(f.Arn), Captured: aws.ToTime(f.ConfigurationItemCaptureTime).UTC(),
		Revision: configuration.RevisionID, Policy: document(f.SupplementaryConfiguration["Policy"]),
	}
}

// document takes a policy out of what Config keeps, which is the document as
// JSON or a JSON text that holds it. "" stands for whatever is not exactly a
// policy that Lambda would have stored.
func document(raw string) string {
	var inner string
	if json.Unmarshal([]byte(raw), &inner) == nil {
		raw = inner
	}
	doc, notes, err := policy.ParseStored([]byte(raw))
	if err != nil || len(notes) > 0 || len(doc.Statements) == 0 {
		return ""
	}
	return raw
}
