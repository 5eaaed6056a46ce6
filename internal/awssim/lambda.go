package awssim

import (
	"cmp"
	"net/url"
	"strings"
)

// lambdaAPI tells the APIs of Lambda apart by method and path after the
// version date. A star stands for a label. Read off the SDK's own request
// snapshots (service/lambda v1.114.2).
func lambdaAPI(method, path string) string {
	switch method + " " + path {
	case "GET functions":
		return "ListFunctions"
	case "POST functions":
		return "CreateFunction"
	case "GET functions/*":
		return "GetFunction"
	case "DELETE functions/*":
		return "DeleteFunction"
	case "GET functions/*/configuration":
		return "GetFunctionConfiguration"
	case "PUT functions/*/configuration":
		return "UpdateFunctionConfiguration"
	case "GET functions/*/versions":
		return "ListVersionsByFunction"
	case "POST functions/*/versions":
		return "PublishVersion"
	case "GET functions/*/aliases":
		return "ListAliases"
	case "POST functions/*/aliases":
		return "CreateAlias"
	case "GET functions/*/aliases/*":
		return "GetAlias"
	case "PUT functions/*/aliases/*":
		return "UpdateAlias"
	case "GET functions/*/policy":
		return "GetPolicy"
	case "POST functions/*/policy":
		return "AddPermission"
	case "DELETE functions/*/policy/*":
		return "RemovePermission"
	case "GET functions/*/url":
		return "GetFunctionUrlConfig"
	case "PUT functions/*/url":
		return "UpdateFunctionUrlConfig"
	case "GET functions/*/urls":
		return "ListFunctionUrlConfigs"
	case "GET functions/*/event-invoke-config/*": // the label is "list"
		return "ListFunctionEventInvokeConfigs"
	case "GET event-source-mappings":
		return "ListEventSourceMappings"
	case "GET tags/*":
		return "ListTags"
	case "GET resource-policy/*":
		return "GetResourcePolicy"
	case "PUT resource-policy/*":
		return "PutResourcePolicy"
	case "DELETE resource-policy/*":
		return "DeleteResourcePolicy"
	}
	return ""
}

// routeLambda finds the API and the function that it is about.
func (c *call) routeLambda(method, path string) error {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 2 {
		return unknownOperation(c.service, "")
	}
	labels := [2]string{}
	parts = parts[1:] // the version date
	for i := 1; i < len(parts) && i < 4; i += 2 {
		label, err := url.PathUnescape(parts[i])
		if err != nil {
			return invalid("Malformed label in the path.")
		}
		labels[i/2], parts[i] = label, "*"
	}
	c.api = lambdaAPI(method, strings.Join(parts, "/"))
	c.qualifier = c.query.Get("Qualifier")
	switch {
	case len(parts) < 2:
		return nil
	case parts[0] == "functions":
		c.statement, c.alias = labels[1], labels[1]
		return c.refer(labels[0])
	}
	c.resource = labels[0]
	if !strings.HasPrefix(c.resource, "arn:") {
		return invalid("1 validation error detected: Value '%s' at 'resource' failed to satisfy constraint: Member must be a complete ARN", c.resource)
	}
	return c.refer(c.resource)
}

// refer reads what names a function: a name, a partial ARN or an ARN, each with
// or without a qualifier.
func (c *call) refer(label string) error {
	rest := label
	if arn, is := strings.CutPrefix(label, "arn:"); is {
		f := strings.SplitN(arn, ":", 5) // partition, lambda, region, account, function:…
		if len(f) != 5 || f[1] != "lambda" {
			return invalid("1 validation error detected: Value '%s' at 'functionName' is not the ARN of a function", label)
		}
		if f[2] != c.region {
			return notFound("Functions from '%s' are not reachable in this region ('%s')", f[2], c.region)
		}
		rest = f[3] + ":" + f[4]
	}
	if account, after, is := strings.Cut(rest, ":function:"); is {
		if account != c.account.ID {
			c.resource = cmp.Or(c.resource, label)
			return denied(c, "because no resource-based policy allows the lambda:"+c.api+" action")
		}
		rest = after
	}
	name, qualifier, qualified := strings.Cut(rest, ":")
	if name == "" || !made(name, letters+digits+"-_.", 140) || qualified && qualifier == "" {
		return invalid("1 validation error detected: Value '%s' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern", label)
	}
	if qualified && c.qualifier != "" && c.qualifier != qualifier {
		return invalid("The derived qualifier from the function name does not match the specified qualifier.")
	}
	c.function = name
	c.qualifier = cmp.Or(c.qualifier, qualifier)
	return nil
}

// here is the region of a call. One that was taken away since the call was read
// is empty.
func (c *call) here() *Region {
	if r := c.account.Region(c.region); r != nil {
		return r
	}
	return &Region{Name: c.region}
}

// lookup finds the function that a call names.
func (c *call) lookup() (*Function, error) {
	if f := c.here().Function(c.function); f != nil {
		return f, nil
	}
	return nil, notFound("Function not found: %s", functionARN(c.account, c.region, c.function))
}

// lookupVersion finds the function and the version that a call's qualifier means.
func (c *call) lookupVersion() (*Function, *Configuration, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, nil, err
	}
	v := f.version(c.qualifier)
	if v == nil {
		return nil, nil, notFound("Function not found: %s:%s", functionARN(c.account, c.region, c.function), c.qualifier)
	}
	return f, v, nil
}
