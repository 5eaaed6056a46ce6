package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// writeCloudFormation writes a template with the audit role, as people write
// YAML. The partition is that of the account that it is deployed to.
func writeCloudFormation(w io.Writer, r auditRole) error {
	scanner := "!Sub arn:${AWS::Partition}:iam::" + r.scanner + ":root"
	if strings.HasPrefix(r.scanner, "arn:") {
		scanner = strconv.Quote(r.scanner)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# The role that surety assumes to audit an account. It reads, and changes nothing.
#
# In every account of the organisation, from its management account, where ROOT
# is the id of the root or of a unit (r-… or ou-…):
#
#   aws cloudformation create-stack-set --stack-set-name surety-audit \
#     --template-body file://surety-audit.yaml --capabilities CAPABILITY_NAMED_IAM \
#     --permission-model SERVICE_MANAGED --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false
#   aws cloudformation create-stack-instances --stack-set-name surety-audit \
#     --deployment-targets OrganizationalUnitIds=ROOT --regions us-east-1
#
# A StackSet leaves out the management account itself. When it is to be scanned
# from another account, deploy this there as a stack.
AWSTemplateFormatVersion: "2010-09-09"
Description: Lets surety audit this account.
Resources:
  AuditRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: %[1]s
      Description: Assumed by surety to audit this account. It reads, and changes nothing.
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: %[2]s
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: %[3]s
      Policies:
        - PolicyName: audit
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
`, strconv.Quote(r.name), scanner, strconv.Quote(r.externalID))
	for _, s := range r.policy.Statement {
		fmt.Fprintf(&b, "              - Sid: %s\n                Effect: %s\n                Action:\n", s.Sid, s.Effect)
		for _, action := range s.Action {
			fmt.Fprintf(&b, "                  - %s\n", action)
		}
		fmt.Fprintf(&b, "                Resource: %s\n", strconv.Quote(s.Resource))
	}
	b.WriteString(`Outputs:
  RoleArn:
    Value: !GetAtt AuditRole.Arn
`)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeTerraform writes the audit role as "terraform fmt" would have it.
func writeTerraform(w io.Writer, r auditRole) error {
	scanner := strconv.Quote("arn:${data.aws_partition.current.partition}:iam::" + r.scanner + ":root")
	if strings.HasPrefix(r.scanner, "arn:") {
		scanner = strconv.Quote(r.scanner)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# The role that surety assumes to audit an account. It reads, and changes nothing.
# Apply it in every account that is to be scanned.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

data "aws_partition" "current" {}

resource "aws_iam_role" "surety_audit" {
  name        = %s
  description = "Assumed by surety to audit this account. It reads, and changes nothing."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = %s }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = %s } }
    }]
  })
}

resource "aws_iam_role_policy" "surety_audit" {
  name = "audit"
  role = aws_iam_role.surety_audit.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
`, strconv.Quote(r.name), scanner, strconv.Quote(r.externalID))
	for _, s := range r.policy.Statement {
		fmt.Fprintf(&b, "      {\n        Sid    = %q\n        Effect = %q\n        Action = [\n", s.Sid, s.Effect)
		for _, action := range s.Action {
			fmt.Fprintf(&b, "          %q,\n", action)
		}
		fmt.Fprintf(&b, "        ]\n        Resource = %q\n      },\n", s.Resource)
	}
	b.WriteString(`    ]
  })
}

output "role_arn" {
  value = aws_iam_role.surety_audit.arn
}
`)
	_, err := io.WriteString(w, b.String())
	return err
}
