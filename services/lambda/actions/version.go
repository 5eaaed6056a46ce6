package actions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/remedy"
	"surety/services/lambda"
)

// VersionAction publishes a version or deletes one.
const VersionAction = "lambda-version"

// activeWithin is how long a version may take until it can be called; SnapStart
// makes a snapshot first. The SDK's waiter for published versions waits as long.
const activeWithin = 26 * time.Minute

// versions carries out VersionAction.
type versions struct{ clients }

func (versions) Describe(s *plan.Step) error {
	t, before, after, err := contents[versionOf](*s)
	if err != nil {
		return err
	}
	input := map[string]string{"FunctionName": t.name}
	switch {
	case before == nil && after != nil && t.qualifier == "" && after.Like != "":
		s.Permission, s.Call.API, s.Reversible = "lambda:PublishVersion", "lambda:PublishVersion", true
		input["CodeSha256"], input["Description"] = after.Code, after.Description
	case before != nil && after == nil && (t.qualifier == "" && before.Like != "" || isNumber(t.qualifier)):
		s.Permission, s.Call.API, s.Reversible = "lambda:DeleteFunction", "lambda:DeleteFunction", false
		if input["Qualifier"] = t.qualifier; t.qualifier == "" {
			input["Qualifier"] = "the version described as " + before.Description
		}
	default:
		return errors.New("a version is published like another one, or deleted, and never changed")
	}
	s.Call.Input, err = json.Marshal(input)
	return err
}

func (versions) Same(a, b json.RawMessage) bool {
	var one, two *versionOf
	if json.Unmarshal(a, &one) != nil || json.Unmarshal(b, &two) != nil || one == nil || two == nil {
		return one == nil && two == nil && string(a) == string(b)
	}
	return one.same(*two)
}

// aimed is what a step on a version is about, as it is now.
type aimed struct {
	target
	want     versionOf
	deletes  bool
	versions []types.FunctionConfiguration
	found    *types.FunctionConfiguration // nil: there is none
	latest   types.FunctionConfiguration
}

func (v versions) aim(ctx context.Context, s plan.Step) (a aimed, err error) {
	t, before, after, err := contents[versionOf](s)
	if err != nil {
		return a, err
	}
	want := cmp.Or(before, after)
	if want == nil {
		return a, errors.New("reading the plan: a step on a version names none")
	}
	a.target, a.want, a.deletes = t, *want, after == nil
	if a.versions, err = v.listVersions(ctx, a.target); err != nil {
		return a, err
	}
	latest := numbered(a.versions, lambda.Latest)
	if latest == nil {
		return a, errors.New("reading the versions: the list does not hold $LATEST")
	}
	a.latest = *latest
	if a.found = a.want.find(a.versions); s.Qualifier != "" {
		a.found = numbered(a.versions, s.Qualifier)
	}
	return a, nil
}

// Read finds the version. One is held back from being published while $LATEST
// would ship something else, and from being deleted while something uses it.
func (v versions) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	a, err := v.aim(ctx, s)
	if err != nil {
		return remedy.State{}, err
	}
	state := remedy.State{Content: json.RawMessage("null"), Revision: aws.ToString(a.latest.RevisionId)}
	switch {
	case a.found != nil && a.deletes:
		state.Held = v.inUse(ctx, a.target, aws.ToString(a.found.Version))
	case a.found == nil && !a.deletes:
		state.Held = a.unready()
	}
	if a.found != nil {
		state.Content, err = json.Marshal(contentOf(*a.found, a.want.Like))
	}
	return state, err
}

// unready says why $LATEST is not to be published; "" when it is.
func (a aimed) unready() string {
	model := numbered(a.versions, a.want.Like)
	switch {
	case model == nil:
		return fmt.Sprintf("version %s is no longer there: make a new plan", a.want.Like)
	case !strings.EqualFold(aws.ToString(a.latest.Role), a.want.Role):
		return fmt.Sprintf("$LATEST runs with %s by now: make a new plan", aws.ToString(a.latest.Role))
	}
	if names := unlike(a.latest, *model); len(names) > 0 {
		return fmt.Sprintf("$LATEST is no longer like version %s (%s), and publishing it would ship that: make a new plan", a.want.Like, strings.Join(names, ", "))
	}
	return ""
}

// Write publishes the version and waits until it can be called, or deletes it.
func (v versions) Write(ctx context.Context, s plan.Step, revision string) error {
	a, err := v.aim(ctx, s)
	if err != nil {
		return err
	}
	client := v.of(a.arn)
	if a.deletes {
		if a.found == nil || !isNumber(aws.ToString(a.found.Version)) { // without a number the whole function would go
			return errors.New("there is no such version any more")
		}
		_, err := client.DeleteFunction(ctx, &sdk.DeleteFunctionInput{FunctionName: &a.name, Qualifier: a.found.Version})
		return collect.Clarify(err)
	}
	var number string
	err = until(ctx, updatedWithin, func() (bool, error) {
		out, err := client.PublishVersion(ctx, &sdk.PublishVersionInput{FunctionName: &a.name, CodeSha256: optional(a.want.Code), Description: &a.want.Description, RevisionId: optional(revision)})
		if err == nil {
			number = aws.ToString(out.Version)
		}
		return !passes(err), err
	})
	if err != nil {
		return moved(err)
	}
	return v.active(ctx, a.target, number)
}

func (versions) Judge(plan.Step, json.RawMessage) error { return nil }

// active waits until a version can be called.
func (c clients) active(ctx context.Context, t target, number string) error {
	return until(ctx, activeWithin, func() (bool, error) {
		out, err := c.of(t.arn).GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: &t.name, Qualifier: &number})
		switch {
		case err != nil:
			return true, fmt.Errorf("waiting for version %s: %w", number, collect.Clarify(err))
		case out.State == types.StatePending:
			return false, fmt.Errorf("waiting for version %s: Lambda still says that it is pending", number)
		case out.State == types.StateFailed:
			return true, fmt.Errorf("version %s cannot be called: %s (%s)", number, aws.ToString(out.StateReason), out.StateReasonCode)
		}
		return true, nil
	})
}
