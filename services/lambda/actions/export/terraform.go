package export

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"surety/internal/plan"
	"surety/services/iam"
)

// Terraform writes what a plan brings as resources, formatted as terraform fmt
// does, with comments for what is to be taken out.
func Terraform(p *plan.Plan) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Plan %s for account %s.\n", p.ID, p.Account)
	for _, c := range changes(p) {
		var err error
		switch c.kind() {
		case "lambda-policy":
			err = c.terraformPolicy(&b)
		case "lambda-role":
			fmt.Fprintf(&b, "\n# In the aws_lambda_function of %s: role = %s\n", c.target, quote(roleName(c.After)))
		case "lambda-version":
			err = c.terraformVersion(&b)
		case "lambda-alias":
			err = c.terraformAlias(&b)
		default:
			err = c.terraformRole(&b)
		}
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

func (c change) terraformPolicy(b *strings.Builder) error {
	come, gone, said, err := c.grants()
	if err != nil {
		return err
	}
	if !said {
		fmt.Fprintf(b, "\n# aws_lambda_permission cannot say what is left of the policy of %s:\n# change it by its policy document (see surety fix show).\n", c.target)
		return nil
	}
	for _, s := range gone {
		fmt.Fprintf(b, "\n# Take out statement %s of %s.\n", quote(s.Sid), c.target)
	}
	name, qualifier := c.function()
	arn := strings.TrimSuffix(c.target, ":"+qualifier)
	if qualifier == "" {
		arn = c.target
	}
	for _, w := range come {
		lines := [][2]string{{"statement_id", w.StatementId}, {"function_name", arn}, {"qualifier", qualifier}, {"action", w.Action}, {"principal", w.Principal},
			{"source_arn", w.SourceArn}, {"source_account", w.SourceAccount}, {"principal_org_id", w.PrincipalOrgID},
			{"event_source_token", w.EventSourceToken}, {"function_url_auth_type", w.FunctionUrlAuthType}}
		block(b, "aws_lambda_permission", identifier(name+"_"+w.StatementId), quoted(lines))
	}
	return nil
}

func (c change) terraformRole(b *strings.Builder) error {
	var d iam.Definition
	if err := json.Unmarshal(c.After, &d); err != nil {
		return fmt.Errorf("reading the plan: %w", err)
	}
	_, rest, _ := strings.Cut(c.target, ":role")
	id := identifier(c.nickname)
	lines := quoted([][2]string{{"name", c.nickname}, {"path", rest[:strings.LastIndexByte(rest, '/')+1]}, {"description", d.Description},
		{"permissions_boundary", d.Boundary}, {"assume_role_policy", d.Trust}})
	lines = append(lines, [2]string{"max_session_duration", strconv.Itoa(d.MaxSession)})
	block(b, "aws_iam_role", id, lines, tags(d.Tags)...)
	for _, name := range sorted(d.Inline) {
		block(b, "aws_iam_role_policy", identifier(c.nickname+"_"+name), append([][2]string{{"role", "aws_iam_role." + id + ".name"}},
			quoted([][2]string{{"name", name}, {"policy", d.Inline[name]}})...))
	}
	for _, arn := range d.Attached {
		block(b, "aws_iam_role_policy_attachment", identifier(c.nickname+"_"+arn[strings.LastIndexByte(arn, '/')+1:]),
			append([][2]string{{"role", "aws_iam_role." + id + ".name"}}, quoted([][2]string{{"policy_arn", arn}})...))
	}
	return nil
}

// quoted makes texts of HCL, without those that are empty.
func quoted(lines [][2]string) [][2]string {
	var all [][2]string
	for _, l := range lines {
		if l[1] != "" {
			all = append(all, [2]string{l[0], quote(l[1])})
		}
	}
	return all
}

// quote writes a text of HCL: ${ and %{ begin templates there.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a text is always written
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strings.TrimSpace(b.String()))
}

// block writes a resource with its equals signs below each other.
func block(b *strings.Builder, kind, name string, lines [][2]string, more ...string) {
	width := 0
	for _, l := range lines {
		width = max(width, len(l[0]))
	}
	fmt.Fprintf(b, "\nresource %q %q {\n", kind, name)
	for _, l := range lines {
		fmt.Fprintf(b, "  %-*s = %s\n", width, l[0], l[1])
	}
	for _, line := range more {
		b.WriteString("  " + line + "\n")
	}
	b.WriteString("}\n")
}

// tags writes the map of tags; a map of many lines is aligned by itself.
func tags(all map[string]string) []string {
	if len(all) == 0 {
		return nil
	}
	width := 0
	for key := range all {
		width = max(width, len(quote(key)))
	}
	lines := []string{"tags = {"}
	for _, key := range sorted(all) {
		lines = append(lines, fmt.Sprintf("  %-*s = %s", width, quote(key), quote(all[key])))
	}
	return append(lines, "}")
}

// identifier makes a name of HCL.
func identifier(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, "fix_"+s))
}
