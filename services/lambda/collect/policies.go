package collect

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/policy"
	"surety/services/lambda"
)

func policyCall(id resource.ID, qualifier string, order int, rank int64) collect.Call {
	return collect.Call{Facet: lambda.FacetPolicy, Bucket: lambda.BucketPolicy, Resource: id, Qualifier: qualifier, Order: order, Rank: rank}
}

// nameOf is the name that calls give the function by.
func nameOf(id resource.ID) string { return string(id)[strings.LastIndexByte(string(id), ':')+1:] }

// readPolicy reads the policy of a function, an alias or a version. That there
// is none is said by Lambda's own error only, with its text: a page of a proxy
// or an empty body with status 404 says nothing. A text that is no JSON object
// was garbled on its way, so it was not read.
func (w *walk) readPolicy(ctx context.Context, c collect.Call) (*answer, error) {
	in := &sdk.GetPolicyInput{FunctionName: aws.String(nameOf(c.Resource))}
	if c.Qualifier != "" {
		in.Qualifier = aws.String(c.Qualifier)
	}
	out, err := w.client.GetPolicy(ctx, in)
	var none *types.ResourceNotFoundException
	switch {
	case errors.As(err, &none) && none.ErrorMessage() != "":
		return &answer{}, nil
	case errors.As(err, &none):
		return nil, collect.Malformed("HTTP status 404 without a word: is this API served here?")
	case err != nil:
		return nil, err
	case aws.ToString(out.Policy) == "":
		return nil, collect.Malformed("the answer holds no policy")
	}
	if _, _, err := policy.ParseStored([]byte(*out.Policy)); err != nil {
		return nil, collect.Malformed("the policy is no JSON object: " + err.Error())
	}
	return &answer{Policy: &lambda.Policy{Qualifier: c.Qualifier, Text: *out.Policy, RevisionID: aws.ToString(out.RevisionId)}}, nil
}

func (w *walk) takePolicy(p *pending, c collect.Call, a *answer) []collect.Call {
	if a.Policy == nil {
		return nil
	}
	stored := *a.Policy
	stored.Text = w.intern(stored.Text)
	p.fn.Policies = append(p.fn.Policies, stored)
	var calls []collect.Call
	if w.ask.Facet(lambda.FacetURL) && !p.asked && grantsURL(stored.Text) {
		p.asked = true
		calls = append(calls, collect.Call{Facet: lambda.FacetURL, Bucket: lambda.BucketRemainder, Resource: c.Resource, Order: orderURLs})
	}
	if p.open > 1 || len(calls) > 0 || !w.listed {
		w.out.Glimpse(glimpse(p.fn))
	}
	return calls
}

// glimpse is a copy that later answers do not change.
func glimpse(fn *lambda.Function) *lambda.Function {
	look := *fn
	look.Versions, look.Aliases = slices.Clone(fn.Versions), slices.Clone(fn.Aliases)
	look.Policies, look.URLs = slices.Clone(fn.Policies), slices.Clone(fn.URLs)
	return &look
}

// grantsURL reports whether a policy may give access by function URL. It says
// yes to whatever it cannot read.
func grantsURL(text string) bool {
	if strings.Contains(strings.ToLower(text), "functionurl") {
		return true
	}
	var doc struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(text), &doc) != nil {
		return true
	}
	type statement struct{ Action, NotAction any }
	var many []statement
	if json.Unmarshal(doc.Statement, &many) != nil {
		many = make([]statement, 1)
		if json.Unmarshal(doc.Statement, &many[0]) != nil {
			return true
		}
	}
	for _, s := range many {
		if s.NotAction != nil || mayNameURL(s.Action) {
			return true
		}
	}
	return false
}

// mayNameURL looks for the action, or for a wildcard that may stand for it.
func mayNameURL(action any) bool {
	switch a := action.(type) {
	case string:
		return strings.ContainsAny(a, "*?") || strings.Contains(strings.ToLower(a), "url")
	case []any:
		return slices.ContainsFunc(a, mayNameURL)
	}
	return true
}
