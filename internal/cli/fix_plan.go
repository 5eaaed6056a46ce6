package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"surety/internal/plan"
	"surety/internal/profile"
	"surety/internal/remedy"
	"surety/services/lambda"
	lambdaactions "surety/services/lambda/actions"
	"surety/services/lambda/actions/export"
	"surety/services/lambda/actions/rewrite"
)

// planFlags are the flags of fix plan.
type planFlags struct {
	scan       scanFlags
	journal    journalFlag
	strategies []string
	access     rewrite.Strategy           // of strategies
	roles      lambdaactions.RoleStrategy // of strategies
	noUsage    bool
	pinTrust   bool
	with       string
	keep       string
	out        string
	as         string
	allowDrift bool
	move       moveFlags
}

func newFixPlan(a *app) *cobra.Command {
	f := planFlags{scan: scanFlags{failOn: "never", out: outputFlags{format: "table"}, fleet: fleetFlags{atOnce: 1}}}
	c := &cobra.Command{
		Use: "plan", Short: "Plan what mends the failing checks; changes nothing",
		Long: `Plan reads and judges the account as scan does, and works out for each failing
function the smallest change that closes it: who loses access, who keeps it, the
exact calls, and the proof. A change that cannot be proven is refused, with the
reason. Functions that CloudFormation or Terraform owns are left to their owner
unless --allow-drift.

Strategies for Lambda-002: revoke (default) takes out who is not trusted, gives
wildcards to those whom the trust zone names, and ties services to their source;
narrow keeps a wildcard and pins it; replace gives what strangers had to --with.
A function URL that let anybody in asks for signatures (AWS_IAM) afterwards.
For Lambda-006 every function but one (--keep) gets a role of its own: clone
(default) allows the same; least keeps what the function's configuration calls
for and what 90 days of last accessed data do not show unused; managed attaches
AWS's policies for what is configured. None gives what the shared role did not.
Permissions that are lost are listed, and fix apply then needs --accept-loss.
Published versions keep the shared role: the plan says what still runs them, and
moves it where you ask for it.`,
		Example: `  surety fix plan -o plan.json
  surety fix plan --rule Lambda-002 --region eu-west-1
  surety fix plan --strategy replace --with 222233334444 --trust 222233334444
  surety fix plan --rule Lambda-006 --strategy least --pin-trust`,
		Args: takes(),
		RunE: func(c *cobra.Command, _ []string) error { return a.fixPlan(c, &f) },
	}
	flags := c.Flags()
	f.scan.config.add(flags)
	f.scan.read.add(flags, "plan for this function only (`ARN`, repeatable)")
	f.journal.add(flags)
	flags.StringArrayVar(&f.scan.rules, "rule", nil, "mend this rule (`id` or name, repeatable; default: all that can be mended)")
	flags.StringArrayVar(&f.strategies, "strategy", nil, "how to mend: `revoke`, narrow or replace for Lambda-002, clone, least or managed for Lambda-006 (repeatable, one for each rule; default revoke and clone)")
	flags.BoolVar(&f.noUsage, "without-usage-data", false, "strategy least: do not ask what was last used, and keep only what the configuration calls for (a risk)")
	flags.BoolVar(&f.pinTrust, "pin-trust", false, "let Lambda assume a new role for its own function only (aws:SourceAccount, aws:SourceArn)")
	flags.StringVar(&f.with, "with", "", "the trusted `account` that takes a stranger's place (strategy replace)")
	flags.StringVar(&f.keep, "keep", "", "the function (`ARN`) that keeps a shared role (default: the one whose name is nearest the role's)")
	flags.StringVarP(&f.out, "output", "o", "", "write the plan to this `file`; it is in the journal as well")
	flags.StringVar(&f.as, "as", "", "print the plan for another `tool`: aws (a script), cloudformation or terraform")
	f.move.add(flags)
	flags.BoolVar(&f.allowDrift, "allow-drift", false, "plan also for functions that CloudFormation or Terraform owns")
	return c
}

func (f *planFlags) check() error {
	if err := f.chooseStrategies(); err != nil {
		return err
	}
	switch {
	case f.as != "" && f.as != "aws" && f.as != "cloudformation" && f.as != "terraform":
		return usagef("--as: %q is no tool: use aws, cloudformation or terraform", f.as)
	case (f.access == rewrite.Replace) != (f.with != ""):
		return usagef("--strategy replace and --with ACCOUNT go together")
	case f.keep != "" && !functionARN.MatchString(f.keep):
		return usagef("--keep: %q is no ARN of a function: write arn:aws:lambda:REGION:ACCOUNT:function:NAME", f.keep)
	case f.noUsage && f.roles != lambdaactions.Least:
		return usagef("--without-usage-data goes with --strategy least, which is the one that asks for them")
	case f.with != "" && !accountID.MatchString(f.with):
		return usagef("--with: %q is no account: write its 12 digits", f.with)
	}
	if len(f.scan.rules) == 0 {
		f.scan.rules = mendable()
	}
	return nil
}

