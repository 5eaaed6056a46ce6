package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/remedy"
)

// AliasAction points an alias at another version.
const AliasAction = "lambda-alias"

// aliasOf is the content of an AliasAction's step; null is no such alias. Exactly
// one of Version and Published says where it points. Weights are read so that a
// shift of somebody else is seen, and never written: Lambda shares the calls of an
// alias between versions of one execution role only.
// Source: Lambda developer guide, weighted aliases.
type aliasOf struct {
	Version   string             `json:"version,omitempty"`   // a number or $LATEST
	Published *versionOf         `json:"published,omitempty"` // what a VersionAction's step publishes
	Weights   map[string]float64 `json:"weights,omitempty"`   // of other versions, 0 to 1
}

// aliases carries out AliasAction.
type aliases struct{ clients }

func (aliases) Describe(s *plan.Step) error {
	t, before, after, err := contents[aliasOf](*s)
	switch {
	case err != nil:
		return err
	case before == nil || after == nil || t.qualifier == "" || len(before.Weights)+len(after.Weights) > 0:
		return errors.New("an alias is moved from one version to another, and nothing else")
	}
	s.Permission, s.Call.API, s.Reversible = "lambda:UpdateAlias", "lambda:UpdateAlias", true
	to := after.Version
	if after.Published != nil {
		to = "the version described as " + after.Published.Description
	}
	s.Call.Input, err = json.Marshal(map[string]string{"FunctionName": t.name, "Name": t.qualifier, "FunctionVersion": to})
	return err
}

// Read tells the version that a plan publishes by what it is, since nobody knows
// its number beforehand.
func (a aliases) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	t, before, after, err := contents[aliasOf](s)
	if err != nil {
		return remedy.State{}, err
	}
	out, err := a.of(t.arn).GetAlias(ctx, &sdk.GetAliasInput{FunctionName: &t.name, Name: &t.qualifier})
	if none(err) {
		return remedy.State{Content: json.RawMessage("null")}, nil
	}
	if err != nil {
		return remedy.State{}, fmt.Errorf("reading alias %s: %w", t.qualifier, collect.Clarify(err))
	}
	now := aliasOf{Version: aws.ToString(out.FunctionVersion)}
	if out.RoutingConfig != nil {
		now.Weights = out.RoutingConfig.AdditionalVersionWeights
	}
	for _, side := range []*aliasOf{before, after} {
		if side == nil || side.Published == nil {
			continue
		}
		found, err := a.resolve(ctx, t, *side.Published)
		if err != nil {
			return remedy.State{}, err
		}
		if found != nil && aws.ToString(found.Version) == now.Version {
			now.Version, now.Published = "", side.Published
		}
	}
	content, err := json.Marshal(now)
	return remedy.State{Content: content, Revision: aws.ToString(out.RevisionId)}, err
}

// resolve finds a version that a plan published; nil when there is none.
func (c clients) resolve(ctx context.Context, t target, want versionOf) (*types.FunctionConfiguration, error) {
	all, err := c.listVersions(ctx, t)
	if err != nil {
		return nil, err
	}
	return want.find(all), nil
}

func (aliases) Same(a, b json.RawMessage) bool {
	var one, two *aliasOf
	if json.Unmarshal(a, &one) != nil || json.Unmarshal(b, &two) != nil || one == nil || two == nil {
		return false // an alias is always there before and after
	}
	published := one.Published == nil && two.Published == nil || one.Published != nil && two.Published != nil && one.Published.same(*two.Published)
	return one.Version == two.Version && published && maps.Equal(one.Weights, two.Weights)
}

// Write points the alias at a version that can be called.
func (a aliases) Write(ctx context.Context, s plan.Step, revision string) error {
	t, _, after, err := contents[aliasOf](s)
	switch {
	case err != nil:
		return err
	case after == nil:
		return errors.New("reading the plan: a step on an alias does not say where it is to point")
	}
	to := after.Version
	if after.Published != nil {
		found, err := a.resolve(ctx, t, *after.Published)
		switch {
		case err != nil:
			return err
		case found == nil:
			return errors.New("the version that this plan publishes is not there: make a new plan")
		}
		to = aws.ToString(found.Version)
	}
	if err := a.active(ctx, t, to); err != nil {
		return err
	}
	err = whenFree(ctx, func() error {
		_, err := a.of(t.arn).UpdateAlias(ctx, &sdk.UpdateAliasInput{FunctionName: &t.name, Name: &t.qualifier, FunctionVersion: &to, RevisionId: optional(revision)})
		return err
	})
	if err != nil {
		return moved(err)
	}
	return nil
}

func (aliases) Judge(plan.Step, json.RawMessage) error { return nil }
