// Package identity asks AWS who the credentials belong to.
package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"surety/internal/collect"
	"surety/internal/resource"
)

// Identity is who the credentials belong to.
type Identity struct {
	Account   resource.Account
	ARN       string // of the user or session
	Partition string // aws, aws-cn, aws-us-gov
}

// Get calls sts:GetCallerIdentity, which no policy can refuse.
func Get(ctx context.Context, cfg aws.Config) (Identity, error) {
	client := sts.NewFromConfig(collect.Configure(cfg))
	out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	switch {
	case ctx.Err() != nil:
		return Identity{}, errors.New("interrupted before the account was known: nothing was read")
	case err != nil:
		return Identity{}, fmt.Errorf("asking AWS who these credentials belong to: %w%s", collect.Clarify(err), hint(err))
	}
	parts := strings.SplitN(aws.ToString(out.Arn), ":", 6)
	account := resource.Account(aws.ToString(out.Account))
	if len(parts) != 6 || !account.Valid() {
		return Identity{}, fmt.Errorf("asking AWS who these credentials belong to: the answer names no account: check AWS_ENDPOINT_URL")
	}
	return Identity{Account: account, ARN: *out.Arn, Partition: parts[1]}, nil
}

// hint says what is to be looked at when somebody else answered in AWS's place, or
// AWS does not know the key: those of one partition are unknown in the others.
func hint(err error) string {
	switch collect.Classify(err).Code {
	case resource.CodeMalformed:
		return ": whoever answered is not AWS: check AWS_ENDPOINT_URL, proxies, and whether the network asks for a sign-in"
	case "InvalidClientTokenId", "UnrecognizedClientException":
		return ": check the access key; where the account is in China or GovCloud, set AWS_REGION to a region there"
	}
	return ""
}
