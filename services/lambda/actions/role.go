package actions

import (
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
)

// RoleAction gives a function another execution role.
const RoleAction = "lambda-role"

// How long is waited for a role that was just made, and for an update. IAM is
// eventually consistent; infrastructure tools wait about as long.
const (
	visibleWithin = 60 * time.Second
	updatedWithin = 5 * time.Minute
	firstPause    = 2 * time.Second
	longestPause  = 8 * time.Second
)

// roleOf is the content of a RoleAction's step.
type roleOf struct {
	Role string `json:"role"`
}

// executionRoles exchanges the execution role of $LATEST.
type executionRoles struct{ clients }

func (executionRoles) Describe(s *plan.Step) error {
	t, err := targetOf(*s)
	if err != nil {
		return err
	}
	var after roleOf
	if err := json.Unmarshal(s.After, &after); err != nil || after.Role == "" {
		return fmt.Errorf("reading the role of the plan: it names none")
	}
	s.Reversible = true
	s.Permission, s.Call.API = "lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionConfiguration"
	s.Call.Input, err = json.Marshal(map[string]string{"FunctionName": t.name, "Role": after.Role})
	return err
}

func (e executionRoles) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	t, err := targetOf(s)
	if err != nil {
		return remedy.State{}, err
	}
	out, err := e.of(t.arn).GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: &t.name})
	if err != nil {
		return remedy.State{}, fmt.Errorf("reading the function: %w", collect.Clarify(err))
	}
	content, err := json.Marshal(roleOf{aws.ToString(out.Role)})
	return remedy.State{Content: content, Revision: aws.ToString(out.RevisionId)}, err
}

// Same compares roles without regard to case, as IAM does.
func (executionRoles) Same(a, b json.RawMessage) bool {
	var one, two roleOf
	return json.Unmarshal(a, &one) == nil && json.Unmarshal(b, &two) == nil && one.Role != "" && strings.EqualFold(one.Role, two.Role)
}

// Write changes the role, waiting for one that Lambda cannot see yet and for an
// update that is still going on, and then for its own update to end.
func (e executionRoles) Write(ctx context.Context, s plan.Step, revision string) error {
	t, err := targetOf(s)
	if err != nil {
		return err
	}
	var after roleOf
	if err := json.Unmarshal(s.After, &after); err != nil {
		return fmt.Errorf("reading the role of the plan: %w", err)
	}
	client := e.of(t.arn)
	err = until(ctx, visibleWithin, func() (bool, error) {
		_, err := client.UpdateFunctionConfiguration(ctx, &sdk.UpdateFunctionConfigurationInput{FunctionName: &t.name, Role: &after.Role, RevisionId: optional(revision)})
		return !passes(err), err
	})
	if err != nil {
		return moved(err)
	}
	return until(ctx, updatedWithin, func() (bool, error) {
		out, err := client.GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: &t.name})
		switch {
		case err != nil:
			return true, fmt.Errorf("waiting for the update: %w", collect.Clarify(err))
		case out.LastUpdateStatus == types.LastUpdateStatusInProgress:
			return false, errors.New("waiting for the update: Lambda still says that it is in progress")
		case out.LastUpdateStatus == types.LastUpdateStatusFailed:
			return true, fmt.Errorf("the update failed: %s (%s)", aws.ToString(out.LastUpdateStatusReason), out.LastUpdateStatusReasonCode)
		}
		return true, nil
	})
}

// passes reports whether an error of an update goes away by waiting: a role that
// is too new to be seen, or another update. Lambda answers the former as it does
// a real mistake, so only its words tell.
func passes(err error) bool {
	var invalid *types.InvalidParameterValueException
	var busy *types.ResourceConflictException
	if errors.As(err, &busy) {
		return true
	}
	if !errors.As(err, &invalid) {
		return false
	}
	said := strings.ToLower(invalid.ErrorMessage())
	for _, words := range []string{"cannot be assumed by lambda", "createnetworkinterface", "creategrant"} {
		if strings.Contains(said, words) {
			return true
		}
	}
	return false
}

// until calls try until it is done or the time is over, with growing pauses.
func until(ctx context.Context, limit time.Duration, try func() (done bool, err error)) error {
	pause, waited := firstPause, time.Duration(0)
	for {
		done, err := try()
		if done || waited >= limit {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		waited += pause
		pause = min(2*pause, longestPause)
	}
}

func (executionRoles) Judge(plan.Step, json.RawMessage) error { return nil }
