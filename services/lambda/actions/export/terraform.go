package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surety/internal/plan"
	"surety/services/iam"
	"surety/services/lambda"
)

// terraform is a configuration being written. Where a plan is of several regions
// each has a provider of its own.
type terraform struct {
	strings.Builder
	names   names
	several bool
}

// Terraform writes what a plan brings as resources, formatted as terraform fmt
// does, with comments for what is to be taken out and what exists already.
func Terraform(p *plan.Plan) (string, error) {
	all := changes(slices.Concat(p.Steps, p.Withheld)) // also what is for the owner to change
	t := &terraform{names: names{}, several: len(regions(all)) > 1}
	fmt.Fprintf(t, "# Plan %s for account %s.\n", comment(p.ID), comment(string(p.Account)))
	if t.several {
		for _, r := range regions(all) {
			block(&t.Builder, "provider", []string{"aws"}, quoted(line{"alias", identifier(r)}, line{"region", r}))
		}
	}
	if err := declare(t, all); err != nil {
		return "", err
	}
	return t.String(), nil
}

func (t *terraform) note(format string, args ...any) {
	fmt.Fprintf(t, "\n# "+format+"\n", args...)
}

// resource writes a resource under a free name, which it returns.
func (t *terraform) resource(c change, kind, name string, lines []line, parts ...part) string {
	name = t.names.free(identifier(name), kind+" "+c.target+" "+name)
	if t.several {
		lines = append([]line{{"provider", "aws." + identifier(c.region())}}, lines...)
	}
	block(&t.Builder, "resource", []string{kind, name}, lines, parts...)
	return name
}

func (t *terraform) functionRole(c change) {
	t.note("In the aws_lambda_function of %s: role = %s", comment(c.target), quote(roleName(c.After)))
}

// policy writes permissions, or the whole policy where they cannot say it. The
// latter resource replaces whatever else is in the policy. Source: documentation
// of the AWS provider, aws_lambda_resource_policy.
func (t *terraform) policy(c change) error {
	g, err := c.grants()
	if err != nil {
		return err
	}
	name, qualifier := c.function()
	if !g.said && g.after != "" {
		t.note("Take out every aws_lambda_permission of %s: this is its whole policy.", comment(c.target))
		t.resource(c, "aws_lambda_resource_policy", strings.TrimSuffix(name+"_"+qualifier, "_"), quoted(line{"resource_arn", c.target}, line{"policy", g.after}))
		return nil
	}
	for _, s := range g.gone {
		t.note("Take out of %s: statement %s", comment(c.target), comment(statementName(s)))
	}
	for _, w := range g.come {
		lines := quoted(line{"statement_id", w.StatementId}, line{"function_name", c.unqualified()}, line{"qualifier", qualifier},
			line{"action", w.Action}, line{"principal", w.Principal}, line{"source_arn", w.SourceArn}, line{"source_account", w.SourceAccount},
			line{"principal_org_id", w.PrincipalOrgID}, line{"event_source_token", w.EventSourceToken}, line{"function_url_auth_type", w.FunctionUrlAuthType})
		if w.InvokedViaFunctionUrl != nil {
			lines = append(lines, line{"invoked_via_function_url", strconv.FormatBool(*w.InvokedViaFunctionUrl)})
		}
		t.resource(c, "aws_lambda_permission", name+"_"+w.StatementId, lines)
	}
	return nil
}

// url writes a function URL as it is to be. Source: documentation of the AWS
// provider, aws_lambda_function_url.
func (t *terraform) url(c change) error {
	var url lambda.URLConfig
	if err := json.Unmarshal(c.After, &url); err != nil {
		return fmt.Errorf("reading a function URL of the plan: %w", err)
	}
	name, qualifier := c.function()
	t.note("This function URL exists: change it where it is declared, or import %s.", comment(strings.TrimSuffix(name+"/"+qualifier, "/")))
	lines := quoted(line{"function_name", c.unqualified()}, line{"qualifier", qualifier}, line{"authorization_type", url.AuthType}, line{"invoke_mode", url.InvokeMode})
	var parts []part
	if url.Cors != nil {
		parts = append(parts, part{"cors", corsLines(url.Cors)})
	}
	t.resource(c, "aws_lambda_function_url", strings.TrimSuffix(name+"_"+qualifier, "_"), lines, parts...)
	return nil
}

func corsLines(c *lambda.Cors) []line {
	var lines []line
	if c.AllowCredentials != nil {
		lines = append(lines, line{"allow_credentials", strconv.FormatBool(*c.AllowCredentials)})
	}
	for _, l := range []struct {
		name   string
		values []string
	}{{"allow_headers", c.AllowHeaders}, {"allow_methods", c.AllowMethods}, {"allow_origins", c.AllowOrigins}, {"expose_headers", c.ExposeHeaders}} {
		if len(l.values) > 0 {
			lines = append(lines, line{l.name, list(l.values)})
		}
	}
	if c.MaxAge != nil {
		lines = append(lines, line{"max_age", strconv.Itoa(int(*c.MaxAge))})
	}
	return lines
}

func (t *terraform) role(c change) error {
	var d iam.Definition
	if err := json.Unmarshal(c.After, &d); err != nil {
		return fmt.Errorf("reading a role of the plan: %w", err)
	}
	lines := quoted(line{"name", c.nickname}, line{"path", rolePath(c.target)}, line{"description", d.Description},
		line{"permissions_boundary", d.Boundary}, line{"assume_role_policy", d.Trust})
	lines = append(lines, line{"max_session_duration", strconv.Itoa(d.MaxSession)})
	var parts []part
	if len(d.Tags) > 0 {
		tags := part{open: "tags ="}
		for _, key := range sorted(d.Tags) {
			tags.lines = append(tags.lines, line{quote(key), quote(d.Tags[key])})
		}
		parts = append(parts, tags)
	}
	role := line{"role", "aws_iam_role." + t.resource(c, "aws_iam_role", c.nickname, lines, parts...) + ".name"}
	for _, name := range sorted(d.Inline) {
		t.resource(c, "aws_iam_role_policy", c.nickname+"_"+name, append([]line{role}, quoted(line{"name", name}, line{"policy", d.Inline[name]})...))
	}
	for _, arn := range d.Attached {
		t.resource(c, "aws_iam_role_policy_attachment", c.nickname+"_"+arn[strings.LastIndexByte(arn, '/')+1:],
			append([]line{role}, quoted(line{"policy_arn", arn})...))
	}
	return nil
}