// chooseStrategies tells which rule each strategy is for, by its name.
func (f *planFlags) chooseStrategies() error {
	for _, name := range f.strategies {
		taken := f.access != ""
		switch s, r := rewrite.Strategy(name), lambdaactions.RoleStrategy(name); {
		case s == rewrite.Revoke || s == rewrite.Narrow || s == rewrite.Replace:
			f.access = s
		case r == lambdaactions.Clone || r == lambdaactions.Least || r == lambdaactions.Managed:
			taken, f.roles = f.roles != "", r
		default:
			return usagef("--strategy: %q is no strategy: use revoke, narrow or replace (Lambda-002), clone, least or managed (Lambda-006)", name)
		}
		if taken {
			return usagef("--strategy %s: the rule has another strategy already: name one for each rule", name)
		}
	}
	return nil
}

// mendable are the rules that there is a remediation for.
func mendable() []string { return []string{lambdaactions.AccessRule, lambdaactions.RoleRule} }

func (a *app) fixPlan(c *cobra.Command, f *planFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	j, err := a.prepare(c, &f.scan)
	if err != nil {
		return err
	}
	j.scope = nil // a plan is for the account of the credentials, whatever accounts the configuration lists
	for _, r := range j.rules {
		if !slices.Contains(mendable(), r.ID) {
			return usagef("--rule: there is no remediation for %s yet", r.ID)
		}
	}
	if err := f.move.check(j.rules); err != nil {
		return err
	}
	if !slices.Contains(j.facets, lambda.FacetTags) { // they tell who owns a function
		j.facets = append(j.facets, lambda.FacetTags)
	}
	out, err := a.create(f.out)
	if err != nil {
		return err
	}
	defer out.drop()
	journal, err := f.journal.open(a)
	if err != nil {
		return err
	}
	got, err := a.fromAWS(c.Context(), j)
	if err != nil {
		return err
	}
	a.warnExpired(got.Profile)
	if err := seen(got.Snapshot, j.reading.only); err != nil {
		return err
	}
	p, unknown, err := a.makePlan(c.Context(), f, j, got)
	if err != nil {
		return err
	}
	if err := a.deliver(c.Context(), f, p, out, journal); err != nil {
		return err
	}
	return a.sayGround(f, j, p, unknown)
}

// sayGround says what a plan stands on and what it says nothing about. What is
// printed for another tool is not mixed with it.
func (a *app) sayGround(f *planFlags, j job, p *plan.Plan, unknown int) error {
	var lines []string
	if about(p, lambdaactions.AccessRule) {
		lines = append(lines, sayTrust(j.config.Trust))
	}
	if unknown > 0 {
		lines = append(lines, fmt.Sprintf("checks that are unknown, because not everything could be read: %d; the plan says nothing about them (surety scan names them)", unknown))
	}
	for _, line := range lines {
		if f.as != "" {
			a.note(line)
		} else if _, err := fmt.Fprintln(a.Stdout, line); err != nil {
			return fmt.Errorf("writing the plan: %w", err)
		}
	}
	return nil
}

// about reports whether a plan has steps for a rule.
func about(p *plan.Plan, rule string) bool {
	return slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Rule == rule })
}

// sayTrust says what trust zone a plan stands on: one that was made in the wrong
// folder takes everybody for a stranger.
func sayTrust(t profile.Trust) string {
	entries := len(t.Entries())
	if t.Organization {
		entries++
	}
	if entries == 0 {
		return "trusted: nobody beside the account itself, since there is no trust in surety.yaml here and no --trust"
	}
	return fmt.Sprintf("trusted beside the account itself: entries of surety.yaml and of the flags: %d", entries)
}

// deliver keeps a plan where it is wanted and prints it.
func (a *app) deliver(ctx context.Context, f *planFlags, p *plan.Plan, out *target, journal remedy.Journal) error {
	if len(p.Steps) > 0 && (f.as == "" || f.out != "") { // what is only printed for another tool is not ours to apply
		log, err := journal.Open(ctx, p)
		if err != nil {
			return err
		}
		if err := log.Close(); err != nil {
			return err
		}
	}
	if f.out != "" && f.out != "-" {
		text, err := p.Encode()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s\n", text); err != nil {
			return fmt.Errorf("writing the plan: %w", err)
		}
		if err := out.keep(); err != nil {
			return err
		}
	}
	if f.as != "" {
		if lost := lost(p); lost > 0 {
			a.note(fmt.Sprintf("permissions that this plan takes away: %d; fix plan without --as lists them", lost))
		}
		return a.exportPlan(f.as, p)
	}
	return a.showPlan(p, nil)
}

// exportPlan prints a plan for another tool.
func (a *app) exportPlan(as string, p *plan.Plan) error {
	write := map[string]func(*plan.Plan) (string, error){"aws": export.AWS, "cloudformation": export.CloudFormation, "terraform": export.Terraform}[as]
	text, err := write(p)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(a.Stdout, text); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}
