package awssim

import "slices"

// Aggregator is a configuration aggregator of an account.
type Aggregator struct {
	Name     string   `yaml:"name"`
	Region   string   `yaml:"region"`
	Accounts []string `yaml:"accounts"` // whose items it holds
}

// itemKey names one resource to AWS Config. Its names are those of the aggregate
// API; that of one account writes the first two with small letters.
type itemKey struct {
	ResourceType, ResourceId      string
	SourceAccountId, SourceRegion string
}

// keysACall is how many resources one call may name.
const keysACall = 100

func checkKeys(keys []itemKey) error {
	if len(keys) > 0 && len(keys) <= keysACall {
		return nil
	}
	return &failure{status: 400, code: "ValidationException",
		message: "1 validation error detected: Value at 'resourceKeys' failed to satisfy constraint: Member must have length between 1 and 100"}
}

func (s *Sim) batchGetResourceConfig(c *call) (any, error) {
	var in struct{ ResourceKeys []itemKey }
	if err := c.json(&in); err != nil {
		return nil, err
	}
	if err := checkKeys(in.ResourceKeys); err != nil {
		return nil, err
	}
	if c.here().Recorder == nil {
		return nil, &failure{status: 400, code: "NoAvailableConfigurationRecorderException",
			message: "There are no customer managed configuration recorders available to record your resources."}
	}
	type key struct {
		Type string `json:"resourceType"`
		ID   string `json:"resourceId"`
	}
	out := struct {
		Items []itemShape `json:"baseConfigurationItems"`
		Left  []key       `json:"unprocessedResourceKeys"`
	}{[]itemShape{}, []key{}}
	for _, k := range in.ResourceKeys {
		found := s.items(c.account, c.here(), k.ResourceId)
		if k.ResourceType != recordedFunction || found == nil {
			out.Left = append(out.Left, key{k.ResourceType, k.ResourceId})
			continue
		}
		out.Items = append(out.Items, found...)
	}
	return out, nil
}

func (s *Sim) batchGetAggregateResourceConfig(c *call) (any, error) {
	var in struct {
		ConfigurationAggregatorName string
		ResourceIdentifiers         []itemKey
	}
	if err := c.json(&in); err != nil {
		return nil, err
	}
	if err := checkKeys(in.ResourceIdentifiers); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(c.account.Aggregators, func(a Aggregator) bool {
		return a.Name == in.ConfigurationAggregatorName && a.Region == c.region
	})
	if at < 0 {
		return nil, &failure{status: 400, code: "NoSuchConfigurationAggregatorException", message: "The configuration aggregator does not exist."}
	}
	out := struct {
		BaseConfigurationItems         []itemShape
		UnprocessedResourceIdentifiers []itemKey
	}{[]itemShape{}, []itemKey{}}
	for _, k := range in.ResourceIdentifiers {
		found := s.aggregated(c.account.Aggregators[at], k)
		if found == nil {
			out.UnprocessedResourceIdentifiers = append(out.UnprocessedResourceIdentifiers, k)
			continue
		}
		out.BaseConfigurationItems = append(out.BaseConfigurationItems, found...)
	}
	return out, nil
}

// aggregated finds what an aggregator holds of one resource of another account.
func (s *Sim) aggregated(g Aggregator, k itemKey) []itemShape {
	a := s.accounts[k.SourceAccountId]
	if a == nil || !slices.Contains(g.Accounts, a.ID) || k.ResourceType != recordedFunction || a.Region(k.SourceRegion) == nil {
		return nil
	}
	return s.items(a, a.Region(k.SourceRegion), k.ResourceId)
}
