package export

import (
	"encoding/json"
	"fmt"
	"strings"
)

// published is what a plan says of a version.
type published struct{ Code, Description string }

// version reads the change of a version; otherwise than to be published it is
// deleted.
func (c change) version() (v published, publishes bool, err error) {
	var after *published
	if err := json.Unmarshal(c.After, &after); err != nil {
		return v, false, fmt.Errorf("reading the plan: %w", err)
	}
	if after == nil {
		return v, false, nil
	}
	return *after, true, nil
}

// pointsTo is the number of the version that an alias goes to; the name of the one
// that the plan publishes where it has no number yet.
func (c change) pointsTo(name string) (string, error) {
	var after struct{ Version string }
	if err := json.Unmarshal(c.After, &after); err != nil {
		return "", fmt.Errorf("reading the plan: %w", err)
	}
	if after.Version == "" {
		return name, nil
	}
	return after.Version, nil
}

func (c change) functionName() string {
	name, _ := c.function()
	return name
}

// awsVersion keeps the number that a version gets for the aliases that follow.
func (c change) awsVersion(b *strings.Builder) error {
	_, publishes, err := c.version()
	if err != nil || !publishes {
		command(b, c.Call.API, c.region(), c.Call.Input)
		return err
	}
	b.WriteString("version=$(")
	line := &strings.Builder{}
	command(line, c.Call.API, c.region(), c.Call.Input)
	fmt.Fprintf(b, "%s --query Version --output text)\n", strings.TrimSuffix(line.String(), "\n"))
	fmt.Fprintf(b, "aws lambda wait published-version-active --region %s --function-name=%s --qualifier \"$version\"\n", shell(c.region()), shell(c.functionName()))
	return nil
}

func (c change) awsAlias(b *strings.Builder) error {
	number, err := c.pointsTo("")
	if err != nil || number != "" {
		command(b, c.Call.API, c.region(), c.Call.Input)
		return err
	}
	name, alias := c.function()
	input, err := json.Marshal(map[string]string{"FunctionName": name, "Name": alias})
	line := &strings.Builder{}
	command(line, c.Call.API, c.region(), input)
	fmt.Fprintf(b, "%s --function-version \"$version\"\n", strings.TrimSuffix(line.String(), "\n"))
	return err
}

// version puts the version that is published into the template.
func (t *template) version(c change) error {
	version, publishes, err := c.version()
	if err != nil {
		return err
	}
	if !publishes {
		t.note("DeleteTheseVersions", c.target)
		return nil
	}
	t.add(c, "Version"+label(c.nickname), "AWS::Lambda::Version", map[string]any{
		"FunctionName": c.target, "CodeSha256": version.Code, "Description": version.Description,
	})
	return nil
}

// alias says where an alias of the stack is to point.
func (t *template) alias(c change) error {
	number, err := c.pointsTo("Version" + label(c.functionName()))
	if err == nil {
		t.note("PointTheseAliases", c.target+" "+number)
	}
	return err
}

func (t *terraform) version(c change) error {
	_, publishes, err := c.version()
	if publishes {
		t.note("In the aws_lambda_function of %s: publish = true", comment(c.target))
	} else if err == nil {
		t.note("Delete version %s, which no resource of Terraform's stands for.", comment(c.target))
	}
	return err
}

func (t *terraform) alias(c change) error {
	number, err := c.pointsTo("the function's version, once it is published")
	t.note("In the aws_lambda_alias of %s: function_version = %s", comment(c.target), comment(number))
	return err
}
