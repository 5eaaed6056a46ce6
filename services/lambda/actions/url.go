package actions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/plan"
	"surety/internal/remedy"
	"surety/services/lambda"
)

// URLAction changes who is asked for a signature at a function URL. Before and
// After are a [lambda.URLConfig]; null is no URL.
const URLAction = "lambda-url"

// urls changes the authentication of function URLs, and nothing else of them. A
// URL has no revision, so what guards a step is that the whole configuration is as
// Before says, just before the call. Source: Lambda API reference,
// UpdateFunctionUrlConfig.
type urls struct{ clients }

func urlOf(content json.RawMessage) (*lambda.URLConfig, error) {
	var c *lambda.URLConfig
	if err := json.Unmarshal(content, &c); err != nil {
		return nil, fmt.Errorf("reading a function URL of the plan: %w", err)
	}
	return c, nil
}

// Describe wants another authentication and the same of everything else.
func (urls) Describe(s *plan.Step) error {
	t, err := targetOf(*s)
	if err != nil {
		return err
	}
	before, err := urlOf(s.Before)
	if err != nil {
		return err
	}
	after, err := urlOf(s.After)
	if err != nil {
		return err
	}
	if before == nil || after == nil || before.AuthType == after.AuthType || after.AuthType != lambda.AuthNone && after.AuthType != lambda.AuthIAM {
		return fmt.Errorf("it is not the change of a function URL's authentication")
	}
	rest := *after
	rest.AuthType = before.AuthType
	if !sameURL(before, &rest) {
		return fmt.Errorf("a function URL changes in more than its authentication")
	}
	s.Reversible = true
	s.Permission, s.Call.API = "lambda:UpdateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"
	input := map[string]string{"FunctionName": t.name, "AuthType": after.AuthType}
	if t.qualifier != "" {
		input["Qualifier"] = t.qualifier
	}
	s.Call.Input, err = json.Marshal(input)
	return err
}

func (u urls) Read(ctx context.Context, s plan.Step) (remedy.State, error) {
	t, err := targetOf(s)
	if err != nil {
		return remedy.State{}, err
	}
	out, err := u.of(t.arn).GetFunctionUrlConfig(ctx, &sdk.GetFunctionUrlConfigInput{FunctionName: &t.name, Qualifier: optional(t.qualifier)})
	if none(err) || err == nil && aws.ToString(out.FunctionArn) != t.arn { // that of another qualifier is not this one
		return remedy.State{Content: json.RawMessage("null")}, nil
	}
	if err != nil {
		return remedy.State{}, fmt.Errorf("reading the function URL: %w", collect.Clarify(err))
	}
	content, err := json.Marshal(lambda.URLConfig{AuthType: string(out.AuthType), InvokeMode: strings.ToUpper(string(out.InvokeMode)), Cors: corsOf(out.Cors)})
	return remedy.State{Content: content}, err
}

func corsOf(c *types.Cors) *lambda.Cors {
	if c == nil {
		return nil
	}
	return &lambda.Cors{
		AllowCredentials: c.AllowCredentials, AllowHeaders: c.AllowHeaders, AllowMethods: c.AllowMethods,
		AllowOrigins: c.AllowOrigins, ExposeHeaders: c.ExposeHeaders, MaxAge: c.MaxAge,
	}
}

func (urls) Same(a, b json.RawMessage) bool {
	one, errOne := urlOf(a)
	two, errTwo := urlOf(b)
	if errOne != nil || errTwo != nil || one == nil || two == nil {
		return errOne == nil && errTwo == nil && one == two
	}
	return sameURL(one, two)
}

// sameURL takes what is not set and what is set to nothing as one.
func sameURL(a, b *lambda.URLConfig) bool {
	return a.AuthType == b.AuthType && cmp.Or(a.InvokeMode, buffered) == cmp.Or(b.InvokeMode, buffered) && reflect.DeepEqual(settled(a.Cors), settled(b.Cors))
}

// buffered is the invoke mode of a URL that names none.
const buffered = "BUFFERED"

// settled is a CORS setting in one spelling: lists that are empty, and a false or
// zero, are what they are when nobody set them.
func settled(c *lambda.Cors) lambda.Cors {
	var all lambda.Cors
	if c == nil {
		return all
	}
	for _, l := range []struct{ from, to *[]string }{
		{&c.AllowHeaders, &all.AllowHeaders}, {&c.AllowMethods, &all.AllowMethods}, {&c.AllowOrigins, &all.AllowOrigins}, {&c.ExposeHeaders, &all.ExposeHeaders},
	} {
		if len(*l.from) > 0 {
			*l.to = *l.from
		}
	}
	if aws.ToBool(c.AllowCredentials) {
		all.AllowCredentials = c.AllowCredentials
	}
	if aws.ToInt32(c.MaxAge) != 0 {
		all.MaxAge = c.MaxAge
	}
	return all
}

// Write sends the authentication alone: what a call does not name stays as it is.
func (u urls) Write(ctx context.Context, s plan.Step, _ string) error {
	t, err := targetOf(s)
	if err != nil {
		return err
	}
	after, err := urlOf(s.After)
	if err != nil {
		return err
	}
	if after == nil {
		return fmt.Errorf("the plan names no configuration of the function URL")
	}
	err = whenFree(ctx, func() error {
		_, err := u.of(t.arn).UpdateFunctionUrlConfig(ctx, &sdk.UpdateFunctionUrlConfigInput{
			FunctionName: &t.name, Qualifier: optional(t.qualifier), AuthType: types.FunctionUrlAuthType(after.AuthType),
		})
		return err
	})
	if err != nil {
		return moved(err)
	}
	return nil
}

// Judge has nothing to add: that nobody outside is let in is proven of the policy.
func (urls) Judge(plan.Step, json.RawMessage) error { return nil }
