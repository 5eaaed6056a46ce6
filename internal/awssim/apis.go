package awssim

import "net/http"

// apis is everything that is served, by service and operation.
func apis() map[string]api {
	return map[string]api{
		"lambda:ListFunctions":               {do: (*Sim).listFunctions},
		"lambda:ListVersionsByFunction":      {do: (*Sim).listVersionsByFunction},
		"lambda:ListAliases":                 {do: (*Sim).listAliases},
		"lambda:GetAlias":                    {do: (*Sim).getAlias},
		"lambda:GetPolicy":                   {do: (*Sim).getPolicy},
		"lambda:GetResourcePolicy":           {do: (*Sim).getPolicy},
		"lambda:PutResourcePolicy":           {do: (*Sim).putResourcePolicy, writes: true},
		"lambda:DeleteResourcePolicy":        {do: (*Sim).deleteResourcePolicy, writes: true, status: http.StatusNoContent},
		"lambda:AddPermission":               {do: (*Sim).addPermission, writes: true, status: http.StatusCreated},
		"lambda:RemovePermission":            {do: (*Sim).removePermission, writes: true, status: http.StatusNoContent},
		"lambda:GetFunctionUrlConfig":        {do: (*Sim).getFunctionURLConfig},
		"lambda:UpdateFunctionUrlConfig":     {do: (*Sim).updateFunctionURLConfig, writes: true},
		"lambda:ListFunctionUrlConfigs":      {do: (*Sim).listFunctionURLConfigs},
		"lambda:ListTags":                    {do: (*Sim).listTags},
		"lambda:GetFunction":                 {do: (*Sim).getFunction},
		"lambda:GetFunctionConfiguration":    {do: (*Sim).getFunctionConfiguration},
		"lambda:CreateFunction":              {do: (*Sim).createFunction, writes: true, status: http.StatusCreated},
		"lambda:UpdateFunctionConfiguration": {do: (*Sim).updateFunctionConfiguration, writes: true},
		"lambda:PublishVersion":              {do: (*Sim).publishVersion, writes: true, status: http.StatusCreated},
		"lambda:CreateAlias":                 {do: (*Sim).createAlias, writes: true, status: http.StatusCreated},
		"lambda:UpdateAlias":                 {do: (*Sim).updateAlias, writes: true},
		"lambda:DeleteFunction":              {do: (*Sim).deleteFunction, writes: true, status: http.StatusNoContent},
		"lambda:ListEventSourceMappings":     {do: (*Sim).listEventSourceMappings},

		"lambda:ListFunctionEventInvokeConfigs": {do: (*Sim).listFunctionEventInvokeConfigs},

		"iam:GetAccountAuthorizationDetails": {do: (*Sim).getAccountAuthorizationDetails},
		"iam:CreateRole":                     {do: (*Sim).createRole, writes: true},
		"iam:GetRole":                        {do: (*Sim).getRole},
		"iam:DeleteRole":                     {do: (*Sim).deleteRole, writes: true},
		"iam:PutRolePolicy":                  {do: (*Sim).putRolePolicy, writes: true},
		"iam:GetRolePolicy":                  {do: (*Sim).getRolePolicy},
		"iam:DeleteRolePolicy":               {do: (*Sim).deleteRolePolicy, writes: true},
		"iam:ListRolePolicies":               {do: (*Sim).listRolePolicies},
		"iam:AttachRolePolicy":               {do: (*Sim).attachRolePolicy, writes: true},
		"iam:DetachRolePolicy":               {do: (*Sim).detachRolePolicy, writes: true},
		"iam:ListAttachedRolePolicies":       {do: (*Sim).listAttachedRolePolicies},
		"iam:GetAccountSummary":              {do: (*Sim).getAccountSummary},
		"iam:GetPolicy":                      {do: (*Sim).getManagedPolicy},
		"iam:GetPolicyVersion":               {do: (*Sim).getManagedPolicyVersion},

		"iam:GenerateServiceLastAccessedDetails": {do: (*Sim).generateServiceLastAccessedDetails, writes: true},
		"iam:GetServiceLastAccessedDetails":      {do: (*Sim).getServiceLastAccessedDetails, writes: true},

		"sts:GetCallerIdentity": {do: (*Sim).getCallerIdentity},
		"sts:AssumeRole":        {do: (*Sim).assumeRole, writes: true},
		"account:ListRegions":   {do: (*Sim).listRegions},
		"ec2:DescribeRegions":   {do: (*Sim).describeRegions},

		"config:BatchGetResourceConfig":          {do: (*Sim).batchGetResourceConfig},
		"config:BatchGetAggregateResourceConfig": {do: (*Sim).batchGetAggregateResourceConfig},

		"organizations:DescribeOrganization":             {do: (*Sim).describeOrganization},
		"organizations:ListAccounts":                     {do: (*Sim).listAccounts},
		"organizations:ListRoots":                        {do: (*Sim).listRoots},
		"organizations:ListParents":                      {do: (*Sim).listParents},
		"organizations:ListOrganizationalUnitsForParent": {do: (*Sim).listOrganizationalUnitsForParent},
		"organizations:ListAccountsForParent":            {do: (*Sim).listAccountsForParent},
		"organizations:DescribeOrganizationalUnit":       {do: (*Sim).describeOrganizationalUnit},
	}
}
