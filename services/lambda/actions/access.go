package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/resource"
	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda"
	"surety/services/lambda/actions/rewrite"
)

// AccessRule is the rule whose failing checks PlanAccess mends.
const AccessRule = "Lambda-002"

// Trust is whose access to one function is expected.
type Trust struct {
	Zone         prove.Zone
	Organization string // the owner's; "" where it has none or is not known
	Now          time.Time
}

// Planner makes steps out of failing checks. It reads, and changes nothing.
type Planner struct {
	documents   documents
	permissions permissions
	urls        urls
	// Strategy and With are those of [rewrite.Order].
	Strategy rewrite.Strategy
	With     string
}

// NewPlanner returns a planner whose clients are prepared with [collect.Configure].
func NewPlanner(cfg aws.Config) *Planner {
	c := clients{collect.Configure(cfg)}
	return &Planner{documents: documents{c}, permissions: permissions{c}, urls: urls{c}}
}

// PlanAccess plans to close every policy of a function to whoever is not
// trusted: each is read afresh. Where the service exchanges whole policies that
// is one step; else statements are added before others are removed, so that who
// is trusted never loses access in between.
func (p *Planner) PlanAccess(ctx context.Context, fn *lambda.Function, trust Trust) (steps []plan.Step, refused []plan.Refusal) {
	// A server that answers one text for every qualifier keeps one policy for all
	// of them, as moto does. On AWS no two share what AddPermission wrote.
	shared := len(fn.Policies) > 1 && !slices.ContainsFunc(fn.Policies, func(p lambda.Policy) bool { return p.Text != fn.Policies[0].Text })
	for i, stored := range fn.Policies {
		if i > 0 && shared && byStatement(steps) {
			continue // one policy for all qualifiers: it was planned for already
		}
		of := plan.Step{Resource: fn.Ref().ID, Qualifier: stored.Qualifier, Rule: AccessRule}
		of.Group = policyGroup(of.Resource, of.Qualifier)
		one, way, err := p.policy(ctx, of, trust, shared)
		shared = shared && way != notAllowed // AWS, where two policies may well have one text
		if err != nil {
			refused = append(refused, plan.Refusal{Resource: of.Resource, Qualifier: of.Qualifier, Rule: AccessRule, Why: err.Error()})
			continue
		}
		steps = append(steps, one...)
	}
	return p.sign(ctx, fn, steps), refused
}

// policyGroup ties the steps on one policy together.
func policyGroup(fn resource.ID, qualifier string) string {
	return string(fn) + " policy " + qualifier
}

// byStatement reports whether policies are changed statement by statement.
func byStatement(steps []plan.Step) bool {
	return len(steps) > 0 && steps[0].Action == PermissionAction
}

// at names the qualifier that a statement was written for, where one policy
// serves all qualifiers.
func at(t target, s policy.Statement, shared bool) target {
	if !shared || t.qualifier != "" || len(s.Resources.Texts) != 1 || s.Resources.Negated {
		return t
	}
	if q, is := strings.CutPrefix(s.Resources.Texts[0], t.arn+":"); is && q != "" && !strings.ContainsAny(q, "*?$:") {
		t.arn, t.qualifier = t.arn+":"+q, q
	}
	return t
}

// policy plans for one policy; no steps when it is closed by now. Why says what
// keeps whole policies from being exchanged, "" for nothing.
func (p *Planner) policy(ctx context.Context, of plan.Step, trust Trust, shared bool) (steps []plan.Step, why string, err error) {
	now, err := p.documents.Read(ctx, of)
	if err != nil {
		if why = unserved(err); why == "" {
			return nil, why, err
		}
		if now, err = p.permissions.Read(ctx, of); err != nil {
			return nil, why, err
		}
	}
	before, err := text(now.Content)
	if err != nil || before == "" {
		return nil, why, err
	}
	stored, err := rewrite.Open(before)
	if err != nil {
		return nil, why, err
	}
	question := prove.Question{Function: string(of.Resource), Qualifier: of.Qualifier, Organization: trust.Organization, Zone: trust.Zone, Now: trust.Now}
	change, err := rewrite.Make(stored, rewrite.Order{Question: question, Strategy: p.Strategy, With: p.With})
	if err != nil || len(change.Edits) == 0 {
		return nil, why, err
	}
	of.Before, of.Guard = now.Content, now.Revision
	steps = []plan.Step{p.exchange(of, change)}
	if why != "" {
		steps, err = p.bySteps(of, stored, change, question, shared && why != notAllowed)
	}
	if err != nil {
		return nil, why, fmt.Errorf("%w (%s, so the policy can only be changed statement by statement)", err, why)
	}
	steps, err = finish(steps, change, trust, why)
	return steps, why, err
}

// Why whole policies cannot be exchanged.
const (
	notAllowed = "lambda:GetResourcePolicy is not allowed"
	notServed  = "this server does not serve GetResourcePolicy"
)

// unserved says why whole policies cannot be exchanged, where that is what an
// error says: the server does not know the call, or does not allow it.
func unserved(err error) string {
	var said smithy.APIError
	fault := collect.Classify(err)
	switch {
	case fault.Code == "AccessDeniedException" || fault.Code == "AccessDenied":
		return notAllowed
	case errors.As(err, &said) && (said.ErrorCode() == "UnknownOperationException" || said.ErrorCode() == "UnknownOperation"),
		fault.Code == resource.CodeMalformed && status(err) == 404:
		return notServed
	}
	return ""
}

