package awssim

func (s *Sim) getFunctionConfiguration(c *call) (any, error) {
	f, v, err := c.lookupVersion()
	if err != nil {
		return nil, err
	}
	return c.single(f, v), nil
}

func (s *Sim) getFunction(c *call) (any, error) {
	f, v, err := c.lookupVersion()
	if err != nil {
		return nil, err
	}
	type code struct {
		RepositoryType string
		Location       string
	}
	out := struct {
		Configuration configurationShape
		Code          code
		Tags          map[string]string `json:",omitempty"`
	}{c.single(f, v), code{"S3", "https://code.invalid/" + f.Name}, f.Tags}
	if v.PackageType == "Image" {
		out.Code = code{RepositoryType: "ECR"}
	}
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

func (s *Sim) listTags(c *call) (any, error) {
	if c.qualifier != "" {
		return nil, invalid("Tags can only be read from an unqualified function.")
	}
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	tags := f.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return struct{ Tags map[string]string }{tags}, nil
}
