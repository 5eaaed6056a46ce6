package awssim

import "strconv"

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

func (c *call) aliasShape(f *Function, a *Alias) aliasShape {
	out := aliasShape{AliasArn: functionARN(c.account, c.region, f.Name) + ":" + a.Name, Name: a.Name,
		FunctionVersion: a.Version, Description: a.Description, RevisionId: a.RevisionID}
	if len(a.Weights) > 0 {
		out.RoutingConfig = &routingShape{a.Weights}
	}
	return out
}

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

func (s *Sim) getAlias(c *call) (any, error) {
	f, a, err := c.lookupAlias()
	if err != nil {
		return nil, err
	}
	return c.aliasShape(f, a), nil
}

func (c *call) lookupAlias() (*Function, *Alias, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, nil, err
	}
	a := f.alias(c.alias)
	if a == nil {
		return nil, nil, notFound("Cannot find alias arn: %s:%s", functionARN(c.account, c.region, c.function), c.alias)
	}
	return f, a, nil
}

func (s *Sim) createAlias(c *call) (any, error) {
	var in struct {
		Name, FunctionVersion, Description string
		RoutingConfig                      routingShape
	}
	if err := c.json(&in); err != nil {
		return nil, err
	}
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	arn := functionARN(c.account, c.region, f.Name)
	if f.alias(in.Name) != nil {
		return nil, conflict("Alias already exists: %s:%s", arn, in.Name)
	}
	if _, err := strconv.Atoi(in.Name); err == nil || in.Name == "" {
		return nil, invalid("1 validation error detected: Value '%s' at 'name' failed to satisfy constraint: Member must not be a number", in.Name)
	}
	a := &Alias{Name: in.Name, Version: in.FunctionVersion, Description: in.Description,
		Weights: in.RoutingConfig.AdditionalVersionWeights, RevisionID: uuid(arn, in.Name, in.FunctionVersion)}
	if err := c.routes(f, a); err != nil {
		return nil, err
	}
	f.Aliases = append(f.Aliases, a)
	return c.aliasShape(f, a), nil
}

// updateAlias leaves what the request leaves out; weights go by an empty map.
func (s *Sim) updateAlias(c *call) (any, error) {
	var in struct {
		FunctionVersion, Description *string
		RoutingConfig                *routingShape
		RevisionId                   string
	}
	if err := c.json(&in); err != nil {
		return nil, err
	}
	f, a, err := c.lookupAlias()
	if err != nil {
		return nil, err
	}
	if in.RevisionId != "" && in.RevisionId != a.RevisionID {
		return nil, stale()
	}
	to := *a
	if in.FunctionVersion != nil {
		to.Version = *in.FunctionVersion
	}
	if in.Description != nil {
		to.Description = *in.Description
	}
	if in.RoutingConfig != nil {
		to.Weights = in.RoutingConfig.AdditionalVersionWeights
	}
	if err := c.routes(f, &to); err != nil {
		return nil, err
	}
	to.RevisionID = uuid(a.RevisionID, to.Version, to.Description)
	*a = to
	return c.aliasShape(f, a), nil
}

// routes says why an alias cannot point where it does. Two versions must both be
// published and have one execution role (Lambda developer guide, weighted aliases).
func (c *call) routes(f *Function, a *Alias) error {
	arn := functionARN(c.account, c.region, f.Name)
	main := f.version(a.Version)
	if main == nil {
		return notFound("Function not found: %s:%s", arn, a.Version)
	}
	if len(a.Weights) > 1 {
		return invalid("An alias can point to two versions at most.")
	}
	for number, weight := range a.Weights {
		other := f.version(number)
		switch {
		case other == nil:
			return notFound("Function not found: %s:%s", arn, number)
		case weight < 0 || weight > 1:
			return invalid("A weight is between 0 and 1.")
		case main.Version == Latest || other.Version == Latest:
			return invalid("$LATEST is not supported for an alias pointing to more than 1 version")
		case main.Role != other.Role:
			return invalid("Specified versions must be associated with the same execution role")
		}
	}
	return nil
}
