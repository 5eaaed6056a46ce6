package awssim

import "strings"

const (
	functionsAPage = 50 // at most, even when asked for more (SDK, ListFunctions)
	urlsAPage      = 50 // (SDK, ListFunctionUrlConfigs)
	itemsAPage     = 50 // of aliases and versions
)

// entry is one line of a list of functions.
type entry struct {
	function *Function
	version  *Configuration
}

func (s *Sim) listFunctions(c *call) (any, error) {
	all := c.query.Get("FunctionVersion") == "ALL"
	master := c.query.Get("MasterRegion")
	if v := c.query.Get("FunctionVersion"); v != "" && !all {
		return nil, invalid("1 validation error detected: Value '%s' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]", v)
	}
	if master != "" && !all {
		return nil, invalid("FunctionVersion must be set to ALL when MasterRegion is provided.")
	}
	var entries []entry
	for _, f := range c.account.Region(c.region).Functions {
		entries = append(entries, entry{f, &f.Configuration})
		if all {
			entries = f.appendVersions(entries)
		}
	}
	if master != "" {
		entries = ofMaster(entries, master)
	}
	first, end, next, err := c.lambdaPage(len(entries), functionsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker *string
		Functions  []configurationShape
	}{orNull(next), c.shapes(entries[first:end], all)}
	return out, nil
}

func (s *Sim) listVersionsByFunction(c *call) (any, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	entries := f.appendVersions([]entry{{f, &f.Configuration}})
	first, end, next, err := c.lambdaPage(len(entries), itemsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker *string
		Versions   []configurationShape
	}{orNull(next), c.shapes(entries[first:end], true)}
	return out, nil
}

// aliasShape is AliasConfiguration on the wire.
type aliasShape struct {
	AliasArn        string
	Name            string
	FunctionVersion string
	Description     string
	RoutingConfig   *routingShape `json:",omitempty"`
	RevisionId      string
}

type routingShape struct{ AdditionalVersionWeights map[string]float64 }

func (s *Sim) listAliases(c *call) (any, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	aliases := []aliasShape{}
	for _, a := range f.Aliases {
		if v := c.query.Get("FunctionVersion"); v == "" || v == a.Version {
			aliases = append(aliases, c.aliasShape(f, a))
		}
	}
	first, end, next, err := c.lambdaPage(len(aliases), itemsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker *string
		Aliases    []aliasShape
	}{orNull(next), aliases[first:end]}
	return out, nil
}

func (c *call) aliasShape(f *Function, a *Alias) aliasShape {
	out := aliasShape{AliasArn: functionARN(c.account, c.region, f.Name) + ":" + a.Name, Name: a.Name,
		FunctionVersion: a.Version, Description: a.Description, RevisionId: a.RevisionID}
	if len(a.Weights) > 0 {
		out.RoutingConfig = &routingShape{a.Weights}
	}
	return out
}

func (f *Function) appendVersions(to []entry) []entry {
	for _, v := range f.Versions {
		to = append(to, entry{f, v})
	}
	return to
}

// ofMaster keeps the replicas of functions that live in a region; ALL is any.
func ofMaster(entries []entry, region string) []entry {
	var out []entry
	for _, e := range entries {
		arn := strings.Split(e.version.MasterArn, ":")
		if len(arn) > 3 && (region == "ALL" || arn[3] == region) {
			out = append(out, e)
		}
	}
	return out
}

func (c *call) shapes(entries []entry, qualified bool) []configurationShape {
	out := make([]configurationShape, 0, len(entries))
	for _, e := range entries {
		out = append(out, c.shape(e.function, e.version, qualified))
	}
	return out
}

// orNull is how a list says that there is no next page.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
