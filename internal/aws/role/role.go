// Package role enters an account: it assumes a role there and keeps the
// credentials fresh for as long as somebody reads with them.
package role

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"surety/internal/collect"
	"surety/internal/resource"
)

// Facet is the right that entering an account takes; a gap with it says that
// nothing of the account was read.
const Facet resource.Facet = "sts:AssumeRole"

const (
	// session is how the visits appear in the CloudTrail of the account.
	session = "surety"
	// early is how long before their end credentials are replaced: longer than
	// any call may take with all its retries.
	early = 5 * time.Minute
)

// Role is what is assumed in an account.
type Role struct {
	Name       string // with its path, if it has one: "SuretyAudit", "audit/SuretyAudit"; or a whole ARN
	ExternalID string // that the role's trust policy asks for; "" for none
}

// ARN is the role's ARN in an account of a partition.
func (r Role) ARN(partition string, a resource.Account) string {
	if strings.HasPrefix(r.Name, "arn:") {
		return r.Name
	}
	return "arn:" + partition + ":iam::" + string(a) + ":role/" + strings.TrimPrefix(r.Name, "/")
}

// Enter assumes the role and returns cfg with credentials of it, which are
// renewed five minutes before they end. Cfg's own credentials are asked for
// again each time, so they too may be short-lived.
func Enter(ctx context.Context, cfg aws.Config, r Role, partition string, a resource.Account) (aws.Config, error) {
	client := sts.NewFromConfig(collect.Configure(cfg))
	assume := stscreds.NewAssumeRoleProvider(client, r.ARN(partition, a), func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = session
		if r.ExternalID != "" {
			o.ExternalID = aws.String(r.ExternalID)
		}
	})
	entered := cfg.Copy()
	entered.Credentials = aws.NewCredentialsCache(apart{assume}, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = early })
	if _, err := entered.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, fmt.Errorf("assuming %s: %w", r.ARN(partition, a), err)
	}
	return entered, nil
}

// apart renews credentials outside of the pace and the time limit of the call
// that happens to need them.
type apart struct{ aws.CredentialsProvider }

// Retrieve implements [aws.CredentialsProvider].
func (p apart) Retrieve(ctx context.Context) (aws.Credentials, error) {
	return p.CredentialsProvider.Retrieve(collect.Apart(ctx))
}
