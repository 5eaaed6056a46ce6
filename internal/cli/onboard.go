package cli

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"

	"github.com/spf13/cobra"

	"surety/internal/profile"
	"surety/services/all"
	"surety/services/lambda"
)

// onboardFlags say what the audit role is called and who may assume it.
type onboardFlags struct {
	config     configFlags
	recorder   recorderFlags
	scanner    string
	externalID string
	roleName   string
	file       string
}

// auditRole is the role that lets a scan into an account.
type auditRole struct {
	name       string
	scanner    string // account, or ARN of a role or user
	externalID string
	policy     iamPolicy
}

func newOnboard(a *app) *cobra.Command {
	c := group(&cobra.Command{
		Use: "onboard", Short: "The audit role that lets a scan into every account, as a template",
		Example: "  surety onboard cloudformation --scanner 111122223333 -o surety-audit.yaml",
	})
	c.AddCommand(
		onboardAs(a, "cloudformation", "The audit role as a CloudFormation template, for a StackSet", `Cloudformation prints a template with one role. As a StackSet with automatic
deployment it reaches every account of the organisation, later ones too; the
commands stand at its top.`, "surety-audit.yaml", writeCloudFormation),
		onboardAs(a, "terraform", "The audit role as Terraform", `Terraform prints one role, to be applied in each account.`, "surety-audit.tf", writeTerraform),
	)
	return c
}

func onboardAs(a *app, format, short, long, file string, write func(io.Writer, auditRole) error) *cobra.Command {
	var f onboardFlags
	c := &cobra.Command{
		Use: format + " --scanner ACCOUNT", Short: short,
		Long: long + `

The role may do what the enabled rules read, and changes nothing.
Only the scanning account may assume it (or, with an ARN, one role or user of
it), and only with the external id, which is made up when none is given.

Exit status: 0 done; 1 could not do it; 2 wrong usage.`,
		Example: "  surety onboard " + format + " --scanner 111122223333 -o " + file +
			"\n  surety onboard " + format + " --external-id e-1 \\\n      --scanner arn:aws:iam::111122223333:role/scanner",
		Args: takes(),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.recorder.check(c); err != nil {
				return err
			}
			return a.onboard(&f, write)
		},
	}
	flags := c.Flags()
	f.config.add(flags)
	f.recorder.addSource(flags)
	flags.StringVar(&f.scanner, "scanner", "", "who scans: an `account`, or the ARN of a role or user")
	flags.StringVar(&f.externalID, "external-id", "", "external `id` that the role asks for (default: a random one)")
	flags.StringVar(&f.roleName, "role-name", defaultRole, "`name` of the role")
	flags.StringVarP(&f.file, "output", "o", "", "write to this `file` instead of stdout")
	completeFlags(c)
	return c
}

// plainRoleName is a role's name without a path (IAM user guide).
var plainRoleName = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)

func (a *app) onboard(f *onboardFlags, write func(io.Writer, auditRole) error) error {
	role, err := f.role(a)
	if err != nil {
		return err
	}
	out, err := a.create(f.file)
	if err != nil {
		return err
	}
	defer out.drop()
	if err := write(out, role); err != nil {
		return fmt.Errorf("writing the template: %w", err)
	}
	if err := out.keep(); err != nil {
		return err
	}
	name := ""
	if role.name != defaultRole {
		name = " --role-name " + role.name
	}
	a.note("scan with: surety scan --organization" + name + " --external-id " + role.externalID + f.recorder.again())
	return nil
}

// role checks the flags and works out what the role may do.
func (f *onboardFlags) role(a *app) (auditRole, error) {
	r := auditRole{name: f.roleName, scanner: f.scanner, externalID: f.externalID}
	switch {
	case f.scanner == "":
		return r, usagef("--scanner is missing: name the account that scans, or the ARN of its role")
	case !accountID.MatchString(f.scanner) && !principalARN.MatchString(f.scanner):
		return r, usagef("--scanner: %q is neither an account nor a role or user: write 12 digits or an ARN without wildcards", f.scanner)
	case !plainRoleName.MatchString(f.roleName):
		return r, usagef("--role-name: %q is no name of a role: use up to 64 letters, digits and _+=,.@-", f.roleName)
	}
	if r.externalID == "" {
		var b [16]byte
		_, _ = rand.Read(b[:]) // never fails
		r.externalID = hex.EncodeToString(b[:])
	}
	if err := profile.CheckExternalID(r.externalID); err != nil {
		return r, usagef("--external-id: %w", err)
	}
	config, err := f.config.load(a)
	if err != nil {
		return r, err
	}
	rules, err := config.Select(all.Rules())
	if err != nil {
		return r, err
	}
	r.policy = memberPolicy(config.Facets(rules, lambda.FacetTags), f.recorder)
	return r, nil
}
