package actions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"surety/services/iam"
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

// alsoTrusted says whom a shared role trusts and a new one does not: who assumes
// the role beside Lambda is not served by a role that only Lambda may assume.
func alsoTrusted(shared, own string) []string {
	was, err := trusted(shared)
	if err != nil {
		return []string{"whom the shared role trusts beside Lambda could not be read; the new role trusts Lambda alone"}
	}
	is, _ := trusted(own) // it was written just now
	others := slices.DeleteFunc(was, func(who string) bool { return slices.Contains(is, who) })
	if len(others) == 0 {
		return nil
	}
	return []string{"the shared role also trusts " + strings.Join(others, ", ") + ", and the new one does not: whoever assumes it for this function needs that added"}
}

// trusted lists the principals that a trust policy allows, sorted.
func trusted(trust string) ([]string, error) {
	var doc struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(trust), &doc); err != nil {
		return nil, fmt.Errorf("reading a trust policy: %w", err)
	}
	type statement struct {
		Effect       string
		Principal    json.RawMessage
		NotPrincipal json.RawMessage
	}
	var all []statement
	if json.Unmarshal(doc.Statement, &all) != nil {
		all = make([]statement, 1)
		if err := json.Unmarshal(doc.Statement, &all[0]); err != nil {
			return nil, fmt.Errorf("reading a trust policy: %w", err)
		}
	}
	var who []string
	for _, s := range all {
		if s.Effect != "Allow" {
			continue
		}
		if s.NotPrincipal != nil {
			who = append(who, "everybody but some")
		}
		var kinds map[string]iam.Texts
		var everyone string
		switch {
		case s.Principal == nil:
		case json.Unmarshal(s.Principal, &everyone) == nil:
			who = append(who, everyone)
		case json.Unmarshal(s.Principal, &kinds) == nil:
			for _, names := range kinds {
				who = append(who, names...)
			}
		default:
			return nil, fmt.Errorf("reading a trust policy: a principal is neither a text nor an object")
		}
	}
	slices.Sort(who)
	return slices.Compact(who), nil
}
