package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"surety/internal/plan"
)

// AWS writes a plan as a script for a POSIX shell with the aws command line. It
// exchanges a whole policy only where add-permission and remove-permission cannot
// say the change, and then asks before anything else whether this aws can do that.
// With credentials of another account it does nothing: functions there may have the
// same names. What is withheld for an owner, or refused, is named and not done.
// Commands send no revisions: run it soon after the plan was made.
func AWS(p *plan.Plan) (string, error) {
	var b strings.Builder
	var rare []string // commands that an older aws does not have
	for _, c := range changes(p.Steps) {
		fmt.Fprintf(&b, "\n# %s %s\n", comment(c.Rule), comment(c.target))
		c.warn(&b)
		var err error
		switch c.kind() {
		case "lambda-policy":
			err = c.awsPolicy(&b, &rare)
		case "lambda-role":
			c.awsRole(&b)
		case "iam-role":
			c.awsCalls(&b, "")
		case "lambda-version":
			err = c.awsVersion(&b)
		case "lambda-alias":
			err = c.awsAlias(&b)
		default:
			c.awsCalls(&b, c.region())
		}
		if err != nil {
			return "", err
		}
	}
	head := fmt.Sprintf("#!/bin/sh\n# Plan %s for account %s. Made from a plan of surety; it checks no guards.\nset -eu\n", comment(p.ID), comment(string(p.Account)))
	slices.Sort(rare)
	for _, name := range slices.Compact(rare) { // an aws that does not know a command says so before it asks anybody
		head += fmt.Sprintf("aws lambda %s --generate-cli-skeleton input >/dev/null 2>&1 || { echo 'this aws has no %[1]s: install a newer one' >&2; exit 1; }\n", name)
	}
	head += fmt.Sprintf("[ \"$(aws sts get-caller-identity --query Account --output text)\" = %s ] || { echo 'these credentials are of another account than the plan' >&2; exit 1; }\n", shell(string(p.Account)))
	for _, r := range p.Refused {
		fmt.Fprintf(&b, "\n# Not done: %s %s: %s\n", comment(r.Rule), comment(strings.TrimSuffix(string(r.Resource)+":"+r.Qualifier, ":")), comment(r.Why))
	}
	return head + b.String(), nil
}

// warn says, in comments, what a change takes away and what of it is for ever.
func (c change) warn(b *strings.Builder) {
	for _, s := range c.steps {
		for _, who := range s.Loses {
			fmt.Fprintf(b, "# loses access: %s\n", comment(who))
		}
		for _, what := range s.Lost {
			fmt.Fprintf(b, "# permission lost: %s\n", comment(what))
		}
		if !s.Reversible {
			fmt.Fprintf(b, "# cannot be undone: %s\n", comment(s.Call.API))
		}
	}
}

// awsCalls writes the calls of the steps as they are.
func (c change) awsCalls(b *strings.Builder, region string) {
	for _, s := range c.steps {
		command(b, s.Call.API, region, s.Call.Input)
	}
}

// awsPolicy adds before it removes, so that nobody who is trusted is ever without.
// To rare it adds the commands that an older aws does not have.
func (c change) awsPolicy(b *strings.Builder, rare *[]string) error {
	if c.Action == "lambda-permission" { // planned statement by statement already
		c.awsCalls(b, c.region())
		return nil
	}
	g, err := c.grants()
	if err != nil {
		return err
	}
	if !g.said {
		_, name, _ := strings.Cut(c.Call.API, ":")
		*rare = append(*rare, kebab(name))
		c.awsCalls(b, c.region())
		return nil
	}
	name, qualifier := c.function()
	for _, w := range g.come {
		err := c.lambdaCommand(b, "lambda:AddPermission", name, qualifier, w)
		if err != nil {
			return err
		}
	}
	for _, s := range g.gone {
		err := c.lambdaCommand(b, "lambda:RemovePermission", name, qualifier, struct{ StatementId string }{s.Sid})
		if err != nil {
			return err
		}
	}
	return nil
}

// lambdaCommand writes a command about a function, with what its input holds besides.
func (c change) lambdaCommand(b *strings.Builder, api, name, qualifier string, rest any) error {
	input, err := members(rest)
	if err != nil {
		return err
	}
	input["FunctionName"] = name
	if qualifier != "" {
		input["Qualifier"] = qualifier
	}
	raw, err := json.Marshal(input)
	if err != nil {
		return fmt.Errorf("writing a command: %w", err)
	}
	command(b, api, c.region(), raw)
	return nil
}

// members turns a value into the members that it has as JSON.
func members(v any) (map[string]any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("writing what the plan says: %w", err)
	}
	all := map[string]any{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("writing what the plan says: %w", err)
	}
	return all, nil
}

// awsRole waits for a role that Lambda cannot see yet.
func (c change) awsRole(b *strings.Builder) {
	b.WriteString("tries=0\nuntil ")
	command(b, c.Call.API, c.region(), c.Call.Input)
	fmt.Fprintf(b, "do\n  tries=$((tries + 1))\n  [ $tries -lt 12 ] || exit 1\n  sleep 5\ndone\n")
	name, _ := c.function()
	fmt.Fprintf(b, "aws lambda wait function-updated-v2 --region %s --function-name=%s\n", shell(c.region()), shell(name))
}

// command writes one aws command, its input as JSON, quoted for the shell.
func command(b *strings.Builder, api, region string, input json.RawMessage) {
	service, name, _ := strings.Cut(api, ":")
	fmt.Fprintf(b, "aws %s %s", service, kebab(name))
	if region != "" {
		fmt.Fprintf(b, " --region %s", shell(region))
	}
	fmt.Fprintf(b, " --cli-input-json '%s'\n", strings.ReplaceAll(shown(string(input)), "'", `'\''`))
}

// kebab spells an operation as the aws command line does.
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
