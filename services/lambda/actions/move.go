package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/resource"
	"surety/services/lambda"
)

// Move plans for published versions, which keep the role that they were published
// with: it tells what still runs with a shared one, and where it is told to, has
// the function published with its own role, moves aliases, deletes versions.
type Move struct {
	All    bool     // move every alias that can be moved
	Names  []string // move aliases of these names
	Delete bool     // delete versions that nothing uses, for ever

	clients
	mappings map[string]mapped // by region
	met      map[string]bool   // the names that were found
}

// Missed are the names, as given, of which no alias was found that runs a version
// with a shared role.
func (m *Move) Missed() []string {
	return slices.DeleteFunc(slices.Clone(m.Names), func(name string) bool { return m.met[name] })
}

// mapped are the event source mappings of a region, or why they are not known.
type mapped struct {
	all []types.EventSourceMappingConfiguration
	err error
}

// NewMove returns a planner whose clients are prepared with [collect.Configure]
// and that tells only.
func NewMove(cfg aws.Config) *Move {
	return &Move{clients: clients{collect.Configure(cfg)}, mappings: map[string]mapped{}, met: map[string]bool{}}
}

// PlanVersions plans for the failing functions, each after the steps that were
// planned already; to these it adds what to know. All are the functions of the
// account.
func (m *Move) PlanVersions(ctx context.Context, all []*lambda.Function, failing []resource.ID, planned []plan.Step) (steps []plan.Step, refused []plan.Refusal) {
	holders := holdersOf(all)
	for _, fn := range all {
		if fn.Replica() || !slices.Contains(failing, fn.Ref().ID) {
			continue
		}
		d := departure{Move: m, fn: fn, of: plan.Step{Resource: fn.Ref().ID, Rule: RoleRule, Group: fn.ARN + " role"}, role: latestRole(fn)}
		at := slices.IndexFunc(planned, func(s plan.Step) bool { return s.Action == RoleAction && s.Resource == fn.Ref().ID })
		if at >= 0 {
			var to roleOf
			_ = json.Unmarshal(planned[at].After, &to) // it was written by Split
			d.role = to.Role
		}
		for _, v := range fn.Versions {
			if isNumber(v.Qualifier) && !strings.EqualFold(v.Role, d.role) && holders.shared(v.Role) {
				d.stay = append(d.stay, v.Qualifier)
			}
		}
		if len(d.stay) == 0 {
			continue
		}
		d.plan(ctx, all)
		switch {
		case at >= 0:
			planned[at].Warnings = append(planned[at].Warnings, d.notes...)
		case len(d.steps) > 0:
			d.steps[0].Warnings = append(d.notes, d.steps[0].Warnings...)
		default:
			d.refuse("", strings.Join(d.notes, "; "))
		}
		steps, refused = append(steps, d.steps...), append(refused, d.refused...)
	}
	return steps, refused
}

// holders are the functions that run with a role, by the role's ARN in lower
// case; a replica counts as its master.
type holders map[string]map[string]bool

func holdersOf(all []*lambda.Function) holders {
	h := holders{}
	for _, fn := range all {
		who := fn.ARN
		if fn.Replica() {
			who = lambda.Unqualified(fn.MasterARN)
		}
		for _, v := range fn.Versions {
			key := strings.ToLower(v.Role)
			if h[key] == nil {
				h[key] = map[string]bool{}
			}
			h[key][who] = true
		}
	}
	return h
}

func (h holders) shared(role string) bool { return role != "" && len(h[strings.ToLower(role)]) > 1 }

// departure is how one function leaves the versions that keep a shared role.
type departure struct {
	*Move
	fn   *lambda.Function
	of   plan.Step // what its steps have in common
	role string    // of $LATEST, when what was planned before is done
	stay []string  // versions that keep a shared role

	versions []types.FunctionConfiguration
	uses     uses
	unread   error // why the event source mappings are not known

	steps   []plan.Step
	refused []plan.Refusal
	notes   []string
}

func (d *departure) refuse(qualifier, why string) {
	d.refused = append(d.refused, plan.Refusal{Resource: d.fn.Ref().ID, Qualifier: qualifier, Rule: RoleRule, Why: why})
}

func (d *departure) plan(ctx context.Context, all []*lambda.Function) {
	t := target{arn: d.fn.ARN, name: d.fn.Name}
	found, err := d.listAliases(ctx, t)
	if err == nil {
		d.versions, err = d.listVersions(ctx, t)
	}
	if err != nil {
		d.refuse("", fmt.Sprintf("%s a shared role, and who uses them could not be read: %v", keep(d.stay), err))
		return
	}
	here := d.regional(ctx, d.fn.ARN)
	d.unread, d.uses = here.err, usesOf(t, found, here.all)
	d.uses.replicas(d.fn, all)
	d.tell()
	d.move(found)
	if d.Delete {
		d.delete(ctx, t)
	}
}

// regional reads the mappings of a region once.
func (m *Move) regional(ctx context.Context, arn string) mapped {
	region := strings.SplitN(arn, ":", 5)[3]
	found, known := m.mappings[region]
	if !known {
		found.all, found.err = m.listMappings(ctx, arn)
		m.mappings[region] = found
	}
	return found
}

// tell says what runs each version that stays.
func (d *departure) tell() {
	var idle []string
	for _, number := range d.stay {
		if by := d.uses[number]; len(by) > 0 {
			d.notes = append(d.notes, fmt.Sprintf("version %s keeps the shared role %s, and is used by %s", number, d.roleOf(number), strings.Join(by, "; ")))
		} else {
			idle = append(idle, number)
		}
	}
	if len(idle) > 0 {
		note := fmt.Sprintf("%s a shared role, and no alias, event source mapping or replica was found that uses it (%s)", keep(idle), unseen)
		if !d.Delete {
			note += "; plan with --delete-unused-versions to delete them for ever"
		}
		d.notes = append(d.notes, note)
	}
	if d.unread != nil {
		d.notes = append(d.notes, d.unread.Error()+": whether any names one of these versions is not known")
	}
}

func (d *departure) roleOf(number string) string {
	for _, v := range d.fn.Versions {
		if v.Qualifier == number {
			return v.Role
		}
	}
	return ""
}

// keep begins a sentence about versions.
func keep(numbers []string) string {
	if len(numbers) == 1 {
		return "version " + numbers[0] + " keeps"
	}
	return "versions " + strings.Join(numbers[:len(numbers)-1], ", ") + " and " + numbers[len(numbers)-1] + " keep"
}
