package awssim

import "cmp"

const mappingsAPage = 100 // at most, even when asked for more (SDK, ListEventSourceMappings)

// mappingShape is EventSourceMappingConfiguration on the wire.
type mappingShape struct {
	UUID           string
	EventSourceArn string `json:",omitempty"`
	FunctionArn    string
	State          string

	SourceAccessConfigurations []accessShape     `json:",omitempty"`
	DestinationConfig          *destinationShape `json:",omitempty"`
}

type accessShape struct{ Type, URI string }

// destinationShape is DestinationConfig on the wire.
type destinationShape struct{ OnSuccess, OnFailure *oneDestination }

type oneDestination struct{ Destination string }

func destinationTo(arn string) *oneDestination {
	if arn == "" {
		return nil
	}
	return &oneDestination{arn}
}

// listEventSourceMappings answers those of a region; with FunctionName those that
// name the function just so, with its qualifier or without. AWS does not document
// what it does about other qualifiers.
func (s *Sim) listEventSourceMappings(c *call) (any, error) {
	name, source := c.query.Get("FunctionName"), c.query.Get("EventSourceArn")
	if name != "" {
		if err := c.refer(name); err != nil {
			return nil, err
		}
		if _, err := c.lookup(); err != nil {
			return nil, err
		}
	}
	found := []mappingShape{}
	for _, f := range c.here().Functions {
		for _, m := range f.Mappings {
			one := mappingShape{UUID: m.UUID, EventSourceArn: m.Source, FunctionArn: functionARN(c.account, c.region, f.Name), State: m.State}
			if m.Secret != "" {
				one.SourceAccessConfigurations = []accessShape{{"BASIC_AUTH", m.Secret}}
			}
			if m.OnFailure != "" {
				one.DestinationConfig = &destinationShape{OnFailure: destinationTo(m.OnFailure)}
			}
			if m.Qualifier != "" {
				one.FunctionArn += ":" + m.Qualifier
			}
			if (name == "" || f.Name == c.function && m.Qualifier == c.qualifier) && (source == "" || source == m.Source) {
				found = append(found, one)
			}
		}
	}
	first, end, next, err := c.lambdaPage(len(found), mappingsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker          *string
		EventSourceMappings []mappingShape
	}{orNull(next), found[first:end]}
	return out, nil
}

// listFunctionEventInvokeConfigs answers those of all qualifiers; the function
// itself goes by $LATEST.
func (s *Sim) listFunctionEventInvokeConfigs(c *call) (any, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	type shape struct {
		FunctionArn       string
		DestinationConfig destinationShape
	}
	first, end, next, err := c.lambdaPage(len(f.Destinations), itemsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker                 *string
		FunctionEventInvokeConfigs []shape
	}{orNull(next), []shape{}}
	for _, d := range f.Destinations[first:end] {
		out.FunctionEventInvokeConfigs = append(out.FunctionEventInvokeConfigs, shape{
			functionARN(c.account, c.region, f.Name) + ":" + cmp.Or(d.Qualifier, Latest), destinationShape{destinationTo(d.OnSuccess), destinationTo(d.OnFailure)},
		})
	}
	return out, nil
}
