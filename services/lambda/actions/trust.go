package actions

import (
	"encoding/json"
	"fmt"
	"slices"

	"surety/services/lambda"
)

// replicated reports whether Lambda@Edge replicas of a function were seen.
func replicated(fn *lambda.Function, all []*lambda.Function) bool {
	return slices.ContainsFunc(all, func(r *lambda.Function) bool { return r.Replica() && lambda.Unqualified(r.MasterARN) == fn.ARN })
}

// trustFor is the trust policy of a function's role; Lambda@Edge needs its own
// service in it, and is not pinned: its calls come from replicas in other regions.
// Source: CloudFront developer guide, Lambda@Edge permissions.
func (p Split) trustFor(fn *lambda.Function, all []*lambda.Function) (policy string, notes []string, err error) {
	services, edge := any("lambda.amazonaws.com"), replicated(fn, all)
	if edge {
		services = []string{"lambda.amazonaws.com", "edgelambda.amazonaws.com"}
	}
	type object map[string]any
	statement := struct {
		Effect    string
		Principal object
		Action    string
		Condition object `json:",omitempty"`
	}{Effect: "Allow", Principal: object{"Service": services}, Action: "sts:AssumeRole"}
	switch {
	case p.PinTrust && edge:
		notes = []string{"the trust is not pinned: the function has Lambda@Edge replicas, whose calls name other sources"}
	case p.PinTrust:
		statement.Condition = object{
			"StringEquals": object{"aws:SourceAccount": string(fn.Account)},
			"ArnLike":      object{"aws:SourceArn": []string{fn.ARN, fn.ARN + ":*"}},
		}
		notes = []string{"the trust is pinned to this function by aws:SourceAccount and aws:SourceArn; AWS does not document that Lambda always sends them: where it does not, the role cannot be assumed, so try it on a function that may fail"}
	}
	text, err := json.Marshal(struct {
		Version   string
		Statement []any
	}{"2012-10-17", []any{statement}})
	if err != nil {
		return "", nil, fmt.Errorf("writing a trust policy: %w", err)
	}
	return string(text), notes, nil
}
