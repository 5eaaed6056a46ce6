package rules

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"surety/internal/resource"
	"surety/internal/rule"
	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda"
)

//go:embed cross_account_access.md
var crossAccountAccessPage string

//go:embed testdata/cross_account_access.txtar
var crossAccountAccessExamples string

// crossAccountAccess fails when somebody outside the trust zone may invoke the
// function, one of its aliases or one of its versions, by any door.
func crossAccountAccess() *rule.Rule {
	return rule.For(rule.Rule{
		ID: "Lambda-002", Name: "lambda-cross-account-access", Title: "Function can be invoked by an unknown account",
		Risk: rule.High, Category: rule.Security, Type: lambda.FunctionType,
		Reads: []resource.Facet{lambda.FacetList, lambda.FacetAliases, lambda.FacetPolicy},
		Cites: []resource.Facet{lambda.FacetURL},
		Page:  crossAccountAccessPage, Examples: crossAccountAccessExamples,
	}, judgeAccess)
}

// access is the evidence of Lambda-002.
type access struct {
	Grants []accessGrant `json:"grants"`
	Notes  []string      `json:"notes"`
	AsOf   []asOf        `json:"as_of,omitempty"` // the documents that were not read from Lambda itself
}

// accessGrant is one statement that lets a stranger in by one door.
type accessGrant struct {
	Kind      string          `json:"kind"`
	Door      string          `json:"door"`
	Qualifier string          `json:"qualifier"` // whose document it is; "" is the function's
	Statement int             `json:"statement"` // index in that document
	Sid       string          `json:"sid"`
	Principal string          `json:"principal"` // as written
	Action    string          `json:"action"`
	Dormant   bool            `json:"dormant"`
	Witness   *policy.Request `json:"witness"`       // null when undecided
	Why       string          `json:"why,omitempty"` // of what is undecided or dormant
	Digest    string          `json:"digest"`        // see [document.digest]

	anonymous bool // the caller needs no credentials
}

// judgeAccess judges every document of the function on its own, since each
// serves only the calls that name its qualifier.
func judgeAccess(v rule.View, fn *lambda.Function) rule.Verdict {
	ref := fn.Ref()
	zone, key, organization := v.TrustZone(ref)
	question := prove.Question{Function: fn.ARN, Known: known(fn), Organization: organization, Zone: zone, Now: v.Now()}
	scope := strings.Join([]string{key, organization, string(fn.Account), string(fn.Region)}, " ")
	memory := closedBefore(v)
	found := access{Grants: []accessGrant{}, Notes: []string{}, AsOf: recorded(fn)}
	var gaps []resource.Gap
	for _, p := range fn.Policies {
		if memory.text(p.Text, fn.ARN, scope) {
			continue
		}
		doc, read, err := policy.ParseStored(p.Text)
		if err != nil {
			gaps = append(gaps, malformed(ref, p.Qualifier, err))
			continue
		}
		question.Qualifier = p.Qualifier
		d := document{Document: doc, fn: fn, qualifier: p.Qualifier, urlsKnown: len(v.GapsOf(ref, lambda.FacetURL)) == 0}
		var grants []accessGrant
		closed := memory.document(doc, question, scope)
		if !closed {
			grants = d.live(d.strangers(question))
		}
		notes := d.notes(read, grants)
		if closed && len(notes) == 0 {
			memory.remember(p.Text, fn.ARN, scope, doc)
		}
		found.Grants = append(found.Grants, grants...)
		found.Notes = append(found.Notes, notes...)
	}
	var verdict rule.Verdict
	if len(found.Grants)+len(found.Notes)+len(found.AsOf) == 0 {
		verdict = memory.nobody(v, fn, zone)
	} else {
		verdict = verdictOf(v, fn, zone, found)
	}
	verdict.Gaps = gaps
	return verdict
}

// malformed is the gap of a policy that came as something else than a policy.
func malformed(ref resource.Ref, qualifier string, err error) resource.Gap {
	return resource.Gap{
		Resource: ref.ID, Account: ref.Account, Region: ref.Region, Facet: lambda.FacetPolicy,
		Qualifier: qualifier, Code: resource.CodeMalformed, Reason: "the policy is no JSON object: " + err.Error(),
	}
}

func verdictOf(v rule.View, fn *lambda.Function, zone prove.Zone, found access) rule.Verdict {
	teller := teller{View: v, fn: fn, alone: empty(zone)}
	if teller.alone {
		found.Notes = append(found.Notes, fmt.Sprintf("the trust zone is empty: nobody but account %s is trusted", fn.Account))
	}
	if left := teller.leftOut(); left != "" {
		found.Notes = append(found.Notes, left)
	}
	verdict := rule.Verdict{Outcome: rule.Pass, Message: teller.nobody(), Evidence: found}
	if len(found.Grants) > 0 {
		verdict.Outcome, verdict.Message, verdict.Causes = rule.Fail, teller.message(found.Grants), teller.causes(found.Grants)
	}
	return verdict
}

// known returns the qualifiers that exist, for witnesses to prefer: what people
// use first.
func known(fn *lambda.Function) []string {
	all := make([]string, 0, len(fn.Aliases)+len(fn.Versions))
	for _, a := range fn.Aliases {
		all = append(all, a.Name)
	}
	for _, v := range slices.Backward(fn.Versions) {
		all = append(all, v.Qualifier)
	}
	return all
}

func empty(z prove.Zone) bool {
	return len(z.Accounts)+len(z.Organizations)+len(z.Units)+len(z.Principals)+len(z.Services)+
		len(z.Networks.CIDRs)+len(z.Networks.VPCs)+len(z.Networks.Endpoints) == 0
}
