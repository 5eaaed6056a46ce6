package cli

import (
	"fmt"
	"slices"
	"strings"

	"surety/internal/assure"
	"surety/internal/plan"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/services/lambda"
	lambdaactions "surety/services/lambda/actions"
)

// unread is what a plan would have to know and could not be read: a scan may judge
// without it, since it then says too much rather than too little. A plan that took
// it for absent would take access from who is trusted.
type unread struct {
	organization *resource.Gap // the trust zone hangs on it
	tags         []resource.Gap
	tagged       bool // the trust zone hangs on tags
	rest         map[resource.ID][]resource.Gap
}

func unreadOf(got assure.Reading, config *profile.Config) unread {
	u := unread{rest: map[resource.ID][]resource.Gap{}}
	for _, g := range got.Snapshot.Gaps() {
		switch {
		case strings.HasPrefix(string(g.Facet), "organizations:"):
			u.organization = &g
		case g.Facet == lambda.FacetTags:
			u.tags = append(u.tags, g)
		case g.Resource != "" && slices.Contains([]resource.Facet{lambda.FacetList, lambda.FacetAliases, lambda.FacetPolicy}, g.Facet):
			u.rest[g.Resource] = append(u.rest[g.Resource], g)
		}
	}
	u.tagged = slices.ContainsFunc(config.Trust.Entries(), func(e profile.Entry) bool { return e.For.TagKey != "" })
	return u
}

// tagsOf is why the tags of a function are not known; nil when they are.
func (u unread) tagsOf(fn *lambda.Function) *resource.Gap {
	at := slices.IndexFunc(u.tags, func(g resource.Gap) bool {
		return g.Resource == fn.Ref().ID || g.Resource == "" && (g.Region == fn.Region || g.Region == "")
	})
	if at < 0 {
		return nil
	}
	return &u.tags[at]
}

// trust says why it is not known whom the trust zone trusts with a function; ""
// when it is.
func (u unread) trust(fn *lambda.Function) string {
	if g := u.organization; g != nil {
		return sayUnread(g) + ", and the trust zone names the organization: whom it trusts is not known and would lose access; allow that call, or name a file with the accounts of the organization (trust: org_accounts in surety.yaml)"
	}
	if g := u.tagsOf(fn); g != nil && u.tagged {
		return sayUnread(g) + ", and the trust zone trusts some by tags: whom it trusts with this function is not known and would lose access; allow that call"
	}
	return ""
}

// owner says why a function is left to its owner: what owns it, or that it is not
// known; "" when nothing does.
func (u unread) owner(fn *lambda.Function) string {
	if owner := lambdaactions.Owner(fn); owner != "" {
		return owner + " owns it, and its next deployment would undo the change: make it there (it is under withheld in the plan), or plan with --allow-drift"
	}
	if g := u.tagsOf(fn); g != nil {
		return sayUnread(g) + ", so whether CloudFormation or Terraform owns it is not known: allow that call, or plan with --allow-drift (the change is under withheld in the plan)"
	}
	return ""
}

func sayUnread(g *resource.Gap) string {
	return fmt.Sprintf("%s could not be read (%s)", g.Facet, g.Code)
}

// policies says of which policies of a function nothing is known, so that what is
// planned for the others is not taken for all.
func (u unread) policies(fn *lambda.Function) []plan.Refusal {
	var all []plan.Refusal
	for _, g := range u.rest[fn.Ref().ID] {
		r := refused(fn, sayUnread(&g)+": whom it lets in there is not known, and stays as it is; allow that call and make a new plan")
		r.Qualifier = g.Qualifier
		all = append(all, r)
	}
	return all
}

// refused is why nothing is planned for a function's policies.
func refused(fn *lambda.Function, why string) plan.Refusal {
	return plan.Refusal{Resource: fn.Ref().ID, Rule: lambdaactions.AccessRule, Why: why}
}
