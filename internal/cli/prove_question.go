package cli

import (
	"strings"
	"time"

	"surety/internal/profile"
	"surety/internal/resource"
	"surety/policy/prove"
	"surety/services/lambda"
)

// question checks the flags of one policy.
func (f *proveFlags) question(a *app, now time.Time) (prove.Question, error) {
	q := prove.Question{Function: f.function, Qualifier: f.qualifier, Organization: f.org, Now: now}
	switch {
	case f.function == "":
		return q, usagef("prove: --function is missing: give the ARN of the function that the policy belongs to")
	case !functionARN.MatchString(f.function):
		return q, usagef("--function: %q is no ARN of a function without qualifier: write arn:aws:lambda:REGION:ACCOUNT:function:NAME", f.function)
	case f.qualifier != "" && !qualifierName.MatchString(f.qualifier):
		return q, usagef("--qualifier: %q is neither an alias nor a version", f.qualifier)
	case f.org != "" && !orgID.MatchString(f.org):
		return q, usagef("--org-id: %q is no organisation: write o- and 10 to 32 letters or digits", f.org)
	}
	config, err := f.config.load(a)
	if err != nil {
		return q, err
	}
	org := profile.Organization{ID: f.org}
	members, err := f.config.members(config)
	if err != nil {
		return q, err
	}
	switch {
	case members != nil:
		org.Accounts = members.Accounts
	case f.org == "" && config.Trust.Organization:
		a.note("the configuration trusts the own organisation, and prove asks AWS nothing: name it with --org-id, or its accounts with org_accounts")
	}
	day := now
	if day.IsZero() {
		day = a.Now()
	}
	p := config.Resolve(org, day)
	a.warnExpired(p)
	parts := strings.Split(f.function, ":")
	q.Zone, _ = p.Zone(resource.Ref{
		ID: resource.ID(f.function), Type: lambda.FunctionType, Region: resource.Region(parts[3]), Account: resource.Account(parts[4]), Name: parts[6],
	})
	return q, nil
}
