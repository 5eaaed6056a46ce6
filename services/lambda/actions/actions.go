// Package actions mends what the rules of AWS Lambda find, and undoes it. Each
// action is an actor that knows one kind of step; the planners beside them turn
// failing checks into steps. What a policy must become is worked out in rewrite,
// without any call.
package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/remedy"
)

// The actions.
const (
	PolicyAction     = "lambda-policy"     // one whole resource policy: PutResourcePolicy, DeleteResourcePolicy
	PermissionAction = "lambda-permission" // one statement of it: AddPermission, RemovePermission
)

// New returns the actors of this service, by action. It prepares its clients
// with [collect.Configure] itself.
func New(cfg aws.Config) map[string]remedy.Actor {
	c := clients{collect.Configure(cfg)}
	return map[string]remedy.Actor{
		PolicyAction: documents{c}, PermissionAction: permissions{c}, RoleAction: executionRoles{c},
		VersionAction: versions{c}, AliasAction: aliases{c}, URLAction: urls{c},
	}
}

// clients makes the client of a function's region.
type clients struct{ cfg aws.Config }

func (c clients) of(arn string) *sdk.Client {
	region := strings.SplitN(arn, ":", 5)[3]
	return sdk.NewFromConfig(c.cfg, func(o *sdk.Options) { o.Region, o.RetryMaxAttempts = region, remedy.MostAttempts })
}

// whenFree makes a call, and again for a while where Lambda says that the function
// is being changed by another one. A statement that is there already has the same
// code. Source: Lambda API reference, PutResourcePolicy, ResourceConflictException.
func whenFree(ctx context.Context, call func() error) error {
	return until(ctx, visibleWithin, func() (bool, error) {
		err := call()
		var busy *types.ResourceConflictException
		return !errors.As(err, &busy) || strings.Contains(strings.ToLower(busy.ErrorMessage()), "already exist"), err
	})
}

// target is the ARN that a step's calls name, and its parts.
type target struct{ arn, name, qualifier string }

func targetOf(s plan.Step) (target, error) {
	parts := strings.Split(string(s.Resource), ":")
	if len(parts) != 7 || parts[2] != "lambda" || parts[5] != "function" {
		return target{}, fmt.Errorf("%q is no ARN of a function", s.Resource)
	}
	t := target{arn: string(s.Resource), name: parts[6], qualifier: s.Qualifier}
	if s.Qualifier != "" {
		t.arn += ":" + s.Qualifier
	}
	return t, nil
}

// optional is a text that a call leaves out when it is empty.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// text reads the content of a policy step: a string, or null for none.
func text(content json.RawMessage) (string, error) {
	var s *string
	if err := json.Unmarshal(content, &s); err != nil {
		return "", fmt.Errorf("reading a policy of the plan: %w", err)
	}
	return aws.ToString(s), nil
}

// content is the reverse of text.
func content(s string) json.RawMessage {
	if s == "" {
		return json.RawMessage("null")
	}
	raw, _ := json.Marshal(s) // a string is always written
	return raw
}

// none reports whether an error says, in Lambda's own words, that there is no
// policy (or no function: the two cannot be told apart).
func none(err error) bool {
	var gone *types.ResourceNotFoundException
	return errors.As(err, &gone) && gone.ErrorMessage() != ""
}

// moved turns the answer to a wrong revision into [remedy.ErrMoved], and any
// other error into one line.
func moved(err error) error {
	var stale *types.PreconditionFailedException
	if errors.As(err, &stale) {
		return remedy.ErrMoved
	}
	return collect.Clarify(err)
}

// revision reads the revision that guards the policy of a version or alias which
// has none: it is the one of the version or alias itself. "" where the server
// tells none.
func (c clients) revision(ctx context.Context, t target) (string, error) {
	client := c.of(t.arn)
	if t.qualifier != "" && strings.Trim(t.qualifier, "0123456789") != "" {
		out, err := client.GetAlias(ctx, &sdk.GetAliasInput{FunctionName: &t.name, Name: &t.qualifier})
		if err != nil {
			return "", fmt.Errorf("reading alias %s: %w", t.qualifier, collect.Clarify(err))
		}
		return aws.ToString(out.RevisionId), nil
	}
	out, err := client.GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: &t.name, Qualifier: optional(t.qualifier)})
	if err != nil {
		return "", fmt.Errorf("reading the function: %w", collect.Clarify(err))
	}
	return aws.ToString(out.RevisionId), nil
}

// status is the HTTP status of an error; 0 where it has none.
func status(err error) int {
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) || answer.Response == nil {
		return 0
	}
	return answer.HTTPStatusCode()
}
