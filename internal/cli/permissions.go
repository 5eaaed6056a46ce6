package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surety/internal/assure"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/services/all"
	"surety/services/lambda"
)

func newPermissions(a *app) *cobra.Command {
	c := group(&cobra.Command{
		Use: "permissions", Short: "The IAM policy that a scan or a remediation needs, and no more",
		Example: "  surety permissions audit > audit-policy.json",
	})
	var f configFlags
	var recorder recorderFlags
	audit := &cobra.Command{
		Use: "audit", Short: "The IAM policy for reading, made from the enabled rules",
		Long: `Audit prints the least-privilege IAM policy for "surety scan": one action for
every read that an enabled rule needs, and the few that find account, regions
and, when the trust zone asks for it, the organisation. Nothing in it changes
anything.`,
		Example: `  surety permissions audit > audit-policy.json
  aws iam create-policy --policy-name surety-audit \
    --policy-document file://audit-policy.json`,
		Args: takes(),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := recorder.check(c); err != nil {
				return err
			}
			config, err := f.load(a)
			if err != nil {
				return err
			}
			rules, err := config.Select(all.Rules())
			if err != nil {
				return err
			}
			return writePolicy(a, auditPolicy(config, config.Facets(rules, lambda.FacetTags), recorder.calls()))
		},
	}
	f.add(audit.Flags())
	recorder.addSource(audit.Flags())
	completeFlags(audit)
	c.AddCommand(audit, newPermissionsFix(a), newScannerPermissions(a))
	return c
}

func newScannerPermissions(a *app) *cobra.Command {
	var name string
	var recorder recorderFlags
	c := &cobra.Command{
		Use: "org", Short: "The IAM policy of whoever scans an organisation",
		Long: `Org prints the IAM policy for the identity that runs a scan of many accounts
("surety scan --organization"): it lists the accounts and assumes the audit role
in each, which "surety onboard" writes. The identity's own account is read with
its own permissions: give it those of "surety permissions audit" too, or leave
the account out with --skip.

Organizations answers the management account and delegated administrators only.`,
		Example: "  surety permissions org > scanner-policy.json",
		Args:    takes(),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := profile.CheckRole(name); err != nil {
				return usagef("--role-name: %w", err)
			}
			if err := recorder.check(c); err != nil {
				return err
			}
			return writePolicy(a, scannerPolicy(name, recorder))
		},
	}
	c.Flags().StringVar(&name, "role-name", defaultRole, "`role` that is assumed in each account")
	recorder.addSource(c.Flags())
	completeFlags(c)
	return c
}

// Identity policies as IAM takes them. Resource is a text or a list.
type (
	iamPolicy struct {
		Version   string
		Statement []iamStatement
	}
	iamStatement struct {
		Sid       string
		Effect    string
		Action    []string
		Resource  string
		Condition map[string]map[string]string `json:",omitempty"`
	}
)

// auditPolicy is the policy for a scan of these facets, some of them through AWS
// Config: one statement for each resource that actions are bounded to, all sorted.
func auditPolicy(c *profile.Config, facets []resource.Facet, recorded []recorderCall) iamPolicy {
	account := []string{"account:ListRegions", "ec2:DescribeRegions", "organizations:DescribeOrganization", "sts:GetCallerIdentity"}
	if assure.NeedsMembers(c) && c.Trust.OrgAccounts == "" {
		account = append(account, "organizations:ListAccounts")
	}
	return readPolicy(account, facets, recorded)
}

// memberPolicy is the policy of the audit role in an account of a fleet: who is
// in the organisation, and what an aggregator holds, is asked elsewhere.
func memberPolicy(facets []resource.Facet, f recorderFlags) iamPolicy {
	var recorded []recorderCall
	if f.aggregator == "" {
		recorded = f.calls()
	}
	return readPolicy([]string{"account:ListRegions", "ec2:DescribeRegions", "organizations:DescribeOrganization", "sts:GetCallerIdentity"}, facets, recorded)
}

// scannerPolicy is the policy of whoever scans an organisation: it lists the
// accounts, assumes the audit role, asks an aggregator where there is one, and
// reads nothing else.
func scannerPolicy(roleName string, f recorderFlags) iamPolicy {
	arn := roleName
	if !strings.HasPrefix(arn, "arn:") {
		arn = "arn:*:iam::*:role/" + strings.TrimPrefix(roleName, "/")
	}
	p := iamPolicy{Version: "2012-10-17", Statement: []iamStatement{
		{Sid: "SuretyOrganization", Effect: "Allow", Resource: "*", Action: []string{
			"organizations:DescribeOrganization", "organizations:DescribeOrganizationalUnit", "organizations:ListAccounts", "sts:GetCallerIdentity",
		}},
		{Sid: "SuretyEnter", Effect: "Allow", Resource: arn, Action: []string{"sts:AssumeRole"}},
	}}
	if f.aggregator == "" {
		return p
	}
	for _, call := range f.calls() {
		p.Statement = append(p.Statement, iamStatement{Sid: "SuretyAggregator", Effect: "Allow", Resource: call.resource, Action: []string{string(call.action)}})
	}
	return p
}

// readPolicy allows some actions everywhere, and those of facets where the
// facets say.
func readPolicy(account []string, facets []resource.Facet, recorded []recorderCall) iamPolicy {
	byResource := map[string][]string{"*": account}
	for _, f := range all.Facets() {
		if slices.Contains(facets, f.Facet) {
			byResource[f.Resource] = append(byResource[f.Resource], string(f.Facet))
		}
	}
	for _, call := range recorded {
		byResource[call.resource] = append(byResource[call.resource], string(call.action))
	}
	p := iamPolicy{Version: "2012-10-17"}
	for _, r := range sortedKeys(byResource) {
		slices.Sort(byResource[r])
		p.Statement = append(p.Statement, iamStatement{
			Sid: fmt.Sprintf("SuretyAudit%d", len(p.Statement)+1), Effect: "Allow", Action: slices.Compact(byResource[r]), Resource: r,
		})
	}
	return p
}

func sortedKeys(m map[string][]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func writePolicy(a *app, p iamPolicy) error {
	e := json.NewEncoder(a.Stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		return fmt.Errorf("writing the policy: %w", err)
	}
	return nil
}
