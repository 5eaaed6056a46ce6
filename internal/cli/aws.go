package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/smithy-go/logging"

	"surety/internal/collect"
)

const (
	// credentialWait bounds the search for credentials: a machine outside of AWS
	// may never hear from the instance metadata address, and a helper program may
	// ask its user first.
	credentialWait = time.Minute
	// firstRegion is the home of who named no region at all.
	firstRegion = "us-east-1"
)

// awsConfig loads the user's AWS settings and makes sure that they hold
// credentials. Home answers for what is global when nobody set a region.
func (a *app) awsConfig(ctx context.Context, home string, more ...func(*config.LoadOptions) error) (aws.Config, error) {
	if err := checkEndpoint(a.Getenv("AWS_ENDPOINT_URL")); err != nil {
		return aws.Config{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, credentialWait)
	defer cancel()
	more = append(more, config.WithAppID("surety"), config.WithLogger(logging.Nop{}), config.WithDefaultRegion(home))
	cfg, err := config.LoadDefaultConfig(ctx, more...)
	if err != nil {
		return cfg, settingsError(err)
	}
	if !regionCode.MatchString(cfg.Region) {
		return cfg, fmt.Errorf("AWS_REGION, or region in the AWS config files, is %q: write the code of a region, such as us-east-1", cfg.Region)
	}
	if cfg.Credentials == nil {
		return cfg, errNoCredentials
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return cfg, credentialError(err)
	}
	return cfg, nil
}

// checkEndpoint refuses an endpoint that no call could reach, before the first
// call runs into it.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("AWS_ENDPOINT_URL is %q: it must look like http://127.0.0.1:5000, or be unset", endpoint)
	}
	return nil
}

var errNoCredentials = errors.New("no AWS credentials found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with aws sso login")

// settingsError tells what is wrong with the files of AWS settings.
func settingsError(err error) error {
	var missing config.SharedConfigProfileNotExistError
	if errors.As(err, &missing) {
		return fmt.Errorf("AWS profile %q is not in the AWS config files: correct AWS_PROFILE, or run aws configure list-profiles", missing.Profile)
	}
	var code config.AssumeRoleTokenProviderNotSetError
	if errors.As(err, &code) {
		return errors.New("the AWS profile asks for a code of multi-factor authentication (mfa_serial), which nobody can type here: take a session first, with aws configure export-credentials --format env")
	}
	return fmt.Errorf("reading the AWS settings: %w: correct AWS_PROFILE or the AWS config files", err)
}

// credentialError tells what to do about credentials that could not be had. The
// SDK's own text may be a chain of many attempts; the last one says most. What a
// helper program printed is never shown: it may be half of the credentials.
func credentialError(err error) error {
	text := strings.ToLower(err.Error())
	var helper *processcreds.ProviderError
	switch {
	case errors.As(err, &helper):
		return errors.New("the credential_process of the AWS profile gave no credentials: run its command by hand, or correct AWS_PROFILE or the AWS config files")
	case strings.Contains(text, "reauthenticate"):
		return errors.New("the session of aws login has ended or does not exist: run aws login, then try again")
	case strings.Contains(text, "sso"):
		return fmt.Errorf("the AWS single sign-on session has ended or does not exist: run aws sso login, then try again")
	case strings.Contains(text, "imds"), strings.Contains(text, "ec2 role"), errors.Is(err, context.DeadlineExceeded):
		return errNoCredentials
	}
	if collect.Classify(err).Code != collect.CodeFailed { // a service, or the way to it
		err = collect.Clarify(err)
	}
	return fmt.Errorf("getting AWS credentials: %w: correct AWS_PROFILE or the AWS config files", err)
}
