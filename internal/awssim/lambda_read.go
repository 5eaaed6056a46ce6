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
