package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"surety/internal/plan"
	"surety/services/iam"
)

// CloudFormation writes what a plan brings as resources of a template: put them
// into the stack that owns the function, and take out what Metadata says. A
// policy that AWS::Lambda::Permission cannot say is named there too.
func CloudFormation(p *plan.Plan) (string, error) {
	resources := map[string]any{}
	var gone, unsaid, roles, pointed, deleted []string
	for _, c := range changes(p) {
		switch c.kind() {
		case "lambda-policy":
			come, removed, said, err := c.grants()
			if err != nil {
				return "", err
			}
			if !said {
				unsaid = append(unsaid, c.target)
				continue
			}
			for _, w := range come {
				raw, err := json.Marshal(w)
				if err != nil {
					return "", fmt.Errorf("writing a template: %w", err)
				}
				properties := map[string]any{}
				if err := json.Unmarshal(raw, &properties); err != nil {
					return "", fmt.Errorf("writing a template: %w", err)
				}
				delete(properties, "StatementId") // CloudFormation makes its own
				properties["FunctionName"] = c.target
				resources["Permission"+label(c.nickname, w.StatementId)] = map[string]any{"Type": "AWS::Lambda::Permission", "Properties": properties}
			}
			for _, s := range removed {
				gone = append(gone, c.target+" "+s.Sid)
			}
		case "lambda-role":
			roles = append(roles, c.target+" "+roleName(c.After))
		case "lambda-version":
			version, publishes, err := c.version()
			if err != nil {
				return "", err
			}
			if !publishes {
				deleted = append(deleted, c.target)
				continue
			}
			resources["Version"+label(c.nickname)] = map[string]any{"Type": "AWS::Lambda::Version", "Properties": map[string]any{
				"FunctionName": c.target, "CodeSha256": version.Code, "Description": version.Description,
			}}
		case "lambda-alias":
			number, err := c.pointsTo("Version" + label(c.functionName()))
			if err != nil {
				return "", err
			}
			pointed = append(pointed, c.target+" "+number)
		default:
			role, err := cloudFormationRole(c)
			if err != nil {
				return "", err
			}
			resources["Role"+label(c.nickname)] = role
		}
	}
	metadata := map[string]any{"Plan": p.ID}
	for name, list := range map[string][]string{"TakeOutTheseStatements": gone, "ChangeByPolicyDocument": unsaid, "GiveTheseFunctionsTheirRole": roles,
		"PointTheseAliases": pointed, "DeleteTheseVersions": deleted} {
		if len(list) > 0 {
			slices.Sort(list)
			metadata[name] = list
		}
	}
	return indented(map[string]any{"AWSTemplateFormatVersion": "2010-09-09", "Metadata": map[string]any{"Surety": metadata}, "Resources": resources})
}

func roleName(content json.RawMessage) string {
	var of struct{ Role string }
	_ = json.Unmarshal(content, &of) // a plan that was read holds one
	return of.Role
}

func cloudFormationRole(c change) (any, error) {
	var d iam.Definition
	if err := json.Unmarshal(c.After, &d); err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	_, rest, _ := strings.Cut(c.target, ":role")
	properties := map[string]any{
		"RoleName": c.nickname, "Path": rest[:strings.LastIndexByte(rest, '/')+1], "AssumeRolePolicyDocument": json.RawMessage(d.Trust), "MaxSessionDuration": d.MaxSession,
	}
	if d.Description != "" {
		properties["Description"] = d.Description
	}
	if d.Boundary != "" {
		properties["PermissionsBoundary"] = d.Boundary
	}
	if len(d.Attached) > 0 {
		properties["ManagedPolicyArns"] = d.Attached
	}
	var inline, tags []map[string]any
	for _, name := range sorted(d.Inline) {
		inline = append(inline, map[string]any{"PolicyName": name, "PolicyDocument": json.RawMessage(d.Inline[name])})
	}
	for _, key := range sorted(d.Tags) {
		tags = append(tags, map[string]any{"Key": key, "Value": d.Tags[key]})
	}
	if inline != nil {
		properties["Policies"] = inline
	}
	if tags != nil {
		properties["Tags"] = tags
	}
	return map[string]any{"Type": "AWS::IAM::Role", "Properties": properties}, nil
}

func sorted(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func indented(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("writing a template: %w", err)
	}
	return b.String(), nil
}
