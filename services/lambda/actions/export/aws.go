package export

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"surety/internal/plan"
)

// AWS writes a plan as a script for a POSIX shell with the aws command line. It
// asks for a whole policy only where add-permission and remove-permission cannot
// say the change, and then first whether this aws can put one. Commands send no
// revisions: run it soon after the plan was made.
func AWS(p *plan.Plan) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# Plan %s for account %s. Made from a plan of surety; it checks no guards.\nset -eu\n", p.ID, p.Account)
	for _, c := range changes(p) {
		fmt.Fprintf(&b, "\n# %s %s\n", c.Rule, c.target)
		var err error
		switch c.kind() {
		case "lambda-policy":
			err = c.awsPolicy(&b)
		case "lambda-role":
			c.awsRole(&b)
		case "lambda-version":
			err = c.awsVersion(&b)
		case "lambda-alias":
			err = c.awsAlias(&b)
		default:
			for _, s := range c.steps {
				command(&b, s.Call.API, "", s.Call.Input)
			}
		}
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// awsPolicy adds before it removes, so that nobody who is trusted is ever without.
func (c change) awsPolicy(b *strings.Builder) error {
	come, gone, said, err := c.grants()
	if err != nil {
		return err
	}
	for _, s := range gone {
		said = said && s.Sid != ""
	}
	name, qualifier := c.function()
	if !said {
		fmt.Fprintf(b, "aws lambda put-resource-policy help >/dev/null 2>&1 || { echo 'this aws has no put-resource-policy: install a newer one' >&2; exit 1; }\n")
		for _, s := range c.steps {
			command(b, s.Call.API, region(c.target), s.Call.Input)
		}
		return nil
	}
	for _, w := range come {
		raw, err := json.Marshal(w)
		if err != nil {
			return fmt.Errorf("writing a command: %w", err)
		}
		var input map[string]any
		if err := json.Unmarshal(raw, &input); err != nil {
			return fmt.Errorf("writing a command: %w", err)
		}
		input["FunctionName"] = name
		if qualifier != "" {
			input["Qualifier"] = qualifier
		}
		if raw, err = json.Marshal(input); err != nil {
			return fmt.Errorf("writing a command: %w", err)
		}
		command(b, "lambda:AddPermission", region(c.target), raw)
	}
	for _, s := range gone {
		input := map[string]string{"FunctionName": name, "StatementId": s.Sid}
		if qualifier != "" {
			input["Qualifier"] = qualifier
		}
		raw, err := json.Marshal(input)
		if err != nil {
			return fmt.Errorf("writing a command: %w", err)
		}
		command(b, "lambda:RemovePermission", region(c.target), raw)
	}
	return nil
}

// awsRole waits for a role that Lambda cannot see yet.
func (c change) awsRole(b *strings.Builder) {
	b.WriteString("tries=0\nuntil ")
	command(b, c.Call.API, region(c.target), c.Call.Input)
	fmt.Fprintf(b, "do\n  tries=$((tries + 1))\n  [ $tries -lt 12 ] || exit 1\n  sleep 5\ndone\n")
	name, _ := c.function()
	fmt.Fprintf(b, "aws lambda wait function-updated-v2 --region %s --function-name %s\n", region(c.target), name)
}

func (c change) function() (name, qualifier string) {
	parts := strings.SplitN(c.target, ":", 8)
	if len(parts) == 8 {
		qualifier = parts[7]
	}
	return parts[6], qualifier
}

func region(arn string) string { return strings.SplitN(arn, ":", 5)[3] }

// command writes one aws command, its input as JSON, quoted for the shell.
func command(b *strings.Builder, api, region string, input json.RawMessage) {
	service, name, _ := strings.Cut(api, ":")
	fmt.Fprintf(b, "aws %s %s", service, kebab(name))
	if region != "" {
		fmt.Fprintf(b, " --region %s", region)
	}
	fmt.Fprintf(b, " --cli-input-json '%s'\n", strings.ReplaceAll(string(input), "'", `'\''`))
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
