package awssim

import (
	"maps"
	"slices"
)

// configurationInput is what CreateFunction and UpdateFunctionConfiguration may
// set here; what AWS knows beyond that is read over.
type configurationInput struct {
	FunctionName  string
	Role          *string
	Runtime       *string
	Handler       *string
	Description   *string
	PackageType   *string
	MemorySize    *int
	Timeout       *int
	Environment   *environmentShape
	Architectures []string
	Tags          map[string]string
	Publish       bool
	RevisionId    string
}

func (in *configurationInput) apply(to *Configuration) {
	for _, field := range [...]struct {
		from *string
		to   *string
	}{{in.Role, &to.Role}, {in.Runtime, &to.Runtime}, {in.Handler, &to.Handler}, {in.Description, &to.Description}, {in.PackageType, &to.PackageType}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	if in.MemorySize != nil {
		to.MemorySize = *in.MemorySize
	}
	if in.Timeout != nil {
		to.Timeout = *in.Timeout
	}
	if in.Environment != nil {
		to.Environment = maps.Clone(in.Environment.Variables)
	}
	if in.Architectures != nil {
		to.Architectures = slices.Clone(in.Architectures)
	}
}

func (s *Sim) createFunction(c *call) (any, error) {
	var in configurationInput
	if err := c.json(&in); err != nil {
		return nil, err
	}
	if err := c.refer(in.FunctionName); err != nil {
		return nil, err
	}
	region := c.here()
	if region.Function(c.function) != nil {
		return nil, conflict("Function already exist: %s", c.function)
	}
	if in.Role == nil {
		return nil, invalid("1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null")
	}
	f := &Function{Name: c.function, Tags: in.Tags}
	in.apply(&f.Configuration)
	if err := settleFunction(c.account, region, f); err != nil {
		return nil, invalid("%s", err)
	}
	s.touch(&f.Configuration)
	region.Add(f)
	if in.Publish {
		return c.single(f, s.publish(f, "")), nil
	}
	return c.single(f, &f.Configuration), nil
}

func (s *Sim) updateFunctionConfiguration(c *call) (any, error) {
	var in configurationInput
	if err := c.json(&in); err != nil {
		return nil, err
	}
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	if in.RevisionId != "" && in.RevisionId != f.RevisionID {
		return nil, stale()
	}
	if f.MasterArn != "" {
		return nil, invalid("Lambda@Edge replicas cannot be changed; change the function %s", f.MasterArn)
	}
	if c.updating(&f.Configuration) {
		return nil, beingUpdated(c, f)
	}
	// A world need not hold the roles of its functions; one that does is checked.
	if in.Role != nil && *in.Role != f.Role && len(c.account.Roles) > 0 {
		if err := s.assumable(c.account, f, *in.Role); err != nil {
			return nil, err
		}
	}
	in.apply(&f.Configuration)
	s.touch(&f.Configuration)
	f.updated = s.clock.Now()
	return c.single(f, &f.Configuration), nil
}

// beingUpdated is the answer to a change while another one goes on.
func beingUpdated(c *call, f *Function) error {
	return conflict("The operation cannot be performed at this time. An update is in progress for resource: %s", functionARN(c.account, c.region, f.Name))
}

// touch moves the revision and the time of the last change.
func (s *Sim) touch(v *Configuration) {
	v.LastModified = s.clock.Now().UTC().Format("2006-01-02T15:04:05.000-0700")
	v.RevisionID = uuid(v.RevisionID, v.LastModified, v.Role)
}
