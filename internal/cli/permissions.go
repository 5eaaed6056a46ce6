package cli

import (
	"encoding/json"
	"fmt"
	"slices"

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
		RunE: func(*cobra.Command, []string) error {
			config, err := f.load(a)
			if err != nil {
				return err
			}
			rules, err := config.Select(all.Rules())
			if err != nil {
				return err
			}
			return writePolicy(a, auditPolicy(config, config.Facets(rules, lambda.FacetTags)))
		},
	}
	f.add(audit.Flags())
	c.AddCommand(audit, newPermissionsFix(a))
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

// auditPolicy is the policy for a scan of these facets: one statement for each
// resource that actions are bounded to, all sorted.
func auditPolicy(c *profile.Config, facets []resource.Facet) iamPolicy {
	account := []string{"account:ListRegions", "ec2:DescribeRegions", "organizations:DescribeOrganization", "sts:GetCallerIdentity"}
	if assure.NeedsMembers(c) && c.Trust.OrgAccounts == "" {
		account = append(account, "organizations:ListAccounts")
	}
	byResource := map[string][]string{"*": account}
	for _, f := range all.Facets() {
		if slices.Contains(facets, f.Facet) {
			byResource[f.Resource] = append(byResource[f.Resource], string(f.Facet))
		}
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
