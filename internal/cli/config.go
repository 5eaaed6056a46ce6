package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/all"
	"surety/services/lambda"
)

// defaultConfig is read where there is one and --config names no other.
const defaultConfig = "surety.yaml"

// configFlags are the flags that many commands share: the file, and whom to
// trust besides those that it names.
type configFlags struct {
	file  string
	trust profile.Flags
}

func (f *configFlags) add(flags *pflag.FlagSet) {
	f.addFile(flags)
	flags.StringArrayVar(&f.trust.Accounts, "trust", nil, "trust this `account` (repeatable, as all trust flags)")
	flags.StringArrayVar(&f.trust.Orgs, "trust-org", nil, "trust this organisation (`id` o-…)")
	flags.StringArrayVar(&f.trust.Units, "trust-ou", nil, "trust this organisational unit and all below it (`path` o-…/r-…/ou-…/)")
	flags.StringArrayVar(&f.trust.Principals, "trust-principal", nil, "trust this role, user, session (`ARN`) or service (its name)")
	flags.StringArrayVar(&f.trust.Networks, "trust-network", nil, "trust this `network`: an address range, a VPC or a VPC endpoint")
}

// addFile adds the flag of the file alone, for what hangs on no trust.
func (f *configFlags) addFile(flags *pflag.FlagSet) {
	flags.StringVar(&f.file, "config", "", "configuration `file` (default ./"+defaultConfig+" when there is one)")
}

// load reads the configuration and adds the trust flags to it.
func (f *configFlags) load(a *app) (*profile.Config, error) {
	c, err := f.loadFile()
	if err != nil {
		return nil, err
	}
	if err := c.Trust.Add(f.trust); err != nil {
		return nil, usage(err)
	}
	a.warnTrust(c)
	return c, nil
}

func (f *configFlags) loadFile() (*profile.Config, error) {
	name := f.file
	if name == "" {
		name = defaultConfig
	}
	data, err := readSettings(name, profile.MaxFile)
	if errors.Is(err, fs.ErrNotExist) && f.file == "" {
		return &profile.Config{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the configuration %s: %w", name, err)
	}
	c, err := profile.Parse(data, all.Rules())
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	return c, nil
}

// warnTrust names, once, the entries that nobody answers for.
func (a *app) warnTrust(c *profile.Config) {
	entries := c.Trust.Unexplained()
	if len(entries) == 0 {
		return
	}
	var values []string
	for _, e := range entries {
		values = append(values, fmt.Sprintf("%s (line %d)", e.Value, e.Line))
	}
	a.note("trust entries without owner or reason: " + strings.Join(values, ", "))
}

// warnExpired names the entries whose last day has passed.
func (a *app) warnExpired(p *profile.Profile) {
	for _, e := range p.Expired {
		a.note(fmt.Sprintf("trust in %s %s ended on %s: it does not count", e.Kind, e.Value, e.Until.Format(time.DateOnly)))
	}
}

// warnAlone says what the verdicts mean while no trust list was written.
func (a *app) warnAlone(j job) {
	judged := slices.ContainsFunc(j.rules, func(r *rule.Rule) bool { return slices.Contains(r.Reads, lambda.FacetPolicy) })
	if t := &j.config.Trust; judged && !t.Organization && len(t.Entries()) == 0 {
		a.note("no trust list: nobody but the account itself is trusted; surety trust suggest writes a first one")
	}
}

// note tells something on stderr that does not stop the command.
func (a *app) note(text string) {
	if !a.quiet {
		fmt.Fprintln(a.Stderr, "note: "+oneLine(text))
	}
}

// largestMembers bounds the file of an organisation's accounts, in bytes: room
// for 100,000 as AWS lists them, some 300 bytes each.
const largestMembers = 32 << 20

// members reads the file that names the organisation's accounts; nil when the
// configuration names none. Its path is relative to the configuration's.
func (f *configFlags) members(c *profile.Config) (*profile.Organization, error) {
	name := c.Trust.OrgAccounts
	if name == "" {
		return nil, nil
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(f.file), name)
	}
	data, err := readSettings(name, largestMembers)
	if err != nil {
		return nil, fmt.Errorf("reading org_accounts %s: %w", name, err)
	}
	accounts, err := profile.ParseOrgAccounts(data)
	if err != nil {
		return nil, fmt.Errorf("org_accounts %s: %w", name, err)
	}
	return &profile.Organization{Accounts: accounts}, nil
}

// regionNames takes --region over; their shape is checked here, so that a slip
// of the finger costs no call.
func regionNames(typed []string) ([]resource.Region, error) {
	var regions []resource.Region
	for _, r := range typed {
		if !regionCode.MatchString(r) {
			return nil, usagef("--region: %q is no region: write its code, such as us-east-1", r)
		}
		regions = append(regions, resource.Region(r))
	}
	return regions, nil
}
