package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/services/iam"
)

// edit is the one call between two contents of a role.
type edit struct {
	api         string // without the service
	name, value string // of the policy: its name and text, or its ARN
	create      *iam.Definition
}

// takes reports whether the role allows less afterwards, or is gone.
func (e edit) takes() bool {
	return e.api == "DeleteRole" || e.api == "DeleteRolePolicy" || e.api == "DetachRolePolicy"
}

// editOf finds the call; there must be exactly one.
func editOf(s plan.Step) (edit, error) {
	before, err := read(s.Before)
	if err != nil {
		return edit{}, err
	}
	after, err := read(s.After)
	if err != nil {
		return edit{}, err
	}
	switch {
	case before == nil && after != nil && len(after.Inline)+len(after.Attached) == 0:
		return edit{api: "CreateRole", create: after}, nil
	case before != nil && after == nil && len(before.Inline)+len(before.Attached) == 0:
		return edit{api: "DeleteRole"}, nil
	case before == nil || after == nil:
		return edit{}, fmt.Errorf("a role is made and deleted without policies")
	}
	var edits []edit
	for _, name := range slices.Sorted(maps.Keys(after.Inline)) {
		if old, is := before.Inline[name]; !is || !sameJSON(old, after.Inline[name]) {
			edits = append(edits, edit{api: "PutRolePolicy", name: name, value: after.Inline[name]})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before.Inline)) {
		if _, is := after.Inline[name]; !is {
			edits = append(edits, edit{api: "DeleteRolePolicy", name: name})
		}
	}
	for _, arn := range after.Attached {
		if !slices.Contains(before.Attached, arn) {
			edits = append(edits, edit{api: "AttachRolePolicy", value: arn})
		}
	}
	for _, arn := range before.Attached {
		if !slices.Contains(after.Attached, arn) {
			edits = append(edits, edit{api: "DetachRolePolicy", value: arn})
		}
	}
	if len(edits) != 1 {
		return edit{}, fmt.Errorf("it is not one change of a role but %d", len(edits))
	}
	return edits[0], nil
}

// Describe implements [remedy.Actor].
func (a *Roles) Describe(s *plan.Step) error {
	e, err := editOf(*s)
	if err != nil {
		return err
	}
	s.Reversible = true
	s.Permission, s.Call.API = "iam:"+e.api, "iam:"+e.api
	input := map[string]any{"RoleName": nameOf(*s)}
	switch e.api {
	case "CreateRole":
		input["Path"], input["AssumeRolePolicyDocument"], input["MaxSessionDuration"] = pathOf(*s), e.create.Trust, e.create.MaxSession
		for name, value := range map[string]string{"Description": e.create.Description, "PermissionsBoundary": e.create.Boundary} {
			if value != "" {
				input[name] = value
			}
		}
		if tags := tagsOf(e.create); len(tags) > 0 {
			input["Tags"] = tags
		}
	case "PutRolePolicy":
		input["PolicyName"], input["PolicyDocument"] = e.name, e.value
	case "DeleteRolePolicy":
		input["PolicyName"] = e.name
	case "AttachRolePolicy", "DetachRolePolicy":
		input["PolicyArn"] = e.value
	}
	s.Call.Input, err = json.Marshal(input)
	return err
}

func tagsOf(r *iam.Definition) []types.Tag {
	var tags []types.Tag
	for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
		tags = append(tags, types.Tag{Key: aws.String(key), Value: aws.String(r.Tags[key])})
	}
	return tags
}

// Write implements [remedy.Actor]. IAM has no revisions: the content that was
// read just before is the guard.
func (a *Roles) Write(ctx context.Context, s plan.Step, _ string) error {
	e, err := editOf(s)
	if err != nil {
		return err
	}
	role := aws.String(nameOf(s))
	switch e.api {
	case "CreateRole":
		in := &sdk.CreateRoleInput{RoleName: role, Path: aws.String(pathOf(s)), AssumeRolePolicyDocument: &e.create.Trust, Tags: tagsOf(e.create)}
		if e.create.MaxSession > 0 {
			in.MaxSessionDuration = aws.Int32(int32(e.create.MaxSession))
		}
		if e.create.Description != "" {
			in.Description = &e.create.Description
		}
		if e.create.Boundary != "" {
			in.PermissionsBoundary = &e.create.Boundary
		}
		_, err = a.client.CreateRole(ctx, in)
	case "DeleteRole":
		_, err = a.client.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: role})
	case "PutRolePolicy":
		_, err = a.client.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: role, PolicyName: &e.name, PolicyDocument: &e.value})
	case "DeleteRolePolicy":
		_, err = a.client.DeleteRolePolicy(ctx, &sdk.DeleteRolePolicyInput{RoleName: role, PolicyName: &e.name})
	case "AttachRolePolicy":
		_, err = a.client.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: role, PolicyArn: &e.value})
	case "DetachRolePolicy":
		_, err = a.client.DetachRolePolicy(ctx, &sdk.DetachRolePolicyInput{RoleName: role, PolicyArn: &e.value})
	}
	if err != nil {
		return collect.Clarify(err)
	}
	a.visible(ctx, s)
	return nil
}

// visible waits until IAM tells what was just written; it is eventually
// consistent. What it does not tell in that time, reading back will show.
// Source: IAM user guide, troubleshooting, changes are not always immediately visible.
func (a *Roles) visible(ctx context.Context, s plan.Step) {
	pause := firstPause
	for waited := time.Duration(0); waited < visibleWithin; waited += pause {
		r, err := a.Find(ctx, nameOf(s))
		if err != nil {
			return
		}
		if content, err := r.Content(); err != nil || a.Same(content, s.After) {
			return
		}
		if waited > 0 {
			pause = min(2*pause, longestPause)
		}
		if a.Clock.Sleep(ctx, pause) != nil {
			return
		}
	}
}
