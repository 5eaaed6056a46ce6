package actions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"surety/internal/plan"
	"surety/internal/resource"
	"surety/services/iam"
	"surety/services/lambda"
)

// RoleRule is the rule whose failing checks PlanRoles mends.
const RoleRule = "Lambda-006"

// rolePath is where the roles made here are, so that the permission to make them
// can be bounded to it.
const rolePath = "/surety/"

// Roles are what is needed of IAM to plan: reading roles, and describing steps on
// them.
type Roles interface {
	Find(ctx context.Context, name string) (*iam.Definition, error) // nil: there is none
	Room(ctx context.Context) (iam.Room, error)
	Document(ctx context.Context, arn string) (string, error)  // of a managed policy; "": there is none
	Usage(ctx context.Context, arn string) (*iam.Usage, error) // of a role
	Describe(*plan.Step) error
}

// Split plans roles of their own for functions that share one.
type Split struct {
	Roles  Roles
	Action string // of steps on a role
	Keep   string // ARN of the function that keeps the shared role; "": the one whose name is nearest

	Strategy     RoleStrategy
	Functions    Reader // of what functions need; Clone does not ask it
	WithoutUsage bool   // Least does not ask what was used
	PinTrust     bool   // the new roles trust Lambda for their own function only

	taken map[string]bool // names that this plan gives away
	room  iam.Room
}

// PlanRoles gives every failing function but one a role of its own, with what the
// shared role allows or, by strategy, less. All are the functions of the account.
func (p Split) PlanRoles(ctx context.Context, all []*lambda.Function, failing []resource.ID) (steps []plan.Step, refused []plan.Refusal, err error) {
	if p.room, err = p.Roles.Room(ctx); err != nil { // whatever else is planned does not hang on it
		for _, id := range failing {
			refused = append(refused, plan.Refusal{Resource: id, Rule: RoleRule, Why: err.Error()})
		}
		return nil, refused, ctx.Err()
	}
	p.Roles = remembering(p.Roles)
	p.taken = map[string]bool{}
	groups := map[string][]*lambda.Function{}
	for _, fn := range all {
		if role := latestRole(fn); role != "" && !fn.Replica() {
			groups[strings.ToLower(role)] = append(groups[strings.ToLower(role)], fn)
		}
	}
	refuse := func(fn *lambda.Function, why string) {
		refused = append(refused, plan.Refusal{Resource: fn.Ref().ID, Rule: RoleRule, Why: why})
	}
	if p.Keep != "" && !slices.ContainsFunc(slices.Collect(maps.Values(groups)), func(m []*lambda.Function) bool { return len(m) > 1 && named(m, p.Keep) != nil }) {
		return nil, nil, fmt.Errorf("%s was to keep its role, and no function that was read shares one with it", p.Keep)
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		members := groups[key]
		keeper := p.keeper(members, failing)
		for _, fn := range members {
			if !slices.Contains(failing, fn.Ref().ID) || fn == keeper {
				continue // alone with its role, it shares one by published versions only: see Move
			}
			one, err := p.split(ctx, fn, keeper, all)
			if err != nil {
				refuse(fn, err.Error())
				continue
			}
			p.room.Roles--
			steps = append(steps, one...)
		}
	}
	return steps, refused, nil
}

func latestRole(fn *lambda.Function) string {
	for _, v := range fn.Versions {
		if v.Qualifier == lambda.Latest {
			return v.Role
		}
	}
	return ""
}

// keeper is the function that keeps a shared role: the one that was named, else
// one that is not to be changed, else the one whose name is nearest the role's.
func (p Split) keeper(members []*lambda.Function, failing []resource.ID) *lambda.Function {
	role := latestRole(members[0])
	name := role[strings.LastIndexByte(role, '/')+1:]
	if fn := named(members, p.Keep); fn != nil {
		return fn
	}
	var best *lambda.Function
	for _, fn := range members {
		if !slices.Contains(failing, fn.Ref().ID) {
			return fn
		}
		if best == nil || distance(fn.Name, name) < distance(best.Name, name) {
			best = fn
		}
	}
	return best
}

// named finds a function by its ARN; nil when it is not there.
func named(all []*lambda.Function, arn string) *lambda.Function {
	if at := slices.IndexFunc(all, func(fn *lambda.Function) bool { return fn.ARN == arn }); at >= 0 {
		return all[at]
	}
	return nil
}

