package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"surety/services/iam"
)

// roleName is the role that a function is given.
func roleName(content json.RawMessage) string {
	var of struct{ Role string }
	_ = json.Unmarshal(content, &of) // a plan that was read holds one
	return of.Role
}

// rolePath is the path in a role's ARN, with slashes at both ends.
func rolePath(arn string) string {
	_, rest, _ := strings.Cut(arn, ":role")
	return rest[:strings.LastIndexByte(rest, '/')+1]
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// role writes a role with its policies.
func (t *template) role(c change) error {
	var d iam.Definition
	if err := json.Unmarshal(c.After, &d); err != nil {
		return fmt.Errorf("reading a role of the plan: %w", err)
	}
	properties := map[string]any{
		"RoleName": c.nickname, "Path": rolePath(c.target), "AssumeRolePolicyDocument": json.RawMessage(d.Trust), "MaxSessionDuration": d.MaxSession,
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
	t.add(c, "Role"+label(c.nickname), "AWS::IAM::Role", properties)
	return nil
}
