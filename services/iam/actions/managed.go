package actions

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"surety/internal/collect"
)

// DocumentReads are the permissions that [Roles.Document] needs.
func DocumentReads() []string { return []string{"iam:GetPolicy", "iam:GetPolicyVersion"} }

// Document reads the default version of a managed policy: its JSON text, "" when
// there is no such policy.
func (a *Roles) Document(ctx context.Context, arn string) (string, error) {
	out, err := a.client.GetPolicy(ctx, &sdk.GetPolicyInput{PolicyArn: &arn})
	var gone *types.NoSuchEntityException
	if errors.As(err, &gone) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading policy %s: %w", arn, collect.Clarify(err))
	}
	if out.Policy == nil || aws.ToString(out.Policy.DefaultVersionId) == "" {
		return "", fmt.Errorf("reading policy %s: the answer names no default version", arn)
	}
	version, err := a.client.GetPolicyVersion(ctx, &sdk.GetPolicyVersionInput{PolicyArn: &arn, VersionId: out.Policy.DefaultVersionId})
	if err != nil {
		return "", fmt.Errorf("reading policy %s: %w", arn, collect.Clarify(err))
	}
	if version.PolicyVersion == nil || aws.ToString(version.PolicyVersion.Document) == "" {
		return "", fmt.Errorf("reading policy %s: the answer holds no document", arn)
	}
	text, err := url.PathUnescape(*version.PolicyVersion.Document)
	if err != nil {
		return "", fmt.Errorf("reading policy %s: its document is not URL-encoded text", arn)
	}
	return text, nil
}
