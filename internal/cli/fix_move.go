package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/pflag"

	"surety/internal/plan"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/lambda"
	lambdaactions "surety/services/lambda/actions"
)

// moveFlags say what a plan does about published versions.
type moveFlags struct {
	all    bool
	names  []string
	delete bool
}

func (f *moveFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.all, "move-aliases", false, "publish functions with their own role, and point all their aliases at that version")
	flags.StringArrayVar(&f.names, "move-alias", nil, "the same for aliases of this `name` only (repeatable): one stage after the other")
	flags.BoolVar(&f.delete, "delete-unused-versions", false, "delete versions that keep a shared role and that nothing seems to use; cannot be undone")
}

// check refuses flags of published versions in a plan that is not about roles.
func (f *moveFlags) check(rules []*rule.Rule) error {
	about := func(r *rule.Rule) bool { return r.ID == lambdaactions.RoleRule }
	if (f.all || f.delete || len(f.names) > 0) && !slices.ContainsFunc(rules, about) {
		return usagef("--move-aliases, --move-alias and --delete-unused-versions are for %s: plan for it too", lambdaactions.RoleRule)
	}
	return nil
}

// move adds to a plan what is to become of the published versions of functions.
func (a *app) move(ctx context.Context, f *moveFlags, cfg aws.Config, p *plan.Plan, functions []*lambda.Function, failing []resource.ID) {
	m := lambdaactions.NewMove(cfg)
	m.All, m.Names, m.Delete = f.all, f.names, f.delete
	steps, refused := m.PlanVersions(ctx, functions, failing, p.Steps)
	p.Steps, p.Refused = append(p.Steps, steps...), append(p.Refused, refused...)
	for _, name := range m.Missed() {
		a.note(fmt.Sprintf("--move-alias %s: no alias of this name runs a version that keeps a shared role", name))
	}
}
