package actions

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
)

// Running tells what runs with a role, so that none is taken away under a
// function. It is safe for concurrent use.
type Running struct {
	clients
	mu     sync.Mutex
	others map[string]answered[[]types.FunctionConfiguration] // by region
}

// NewRunning prepares its clients with [collect.Configure] itself.
func NewRunning(cfg aws.Config) *Running {
	return &Running{clients: clients{collect.Configure(cfg)}, others: map[string]answered[[]types.FunctionConfiguration]{}}
}

// With names what runs with a role that was made for a function (both ARNs): a
// version of that function, as it is now, or one of another function of its
// region, of which the list is read once. "" is nothing there; other regions are
// not looked at.
func (r *Running) With(ctx context.Context, function, role string) (string, error) {
	parts := strings.Split(function, ":")
	if len(parts) != 7 {
		return "", fmt.Errorf("%q is no ARN of a function", function)
	}
	own, err := r.listVersions(ctx, target{arn: function, name: parts[6]})
	if err != nil && !none(err) {
		return "", err
	}
	others, err := r.region(ctx, function)
	if err != nil {
		return "", err
	}
	for _, v := range own {
		if strings.EqualFold(aws.ToString(v.Role), role) {
			return fmt.Sprintf("%s of %s", versionName(v), parts[6]), nil
		}
	}
	for _, v := range others {
		if name := aws.ToString(v.FunctionName); name != parts[6] && strings.EqualFold(aws.ToString(v.Role), role) {
			return fmt.Sprintf("%s of %s", versionName(v), name), nil
		}
	}
	return "", nil
}

func versionName(v types.FunctionConfiguration) string {
	if published(v) {
		return "version " + *v.Version
	}
	return "$LATEST"
}

// region lists all versions of all functions of an ARN's region, once.
func (r *Running) region(ctx context.Context, arn string) ([]types.FunctionConfiguration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return once(r.others, strings.SplitN(arn, ":", 5)[3], func() ([]types.FunctionConfiguration, error) {
		list := sdk.NewListFunctionsPaginator(r.of(arn), &sdk.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll})
		return every(ctx, "functions", list, func(p *sdk.ListFunctionsOutput) ([]types.FunctionConfiguration, *string) {
			return p.Functions, p.NextMarker
		})
	})
}
