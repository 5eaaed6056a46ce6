package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"surety/internal/assure"
	"surety/internal/aws/role"
	"surety/internal/profile"
	"surety/internal/resource"
)

// defaultRole is the role that "surety onboard" writes.
const defaultRole = "SuretyAudit"

// fleetFlags say which accounts are read, where it is more than one.
type fleetFlags struct {
	organization bool
	roleName     string
	assumeRole   string
	externalID   string
	accounts     []string
	units        []string
	skip         []string
	atOnce       int
}

func (f *fleetFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.organization, "organization", false, "read every active account of the organisation, as AWS Organizations lists them")
	flags.StringVar(&f.roleName, "role-name", defaultRole, "`role` to assume in each account of the organisation; with its path, if it has one")
	flags.StringVar(&f.assumeRole, "assume-role", "", "read the accounts of --account through this `role`, without Organizations")
	flags.StringVar(&f.externalID, "external-id", "", "external `id` that the role asks for")
	flags.StringArrayVar(&f.accounts, "account", nil, "only this account (`id`, repeatable)")
	flags.StringArrayVar(&f.units, "ou", nil, "only this organisational unit and all below it (`path` o-…/r-…/ou-…/ or id ou-…, repeatable)")
	flags.StringArrayVar(&f.skip, "skip", nil, "leave out this `account` or unit (repeatable)")
	flags.IntVar(&f.atOnce, "at-once", assure.DefaultAtOnce, "read this many accounts at a time (`n`)")
}

// scope makes of flags and configuration which accounts are to be read; nil for
// the one account of the credentials.
func (f *scanFlags) scope(c *cobra.Command, config *profile.Config) (*assure.Scope, error) {
	flags := &f.fleet
	if err := flags.check(c, config); err != nil {
		return nil, err
	}
	asked := flags.organization || flags.assumeRole != ""
	switch {
	case asked && len(f.read.functions) > 0:
		return nil, usagef("--function is for one account: scan it with its own credentials, without --organization and --assume-role")
	case !asked && (len(config.Accounts) == 0 || f.from != "" || len(f.read.functions) > 0):
		return nil, nil
	}
	s := &assure.Scope{
		Organization: flags.organization, Units: flags.units, Skip: flags.skip, Listed: config.Accounts,
		Role: role.Role{Name: flags.roleName, ExternalID: flags.externalID},
	}
	for _, id := range flags.accounts {
		s.Accounts = append(s.Accounts, resource.Account(id))
	}
	if flags.assumeRole != "" {
		s.Role.Name = flags.assumeRole
		s.Listed = flags.named(config.Accounts)
	}
	return s, nil
}

// check refuses flags that mean nothing together, and what is no account, unit
// or role.
func (f *fleetFlags) check(c *cobra.Command, config *profile.Config) error {
	for _, name := range []string{"account", "skip", "external-id", "role-name", "at-once"} {
		if c.Flags().Changed(name) && !f.organization && f.assumeRole == "" && len(config.Accounts) == 0 {
			return usagef("--%s needs --organization, --assume-role or accounts: in surety.yaml: without them one account is read, that of the credentials", name)
		}
	}
	switch {
	case f.organization && f.assumeRole != "":
		return usagef("--assume-role is for accounts without an organisation: with --organization, name the role with --role-name")
	case f.assumeRole != "" && len(f.accounts) == 0:
		return usagef("--assume-role needs to know where: name each account with --account")
	case !f.organization && len(f.units) > 0:
		return usagef("--ou needs --organization: units are known to AWS Organizations only")
	case f.assumeRole != "" && c.Flags().Changed("role-name"):
		return usagef("--role-name is for --organization: --assume-role names the role already")
	case f.atOnce < 1:
		return usagef("--at-once: %d accounts at a time would never end: use 1 or more", f.atOnce)
	}
	for _, id := range f.accounts {
		if !resource.Account(id).Valid() {
			return usagef("--account: %q is no account: write its 12 digits", id)
		}
	}
	for _, unit := range f.units {
		if !isUnit(unit) {
			return usagef("--ou: %q is no unit: write its path, such as o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/, or its id ou-ab12-11111111", unit)
		}
	}
	for _, what := range f.skip {
		if !resource.Account(what).Valid() && !isUnit(what) {
			return usagef("--skip: %q is neither an account nor a unit: write 12 digits, a path such as o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/, or an id ou-…", what)
		}
	}
	return f.checkRole()
}

func (f *fleetFlags) checkRole() error {
	for flag, name := range map[string]string{"--role-name": f.roleName, "--assume-role": f.assumeRole} {
		if name == "" {
			continue
		}
		if err := profile.CheckRole(name); err != nil {
			return usagef("%s: %w", flag, err)
		}
	}
	if f.externalID == "" {
		return nil
	}
	if err := profile.CheckExternalID(f.externalID); err != nil {
		return usagef("--external-id: %w", err)
	}
	return nil
}

func isUnit(s string) bool {
	return unitID.MatchString(s) || unitPath.FindString(s) == s && s != ""
}

// named makes a list of the accounts of --account, each with what the
// configuration calls it.
func (f *fleetFlags) named(known []profile.Account) []profile.Account {
	var all []profile.Account
	for _, id := range slices.Compact(slices.Sorted(slices.Values(f.accounts))) {
		one := profile.Account{ID: resource.Account(id)}
		for _, a := range known {
			if a.ID == one.ID {
				one.Name, one.Tags = a.Name, a.Tags
			}
		}
		all = append(all, one)
	}
	return all
}
