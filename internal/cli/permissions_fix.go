package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	iamactions "surety/services/iam/actions"
	lambdaactions "surety/services/lambda/actions"
)

func newPermissionsFix(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "fix", Short: "The IAM policy for fix apply and fix rollback",
		Long: `Fix prints the least-privilege IAM policy for "surety fix apply" and "surety fix
rollback"; planning needs what "surety permissions audit" prints besides. Roles
are made and changed under the path /surety/ only. Leave out what you do not
need: SuretyFixKeys is for functions with a customer managed key,
SuretyFixNetworks for functions in a VPC, names that begin with SuretyFixNeeds
are for planning with --strategy least or managed, those with SuretyFixUsage for
least alone. Give the policy to a role of its own, apart from the one that
audits, and guard that as an administrator's: whoever makes roles for functions
can give a function anything.`,
		Example: `  surety permissions fix > fix-policy.json`,
		Args:    takes(),
		RunE:    func(*cobra.Command, []string) error { return writePolicy(a, fixPolicy()) },
	}
}

// fixPolicy lists what the actions call, by what they can be bounded to. A role
// of a function must be passed back as well, so iam:PassRole is bounded by the
// service that it is passed to. What is deleted is a version, never a function.
func fixPolicy() iamPolicy {
	const function, version = "arn:*:lambda:*:*:function:*", "arn:*:lambda:*:*:function:*:*"
	const made, role = "arn:*:iam::*:role/surety/*", "arn:*:iam::*:role/*"
	p := iamPolicy{Version: "2012-10-17"}
	for _, s := range []struct {
		resource string
		actions  []string
	}{
		{"*", []string{"iam:GetAccountSummary", "lambda:ListEventSourceMappings", "lambda:ListFunctions", "sts:GetCallerIdentity"}},
		{function, []string{
			"lambda:AddPermission", "lambda:DeleteResourcePolicy", "lambda:GetAlias", "lambda:GetFunctionConfiguration", "lambda:GetFunctionUrlConfig",
			"lambda:GetPolicy", "lambda:GetResourcePolicy", "lambda:ListAliases", "lambda:ListVersionsByFunction", "lambda:PublishVersion",
			"lambda:PutResourcePolicy", "lambda:RemovePermission", "lambda:UpdateAlias", "lambda:UpdateFunctionConfiguration",
			"lambda:UpdateFunctionUrlConfig",
		}},
		{version, []string{"lambda:DeleteFunction"}},
		{role, []string{"iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"}},
		{made, []string{
			"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy", "iam:TagRole",
		}},
	} {
		p.Statement = append(p.Statement, iamStatement{
			Sid: fmt.Sprintf("SuretyFix%d", len(p.Statement)+1), Effect: "Allow", Action: s.actions, Resource: s.resource,
		})
	}
	p.Statement = append(p.Statement, iamStatement{
		Sid: "SuretyFixPass", Effect: "Allow", Action: []string{"iam:PassRole"}, Resource: role,
		Condition: map[string]map[string]string{"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
	})
	p.Statement = append(p.Statement, behindUpdates()...)
	p.Statement = append(p.Statement, strategyStatements(function, role)...)
	return p
}

// behindUpdates is what Lambda asks of whoever calls UpdateFunctionConfiguration,
// beside the call itself: to make a grant for the new role on the key of the
// function's environment, and to look at the function's network. The environment
// itself is not needed, so kms:Decrypt is not among them.
// Sources: Lambda developer guide, securing environment variables, and giving
// functions access to a VPC; KMS developer guide, kms:ViaService.
func behindUpdates() []iamStatement {
	return []iamStatement{
		{
			Sid: "SuretyFixKeys", Effect: "Allow", Action: []string{"kms:CreateGrant"}, Resource: "arn:*:kms:*:*:key/*",
			Condition: map[string]map[string]string{"StringLike": {"kms:ViaService": "lambda.*"}},
		},
		{Sid: "SuretyFixNetworks", Effect: "Allow", Action: []string{"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"}, Resource: "*"},
	}
}

// strategyStatements are what planning by a strategy reads beside that.
func strategyStatements(function, role string) []iamStatement {
	functions, anywhere := lambdaactions.ConfigurationReads()
	generate, get := iamactions.UsageReads()
	var all []iamStatement
	for _, s := range []iamStatement{
		{Sid: "SuretyFixNeedsFunctions", Resource: function, Action: functions},
		{Sid: "SuretyFixNeedsMappings", Resource: "*", Action: anywhere},
		{Sid: "SuretyFixNeedsPolicies", Resource: "arn:*:iam::*:policy/*", Action: iamactions.DocumentReads()},
		{Sid: "SuretyFixUsageOfRoles", Resource: role, Action: generate},
		{Sid: "SuretyFixUsageReports", Resource: "*", Action: get},
	} {
		s.Effect = "Allow"
		all = append(all, s)
	}
	return all
}
