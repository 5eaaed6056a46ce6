package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"surety/internal/plan"
	"surety/policy"
)

// template is a CloudFormation template being written. Where a plan is of several
// regions each resource has the condition of its region, so that one template
// serves a stack in each.
type template struct {
	resources  map[string]any
	conditions map[string]any
	names      names
	several    bool
	notes      map[string][]string // what a template cannot do, for Metadata
}

// CloudFormation writes what a plan brings as resources of a template: put them
// into the stack that owns the function, and do by hand what Metadata says.
func CloudFormation(p *plan.Plan) (string, error) {
	all := changes(slices.Concat(p.Steps, p.Withheld)) // also what is for the owner to change
	t := template{resources: map[string]any{}, conditions: map[string]any{}, names: names{}, notes: map[string][]string{}, several: len(regions(all)) > 1}
	if err := declare(&t, all); err != nil {
		return "", err
	}
	if len(t.resources) == 0 { // a template must have one, and this one is nothing
		t.resources["NothingToAdd"] = map[string]any{"Type": "AWS::CloudFormation::WaitConditionHandle"}
	}
	metadata := map[string]any{"Plan": p.ID}
	for name, list := range t.notes {
		slices.Sort(list)
		metadata[name] = list
	}
	whole := map[string]any{"AWSTemplateFormatVersion": "2010-09-09", "Metadata": map[string]any{"Surety": metadata}, "Resources": t.resources}
	if len(t.conditions) > 0 {
		whole["Conditions"] = t.conditions
	}
	return indented(whole)
}

func (t *template) note(name, what string) { t.notes[name] = append(t.notes[name], what) }

// add puts a resource into the template, under a free name.
func (t *template) add(c change, name, kind string, properties map[string]any) {
	resource := map[string]any{"Type": kind, "Properties": properties}
	if t.several {
		in := "In" + label(c.region())
		resource["Condition"] = in
		t.conditions[in] = map[string]any{"Fn::Equals": []any{map[string]any{"Ref": "AWS::Region"}, c.region()}}
	}
	t.resources[t.names.free(name, kind+" "+c.target+" "+name)] = resource
}

func (t *template) functionRole(c change) {
	t.note("GiveTheseFunctionsTheirRole", c.target+" "+roleName(c.After))
}

// policy writes permissions, or the whole policy where they cannot say it: the two
// do not go together on one function. Source: CloudFormation template reference,
// AWS::Lambda::ResourcePolicy.
func (t *template) policy(c change) error {
	g, err := c.grants()
	if err != nil {
		return err
	}
	if !g.said && g.after != "" {
		t.note("TakeOutEveryPermissionWithDeletionPolicyRetain", c.target)
		t.add(c, "Policy"+label(c.nickname), "AWS::Lambda::ResourcePolicy", map[string]any{"ResourceArn": c.target, "PolicyDocument": json.RawMessage(g.after)})
		return nil
	}
	for _, s := range g.gone {
		t.note("TakeOutTheseStatements", c.target+" "+statementName(s))
	}
	for _, w := range g.come {
		properties, err := members(w)
		if err != nil {
			return err
		}
		delete(properties, "StatementId") // CloudFormation makes its own
		properties["FunctionName"] = c.target
		t.add(c, "Permission"+label(c.nickname, w.StatementId), "AWS::Lambda::Permission", properties)
	}
	return nil
}

// url writes a function URL as it is to be.
func (t *template) url(c change) error {
	properties, err := members(c.After)
	if err != nil {
		return err
	}
	_, qualifier := c.function()
	properties["TargetFunctionArn"] = c.unqualified()
	if qualifier != "" {
		properties["Qualifier"] = qualifier
	}
	t.note("ChangeTheUrlsThatExistOrImportThem", c.target)
	t.add(c, "Url"+label(c.nickname), "AWS::Lambda::Url", properties)
	return nil
}

// statementName is a statement's Sid, or the statement itself where it has none.
func statementName(s policy.Statement) string {
	if s.Sid != "" {
		return s.Sid
	}
	text, _ := policy.Document{Statements: []policy.Statement{s}}.MarshalJSON() // what was read can be printed
	return string(text)
}

// indented writes a template. CloudFormation would put secrets in the place of
// texts that look like dynamic references, and knows no way to quote them.
func indented(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("writing a template: %w", err)
	}
	if _, reference, is := strings.Cut(b.String(), "{{resolve:"); is {
		reference, _, _ = strings.Cut(reference, "}}")
		return "", fmt.Errorf("writing a template: CloudFormation would resolve {{resolve:%.60s}}, which is in the plan: use --as aws or --as terraform", reference)
	}
	return shown(b.String()), nil
}
