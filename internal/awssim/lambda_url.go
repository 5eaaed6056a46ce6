package awssim

import "cmp"

// urlShape is a function URL on the wire.
type urlShape struct {
	FunctionUrl      string
	FunctionArn      string
	AuthType         string
	Cors             *Cors `json:",omitempty"`
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
		AuthType: cmp.Or(u.AuthType, "NONE"), Cors: u.Cors, CreationTime: created, LastModifiedTime: cmp.Or(u.Modified, created),
		InvokeMode: cmp.Or(u.InvokeMode, "BUFFERED")}
}

// lookupURL finds the URL that a call's qualifier means: that of an alias, or of
// the function itself.
func (c *call) lookupURL() (*Function, *URL, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, nil, err
	}
	for _, u := range f.URLs {
		if u.Qualifier == c.policyOf() {
			return f, u, nil
		}
	}
	return nil, nil, notFound("The resource you requested does not exist.")
}

func (s *Sim) getFunctionURLConfig(c *call) (any, error) {
	f, u, err := c.lookupURL()
	if err != nil {
		return nil, err
	}
	return c.urlShape(f, u), nil
}

// updateFunctionURLConfig changes what the call names and leaves the rest. There
// is no revision to guard it (SDK, UpdateFunctionUrlConfig).
func (s *Sim) updateFunctionURLConfig(c *call) (any, error) {
	var in struct {
		AuthType, InvokeMode string
		Cors                 *Cors
	}
	if err := c.json(&in); err != nil {
		return nil, err
	}
	f, u, err := c.lookupURL()
	if err != nil {
		return nil, err
	}
	if in.AuthType != "" && in.AuthType != "NONE" && in.AuthType != "AWS_IAM" {
		return nil, invalid("1 validation error detected: Value '%s' at 'authType' failed to satisfy constraint: Member must satisfy enum value set: [NONE, AWS_IAM]", in.AuthType)
	}
	u.AuthType = cmp.Or(in.AuthType, u.AuthType)
	u.InvokeMode = cmp.Or(in.InvokeMode, u.InvokeMode)
	u.Cors = cmp.Or(in.Cors, u.Cors)
	u.Modified = s.clock.Now().UTC().Format("2006-01-02T15:04:05.000000Z")
	return c.urlShape(f, u), nil
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
