package actions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"surety/internal/resource"
	"surety/services/iam"
	"surety/services/lambda"
	"surety/services/lambda/actions/features"
)

// RoleStrategy says what the role of a function's own allows; "" is Clone.
type RoleStrategy string

// The strategies. None gives what the shared role does not allow.
const (
	Clone   RoleStrategy = "clone"   // the same policies
	Least   RoleStrategy = "least"   // what the configuration calls for, and what is not shown to be unused
	Managed RoleStrategy = "managed" // AWS's policies for what is configured
)

// Reader reads what a function's configuration calls for.
type Reader interface {
	Read(context.Context, *lambda.Function) (features.Configuration, error)
}

// drafted makes the policies of one function's role out of those of the shared one.
func (p Split) drafted(ctx context.Context, fn *lambda.Function, old *iam.Definition, edge bool) (*draft, error) {
	if p.Strategy == Clone || p.Strategy == "" {
		return &draft{
			inline: old.Inline, attached: old.Attached,
			keeps: []string{fmt.Sprintf("%s keeps every permission, now from a role that nobody else has", fn.Name)},
			proof: []string{"the new role has the same policies, boundary and session length as the old one: none is gained and none is lost"},
		}, nil
	}
	has, err := p.Functions.Read(ctx, fn)
	if err != nil {
		return nil, fmt.Errorf("what it needs is not known: %w", err)
	}
	has.Edge = edge
	needs, err := has.Needs()
	if err != nil {
		return nil, fmt.Errorf("what it needs is not known: %w: use --strategy clone", err)
	}
	d, err := p.newDraft(ctx, old)
	if err != nil {
		return nil, err
	}
	if p.Strategy == Managed {
		err = p.managed(ctx, d, needs)
	} else {
		err = p.least(ctx, d, fn)
	}
	if err == nil {
		err = d.serve(needs)
	}
	if err == nil {
		err = d.finish()
	}
	var used []string
	for _, n := range needs {
		if len(n.Statements) > 0 && !slices.Contains(used, n.Feature) {
			used = append(used, n.Feature)
		}
	}
	d.keeps = append([]string{fmt.Sprintf("%s keeps what its configuration calls for (%s), as far as the shared role allows it", fn.Name, strings.Join(used, ", "))}, d.keeps...)
	return d, err
}

// least keeps every statement that the last accessed data do not show unused.
func (p Split) least(ctx context.Context, d *draft, fn *lambda.Function) error {
	used := func(iam.Statement) bool { return false }
	switch role := latestRole(fn); {
	case p.WithoutUsage:
		d.warn("risk: planned without last accessed data, so only what the configuration calls for is kept: what the code itself uses is lost")
	default:
		usage, err := p.Roles.Usage(ctx, role)
		if err != nil {
			return fmt.Errorf("what of the shared role is unused is not known: %w; --without-usage-data plans without, which is a risk", err)
		}
		used = p.inUse(d, usage, fn.Region)
	}
	for _, h := range d.was {
		if err := d.keep(h, used); err != nil {
			return err
		}
	}
	if len(d.has) == len(d.all) {
		d.warn("no statement of the shared role is shown unused: the new role allows all that the shared one does")
	}
	return nil
}

// inUse tells which statements stay, and says on what ground.
func (p Split) inUse(d *draft, usage *iam.Usage, region resource.Region) func(iam.Statement) bool {
	everything := func(iam.Statement) bool { return true }
	switch {
	case usage.Short():
		d.warn(fmt.Sprintf("nothing counts as unused: the shared role was made on %s, and last accessed data of at least %d days are needed", usage.Made.UTC().Format("2006-01-02"), int(iam.Quiet.Hours()/24)))
		return everything
	case !iam.TrackedIn(string(region)):
		d.warn(fmt.Sprintf("nothing counts as unused: it is not known since when IAM records what is used in %s", region))
		return everything
	}
	d.keeps = append(d.keeps, fmt.Sprintf("each statement stays that last accessed data of %d days do not show unused", int(iam.Quiet.Hours()/24)))
	d.warn("last accessed data are of the role, not of the function: they are the union of all who have it, so what another function used stays here too")
	d.warn("what other services do on the role's behalf may not be in the last accessed data")
	return func(s iam.Statement) bool { return !usage.Unused(s) }
}

// managed attaches AWS's policies for what is configured, each only where the
// shared role allows all that it gives; else what both allow is written inline.
func (p Split) managed(ctx context.Context, d *draft, needs []features.Need) error {
	for _, h := range d.was {
		if err := d.keep(h, func(iam.Statement) bool { return false }); err != nil {
			return err
		}
	}
	var chosen []held
	for _, n := range needs {
		if len(n.Statements) == 0 {
			continue
		}
		for _, arn := range n.Managed {
			if slices.ContainsFunc(chosen, func(h held) bool { return h.arn == arn }) {
				continue
			}
			h, err := p.read(ctx, arn)
			if err != nil {
				return err
			}
			chosen = append(chosen, h)
		}
	}
	for _, h := range chosen {
		if err := d.choose(h, chosen); err != nil {
			return err
		}
	}
	d.warn("risk: AWS's policies are for what is configured: what the code itself uses is lost")
	return nil
}

// read reads one of AWS's policies.
func (p Split) read(ctx context.Context, arn string) (held, error) {
	h := held{name: arn[strings.LastIndexByte(arn, '/')+1:], arn: arn}
	var err error
	if h.text, err = p.Roles.Document(ctx, arn); err != nil {
		return h, err
	}
	if h.text == "" {
		return h, fmt.Errorf("there is no policy %s here: use --strategy least", arn)
	}
	if h.doc, err = iam.ParseDocument(h.text); err != nil {
		return h, fmt.Errorf("policy %s: %w", arn, err)
	}
	return h, nil
}

// gives lists what a policy gives that statements do not.
func (h held) gives(beyond []iam.Statement) []iam.Access {
	var more []iam.Access
	for _, s := range h.doc.Statements {
		if s.Allows() {
			more = append(more, s.Missing(beyond)...)
		}
	}
	return more
}

// choose attaches one of AWS's policies, or writes what of it the shared role
// allows. One that adds nothing to another that is attached is left out.
func (d *draft) choose(h held, chosen []held) error {
	if more := h.gives(d.all); len(more) > 0 {
		d.warn(fmt.Sprintf("%s is not attached: it would give %s, which the shared role does not allow; what both allow is written inline", h.name, more[0]))
		var parts []iam.Statement
		for _, s := range h.doc.Statements {
			if s.Allows() {
				parts = append(parts, d.within(s)...)
			}
		}
		return d.add(h.name, parts)
	}
	for _, other := range chosen {
		attachable := len(other.gives(d.all)) == 0
		if other.arn != h.arn && attachable && len(h.gives(other.doc.Statements)) == 0 && len(other.gives(h.doc.Statements)) > 0 {
			return nil
		}
	}
	d.has = append(d.has, h.doc.Statements...)
	if !slices.Contains(d.attached, h.arn) {
		d.attached = append(d.attached, h.arn)
	}
	return nil
}
