package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"surety/internal/assure"
	"surety/internal/check"
	"surety/internal/judge"
	"surety/internal/plan"
	"surety/internal/resource"
	iamactions "surety/services/iam/actions"
	"surety/services/lambda"
	lambdaactions "surety/services/lambda/actions"
)

// makePlan judges a reading and plans for what fails. Unknown counts the checks that
// the plan says nothing about.
func (a *app) makePlan(ctx context.Context, f *planFlags, j job, got assure.Reading) (p *plan.Plan, unknown int, err error) {
	failing, unknown, err := failing(ctx, j, got)
	if err != nil {
		return nil, 0, err
	}
	p, err = a.planFor(ctx, f, j, got, failing)
	return p, unknown, err
}

// planFor plans for the resources that fail, by rule.
func (a *app) planFor(ctx context.Context, f *planFlags, j job, got assure.Reading, failing map[string][]resource.ID) (*plan.Plan, error) {
	p := &plan.Plan{Schema: plan.Schema, ID: a.planID(), Created: a.Now().UTC().Truncate(time.Millisecond), Program: program, Account: got.Snapshot.Header.Account}
	cfg, err := a.awsConfig(ctx, j.home())
	if err != nil {
		return nil, err
	}
	missing := unreadOf(got, j.config)
	planner := lambdaactions.NewPlanner(cfg)
	planner.Strategy, planner.With = f.access, f.with
	var functions []*lambda.Function
	for _, res := range got.Snapshot.Of(lambda.FunctionType) {
		fn := res.(*lambda.Function)
		functions = append(functions, fn)
		if !slices.Contains(failing[lambdaactions.AccessRule], fn.Ref().ID) {
			continue
		}
		if why := missing.trust(fn); why != "" {
			p.Refused = append(p.Refused, refused(fn, why))
			continue
		}
		trust, err := f.trust(fn, got)
		if err != nil {
			return nil, err
		}
		steps, left := planner.PlanAccess(ctx, fn, trust)
		p.Steps, p.Refused = append(p.Steps, steps...), slices.Concat(p.Refused, left, missing.policies(fn))
	}
	if roles := failing[lambdaactions.RoleRule]; len(roles) > 0 {
		split := lambdaactions.Split{Roles: iamactions.NewRoles(cfg), Action: iamactions.RoleAction, Keep: f.keep,
			Strategy: f.roles, Functions: lambdaactions.NewConfigurations(cfg), WithoutUsage: f.noUsage, PinTrust: f.pinTrust}
		steps, refused, err := split.PlanRoles(ctx, functions, roles)
		if err != nil {
			return nil, err
		}
		p.Steps, p.Refused = append(p.Steps, steps...), append(p.Refused, refused...)
	}
	a.move(ctx, &f.move, cfg, p, functions, failing[lambdaactions.RoleRule])
	if !f.allowDrift {
		withhold(p, functions, missing)
	}
	if err := foretell(ctx, j, got, p, failing[lambdaactions.RoleRule]); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return p, p.Seal()
}

// failing returns the resources that fail, by rule, and how many checks are unknown.
func failing(ctx context.Context, j job, got assure.Reading) (failing map[string][]resource.ID, unknown int, err error) {
	failing = map[string][]resource.ID{}
	c := judge.Case{Snapshot: got.Snapshot, Rules: j.rules, Profile: got.Profile, Now: got.Snapshot.Header.Started, Only: j.reading.only}
	err = judge.Run(ctx, c, func(r judge.Result) error {
		for _, one := range r.Checks {
			switch one.Status {
			case check.Fail:
				failing[one.Rule] = append(failing[one.Rule], one.Resource)
			case check.Unknown:
				unknown++
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("judging: %w", err)
	}
	return failing, unknown, nil
}

// trust is the trust zone of one function, as the scan judged by it.
func (f *planFlags) trust(fn *lambda.Function, got assure.Reading) (lambdaactions.Trust, error) {
	trust := lambdaactions.Trust{Organization: got.Profile.Organization(), Now: got.Snapshot.Header.Started}
	if trust.Organization == "" {
		trust.Organization = got.Snapshot.Header.Organization
	}
	trust.Zone, _ = got.Profile.Zone(fn.Ref())
	if f.with != "" && f.with != string(fn.Account) && !slices.Contains(trust.Zone.Accounts, f.with) {
		return trust, usagef("--with: account %s is not trusted for %s: trust it with --trust, or in surety.yaml", f.with, fn.ARN)
	}
	return trust, nil
}

// withhold sets aside the steps of functions that something else owns, or may.
func withhold(p *plan.Plan, functions []*lambda.Function, missing unread) {
	for _, fn := range functions {
		why := missing.owner(fn)
		if why == "" {
			continue
		}
		owned := func(s plan.Step) bool { return s.Resource == fn.Ref().ID || strings.HasPrefix(s.Group, fn.ARN+" ") }
		var rules []string
		var kept []plan.Step
		for _, s := range p.Steps {
			if !owned(s) {
				kept = append(kept, s)
				continue
			}
			p.Withheld = append(p.Withheld, s)
			if !slices.Contains(rules, s.Rule) {
				rules = append(rules, s.Rule)
			}
		}
		p.Steps = kept
		for _, rule := range rules {
			p.Refused = append(p.Refused, plan.Refusal{
				Resource: fn.Ref().ID, Rule: rule,
				Why: why,
			})
		}
	}
}

// planID names a plan after its time, so that a list reads well.
func (a *app) planID() string {
	var b [2]byte
	_, _ = rand.Read(b[:]) // never fails
	return a.Now().UTC().Format("20060102-150405-") + hex.EncodeToString(b[:])
}