// distance is how many letters must change to make a of b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// split makes a role of the shared one, policy by policy, and gives it to one
// function.
func (p Split) split(ctx context.Context, fn, keeper *lambda.Function, all []*lambda.Function) ([]plan.Step, error) {
	shared := latestRole(fn)
	old, err := p.Roles.Find(ctx, shared[strings.LastIndexByte(shared, '/')+1:])
	if err != nil {
		return nil, err
	}
	if old == nil {
		return nil, fmt.Errorf("its role %s does not exist: nothing can be copied from it", shared)
	}
	name, err := p.name(ctx, fn)
	if err != nil {
		return nil, err
	}
	arn := resource.ID("arn:" + partition(fn.ARN) + ":iam::" + string(fn.Account) + ":role" + rolePath + name)
	of := plan.Step{Rule: RoleRule, Group: fn.ARN + " role"}
	drafted, err := p.drafted(ctx, fn, old, replicated(fn, all))
	if err != nil {
		return nil, err
	}
	trust, notes, err := p.trustFor(fn, all)
	if err != nil {
		return nil, err
	}
	now := old.Clone()
	now.Inline, now.Attached = drafted.inline, drafted.attached
	if err := now.Fits(p.room); err != nil {
		return nil, err
	}
	steps, err := p.create(of, arn, now, trust, fn)
	if err != nil {
		return nil, err
	}
	last := of
	last.Action, last.Resource = RoleAction, fn.Ref().ID
	last.Before, _ = json.Marshal(roleOf{Role: shared}) // texts are always written
	last.After, _ = json.Marshal(roleOf{Role: string(arn)})
	if err := (executionRoles{}).Describe(&last); err != nil {
		return nil, err
	}
	last.Keeps, last.Lost, last.Proof = drafted.keeps, drafted.lost, drafted.proof
	if keeper != nil {
		name := keeper.Name
		if keeper.Region != fn.Region {
			name += " (" + string(keeper.Region) + ")"
		}
		last.Keeps = append(last.Keeps, fmt.Sprintf("%s keeps the role %s", name, shared))
	}
	last.Warnings = slices.Concat(drafted.warnings, notes, alsoTrusted(old.Trust, trust), []string{"what names the old role elsewhere (a bucket's or a key's policy, a condition on aws:PrincipalArn) does not know the new one: add it there first"})
	return append(steps, last), nil
}

// create plans the role itself: one call for it and one for each policy.
func (p Split) create(of plan.Step, arn resource.ID, whole *iam.Definition, trust string, fn *lambda.Function) ([]plan.Step, error) {
	now := whole.Clone()
	now.Trust, now.Inline, now.Attached = trust, nil, nil
	now.Description = "Execution role of " + fn.Name
	for key := range now.Tags {
		if strings.HasPrefix(key, "aws:") {
			delete(now.Tags, key) // AWS's own cannot be set
		}
	}
	if now.Tags == nil {
		now.Tags = map[string]string{}
	}
	if len(now.Tags) < iam.MostTags {
		now.Tags["surety:function"] = fn.ARN
	}
	var steps []plan.Step
	before := (*iam.Definition)(nil)
	to := func(after *iam.Definition) error {
		s := of
		s.Action, s.Resource = p.Action, arn
		var err error
		if s.Before, err = before.Content(); err == nil {
			s.After, err = after.Content()
		}
		if err == nil {
			err = p.Roles.Describe(&s)
		}
		steps = append(steps, s)
		before = after.Clone()
		return err
	}
	if err := to(now); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(whole.Inline)) {
		now = before.Clone()
		if now.Inline == nil {
			now.Inline = map[string]string{}
		}
		now.Inline[name] = whole.Inline[name]
		if err := to(now); err != nil {
			return nil, err
		}
	}
	for _, policy := range whole.Attached {
		now = before.Clone()
		now.Attached = append(now.Attached, policy)
		slices.Sort(now.Attached)
		if err := to(now); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// name is a free name for a function's role, 64 characters at most.
func (p Split) name(ctx context.Context, fn *lambda.Function) (string, error) {
	sum := sha256.Sum256([]byte(fn.ARN))
	for _, name := range []string{fmt.Sprintf("%.64s", fn.Name), fmt.Sprintf("%.57s-%s", fn.Name, hex.EncodeToString(sum[:3]))} {
		found, err := p.Roles.Find(ctx, name)
		if err != nil {
			return "", err
		}
		if low := strings.ToLower(name); found == nil && !p.taken[low] {
			p.taken[low] = true
			return name, nil
		}
	}
	return "", fmt.Errorf("the names for a role of %s are taken: rename what holds them", fn.Name)
}
