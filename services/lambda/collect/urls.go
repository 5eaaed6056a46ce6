package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/collect"
	"surety/services/lambda"
)

// readURLs reads the URLs of a function and of its aliases.
func (w *walk) readURLs(ctx context.Context, c collect.Call) (*answer, error) {
	out, err := w.client.ListFunctionUrlConfigs(ctx, &sdk.ListFunctionUrlConfigsInput{
		FunctionName: aws.String(nameOf(c.Resource)), MaxItems: aws.Int32(pageSize), Marker: marker(c),
	})
	if err != nil {
		return nil, err
	}
	if out.FunctionUrlConfigs == nil {
		return nil, collect.Malformed("the answer holds no list of function URLs")
	}
	a := &answer{Next: aws.ToString(out.NextMarker)}
	for _, u := range out.FunctionUrlConfigs {
		arn := aws.ToString(u.FunctionArn)
		short := lambda.Unqualified(arn)
		switch {
		case short != string(c.Resource):
			return nil, collect.Malformed("the list holds a function URL that is not the function's")
		case !slices.Contains(u.AuthType.Values(), u.AuthType):
			return nil, collect.Malformed(fmt.Sprintf("a function URL has the auth type %q, which is not known", u.AuthType))
		}
		qualifier := strings.TrimPrefix(strings.TrimPrefix(arn, short), ":")
		a.URLs = append(a.URLs, lambda.URL{Qualifier: qualifier, AuthType: string(u.AuthType), URL: aws.ToString(u.FunctionUrl)})
	}
	return a, nil
}

// readTags reads the tags of a function; none is an empty map, not nil.
func (w *walk) readTags(ctx context.Context, c collect.Call) (*answer, error) {
	out, err := w.client.ListTags(ctx, &sdk.ListTagsInput{Resource: aws.String(string(c.Resource))})
	if err != nil {
		return nil, err
	}
	if out.Tags == nil {
		return nil, collect.Malformed("the answer holds no tags")
	}
	return &answer{Tags: out.Tags}, nil
}
