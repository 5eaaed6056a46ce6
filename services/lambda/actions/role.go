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
	// Failed is why the function does not run with it all the same, in what is
	// read; it makes no difference between two contents.
	Failed string `json:"failed,omitempty"`
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

// Read waits, where the role is as the step wants it, until the update that
// brought it has ended: it may still fail, also one that an earlier run began.
func (e executionRoles) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	t, err := targetOf(s)
	if err != nil {
		return remedy.State{}, err
	}
	var now roleOf
	var revision string
	unended := until(ctx, updatedWithin, func() (bool, error) {
		var out *sdk.GetFunctionConfigurationOutput
		out, err = e.of(t.arn).GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: &t.name})
		if err != nil {
			return true, nil
		}
		now, revision = roleOf{Role: aws.ToString(out.Role)}, aws.ToString(out.RevisionId)
		raw, _ := json.Marshal(now) // a text is always written
		switch {
		case !e.Same(raw, s.After):
		case out.LastUpdateStatus == types.LastUpdateStatusInProgress:
			return false, errors.New("the update is still in progress, Lambda says")
		case out.LastUpdateStatus == types.LastUpdateStatusFailed:
			now.Failed = fmt.Sprintf("the update failed: %s (%s)", aws.ToString(out.LastUpdateStatusReason), out.LastUpdateStatusReasonCode)
		}
		return true, nil
	})
	if err != nil {
		return remedy.State{}, fmt.Errorf("reading the function: %w", collect.Clarify(err))
	}
	if unended != nil {
		now.Failed = unended.Error()
	}
	content, err := json.Marshal(now)
	return remedy.State{Content: content, Revision: revision}, err
}

// Same compares roles without regard to case, as IAM does.
func (executionRoles) Same(a, b json.RawMessage) bool {
	var one, two roleOf
	return json.Unmarshal(a, &one) == nil && json.Unmarshal(b, &two) == nil && one.Role != "" && strings.EqualFold(one.Role, two.Role)
}

// Write changes the role, waiting for one that Lambda cannot see yet and for an
// update that is still going on. Read waits for its own update.
func (e executionRoles) Write(ctx context.Context, s plan.Step, revision string) error {
	t, err := targetOf(s)
	if err != nil {
		return err
	}
	var after roleOf
	if err := json.Unmarshal(s.After, &after); err != nil {
		return fmt.Errorf("reading the role of the plan: %w", err)
	}
	err = until(ctx, visibleWithin, func() (bool, error) {
		_, err := e.of(t.arn).UpdateFunctionConfiguration(ctx, &sdk.UpdateFunctionConfigurationInput{FunctionName: &t.name, Role: &after.Role, RevisionId: optional(revision)})
		return !passes(err), err
	})
	if err != nil {
		return moved(err)
	}
	return nil
}

// passes reports whether an error of an update goes away by waiting: a role that
// is too new to be seen, or its policies, or another update. Lambda answers the former as it does
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
	for _, words := range []string{"cannot be assumed by lambda", "does not have permissions to call", "createnetworkinterface", "creategrant"} {
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

// Judge says why a function does not run with the role that it names.
func (executionRoles) Judge(_ plan.Step, found json.RawMessage) error {
	var now roleOf
	if err := json.Unmarshal(found, &now); err != nil {
		return fmt.Errorf("reading the role: %w", err)
	}
	if now.Failed != "" {
		return errors.New(now.Failed)
	}
	return nil
}
