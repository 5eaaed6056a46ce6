package awssim

const mappingsAPage = 100 // at most, even when asked for more (SDK, ListEventSourceMappings)

// mappingShape is EventSourceMappingConfiguration on the wire.
type mappingShape struct {
	UUID           string
	EventSourceArn string `json:",omitempty"`
	FunctionArn    string
	State          string
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
			one := mappingShape{m.UUID, m.Source, functionARN(c.account, c.region, f.Name), m.State}
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