// exchange is the one step that puts the whole policy.
func (p *Planner) exchange(of plan.Step, change *rewrite.Change) plan.Step {
	of.Action, of.After = PolicyAction, content(change.After)
	return of
}

// bySteps adds every new statement and then removes every old one.
func (p *Planner) bySteps(of plan.Step, stored *rewrite.Stored, change *rewrite.Change, q prove.Question, shared bool) ([]plan.Step, error) {
	t, err := targetOf(of)
	if err != nil {
		return nil, err
	}
	var steps []plan.Step
	var narrowed []policy.Statement
	now := stored
	to := func(after string, t target) (err error) {
		if len(after) > rewrite.LargestPolicy {
			return fmt.Errorf("the policy would have %d characters on the way, and Lambda keeps %d", len(after), rewrite.LargestPolicy)
		}
		s := of
		s.Action, s.Before, s.After, s.Qualifier = PermissionAction, content(now.Text), content(after), t.qualifier
		if len(steps) > 0 {
			s.Guard = "" // the step before moves it
		}
		steps = append(steps, s)
		now, err = rewrite.Reopen(after)
		return err
	}
	for _, e := range change.Edits {
		if !stored.Unique(e.Old.Sid) {
			return nil, fmt.Errorf("statement %d has no Sid of its own, and RemovePermission names statements by Sid", e.Statement)
		}
		if !rewrite.Removable(e.Old.Sid) {
			return nil, fmt.Errorf("statement %d has the Sid %q, which RemovePermission does not take", e.Statement, e.Old.Sid)
		}
		t := at(t, e.Old, shared)
		pieces, less := writable(e.New, t.arn)
		narrowed = append(narrowed, less...)
		for _, piece := range pieces {
			words, ok := rewrite.Permissions(piece, t.arn)
			if !ok {
				return nil, fmt.Errorf("AddPermission has no words for what is left of statement %s", e.Old.Sid)
			}
			for _, w := range words {
				s := w.Statement(t.arn, partition(t.arn))
				stands := false
				if s.Sid, stands = now.Free(e.Old, s); stands {
					continue // an earlier plan that was left half done wrote it
				}
				after, err := now.And(s)
				if err == nil {
					err = to(after, t)
				}
				if err != nil {
					return nil, err
				}
			}
		}
	}
	for _, e := range change.Edits {
		after, err := now.Without(e.Old.Sid)
		if err == nil {
			err = to(after, at(t, e.Old, shared))
		}
		if err != nil {
			return nil, err
		}
	}
	if answer := prove.Outside(now.Document, q); answer.Verdict != prove.Pass {
		return nil, fmt.Errorf("written by AddPermission it would not be proven closed: %s", answer.Why)
	}
	meant := *now.Document
	meant.Statements = append(slices.Clone(meant.Statements), narrowed...)
	if err := rewrite.Keeps(stored.Document, &meant, q); err != nil {
		return nil, fmt.Errorf("written by AddPermission: %w", err)
	}
	if len(narrowed) > 0 {
		change.Except("what the warning of its first step names")
		steps[0].Warnings = append(steps[0].Warnings, "AddPermission takes no wildcard for the service or the region of a source ARN: a source that tells its ARN and not its account is let in from this region only, and not at all where everybody is the principal")
	}
	return steps, nil
}

// writable are the pieces of a statement as AddPermission can take them, and
// those of which it takes less, or nothing.
func writable(pieces []policy.Statement, resource string) (all, narrowed []policy.Statement) {
	for _, piece := range pieces {
		some, less, _ := rewrite.Writable(piece, resource)
		all = append(all, some...)
		if less {
			narrowed = append(narrowed, piece)
		}
	}
	return all, narrowed
}

// finish fills in what a plan tells of each step; what is lost, kept and proven
// stands with the last.
func finish(steps []plan.Step, change *rewrite.Change, trust Trust, why string) ([]plan.Step, error) {
	last := len(steps) - 1
	for i := range steps {
		describe := documents{}.Describe
		if steps[i].Action == PermissionAction {
			describe = permissions{}.Describe
		}
		if err := describe(&steps[i]); err != nil {
			return nil, err
		}
		if !steps[i].Reversible {
			steps[i].Warnings = append(steps[i].Warnings, "AddPermission cannot write the removed statement again: this step cannot be undone")
		}
	}
	detail, err := json.Marshal(accessDetail{Closed: true, Zone: trust.Zone, Organization: trust.Organization, Now: trust.Now})
	if err != nil {
		return nil, fmt.Errorf("writing the step's detail: %w", err)
	}
	steps[last].Detail, steps[last].Loses, steps[last].Keeps, steps[last].Proof = detail, change.Loses, change.Keeps, change.Proof
	steps[last].Warnings = append(steps[last].Warnings, change.Warnings...)
	if why != "" {
		steps[0].Warnings = append(steps[0].Warnings, why+": statements are added and removed one by one, and rolling back brings the same statements, maybe in another order")
	}
	return steps, nil
}
