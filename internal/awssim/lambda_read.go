package awssim

import "cmp"

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

// urlShape is a function URL on the wire.
type urlShape struct {
	FunctionUrl      string
	FunctionArn      string
	AuthType         string
	CreationTime     string
	LastModifiedTime string
	InvokeMode       string
}

func (c *call) urlShape(f *Function, u *URL) urlShape {
	arn := functionARN(c.account, c.region, f.Name)
	if u.Qualifier != "" {
		arn += ":" + u.Qualifier
	}
	created := cmp.Or(u.Created, "2026-02-11T09:30:00.000000Z")
	return urlShape{FunctionUrl: "https://" + uniqueIDLower(arn) + ".lambda-url." + c.region + ".on.aws/", FunctionArn: arn,
		AuthType: cmp.Or(u.AuthType, "NONE"), CreationTime: created, LastModifiedTime: created, InvokeMode: cmp.Or(u.InvokeMode, "BUFFERED")}
}

func (s *Sim) getFunctionURLConfig(c *call) (any, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	for _, u := range f.URLs {
		if u.Qualifier == c.policyOf() {
			return c.urlShape(f, u), nil
		}
	}
	return nil, notFound("The resource you requested does not exist.")
}

func (s *Sim) listFunctionURLConfigs(c *call) (any, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	first, end, next, err := c.lambdaPage(len(f.URLs), urlsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker         *string
		FunctionUrlConfigs []urlShape
	}{orNull(next), []urlShape{}}
	for _, u := range f.URLs[first:end] {
		out.FunctionUrlConfigs = append(out.FunctionUrlConfigs, c.urlShape(f, u))
	}
	return out, nil
}
