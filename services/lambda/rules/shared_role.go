package rules

import (
	_ "embed"
	"fmt"
	"strings"

	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/iam"
	"surety/services/lambda"
)

//go:embed shared_role.md
var sharedRolePage string

//go:embed testdata/shared_role.txtar
var sharedRoleExamples string

// sharedRole fails when an execution role of the function, at $LATEST or at a
// published version, is an execution role of another function as well.
func sharedRole() *rule.Rule {
	return rule.For(rule.Rule{
		ID: "Lambda-006", Name: "lambda-shared-role", Title: "Execution role is shared with another function",
		Risk: rule.High, Category: rule.Security, Type: lambda.FunctionType,
		Reads: []resource.Facet{lambda.FacetList},
		Cites: []resource.Facet{iam.FacetDetails},
		Joins: []resource.Facet{lambda.FacetList},
		Settings: []rule.Setting{{
			Name: "meant", List: true, Check: checkMeant, Needs: meantNeeds,
			What: "sharing that is intended: two functions may share when both match one entry (role, tag or functions)",
		}},
		Page: sharedRolePage, Examples: sharedRoleExamples,
	}, judgeRole)
}

// sharing is the evidence of Lambda-006.
type sharing struct {
	Roles []roleUse `json:"roles"`
	Scope string    `json:"scope"` // "all regions", or "among 2 regions" when somebody chose them
	Notes []string  `json:"notes"`
}

// roleUse is one role and every function that runs with it.
type roleUse struct {
	ARN       string    `json:"arn"`
	Functions []user    `json:"functions"` // by ARN
	Power     iam.Power `json:"power"`
	Policies  []string  `json:"policies"`
}

// user is one function and where in it the role stands.
type user struct {
	Function   string          `json:"function"`
	Region     resource.Region `json:"region"`
	Qualifiers []string        `json:"qualifiers"`

	matches []int // the entries of meant that it matches, in order
}

func judgeRole(v rule.View, fn *lambda.Function) rule.Verdict {
	if fn.Replica() {
		return rule.Verdict{Outcome: rule.NotApplicable}
	}
	all := rolesOf(v)
	shared, intended := all.sharedBy(fn)
	verdict := rule.Verdict{Outcome: rule.Pass, Message: passMessage(all, intended), Gaps: all.gaps}
	verdict.Evidence = all.evidence(shared, all.ended(fn, shared))
	if len(shared) == 0 {
		return verdict
	}
	verdict.Outcome = rule.Fail
	told := make([]string, len(shared))
	for i, s := range shared {
		told[i] = tellRole(fn, s)
		verdict.Causes = append(verdict.Causes, rule.Cause{Text: tellPower(s.group), Detail: olderOnly(fn, s.group)})
	}
	verdict.Message = strings.Join(told, "; ") + all.within()
	return verdict
}

func passMessage(all *roles, meant int) string {
	text := "no other function uses its role"
	if meant > 0 {
		text = "its role is shared as meant only"
	}
	return text + all.within()
}

// mostNamed is how many other functions a message names before it counts the
// rest.
const mostNamed = 3

// tellRole names a role, how many functions use it, and the first few others.
func tellRole(fn *lambda.Function, s share) string {
	var others []string
	for _, u := range s.users {
		if u.Function != fn.ARN {
			others = append(others, shortName(fn, u))
		}
		if len(others) == mostNamed {
			break
		}
	}
	list := strings.Join(others, ", ")
	if more := len(s.users) - 1 - len(others); more > 0 {
		list = fmt.Sprintf("%s and %d more", list, more)
	}
	role := tellPower(s.group)
	if s.group.power == iam.Administrator {
		role += ","
	}
	return fmt.Sprintf("%s is used by %d functions: this one%s and %s", role, len(s.users), inVersions(olderOnly(fn, s.group)), list)
}

// tellPower names a role as the cause of a failing check.
func tellPower(g *group) string {
	if g.power == iam.Administrator {
		return "role " + roleName(g.arn) + ", which may do everything"
	}
	return "role " + roleName(g.arn)
}

func inVersions(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail + ")"
}

// shortName adds the region where it is not the function's own.
func shortName(fn *lambda.Function, u user) string {
	name := u.Function[strings.LastIndexByte(u.Function, ':')+1:]
	if u.Region != fn.Region {
		return fmt.Sprintf("%s (%s)", name, u.Region)
	}
	return name
}

func roleName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// olderOnly says which published versions hold the role when $LATEST does not:
// changing the function's configuration would not help these.
func olderOnly(fn *lambda.Function, g *group) string {
	m := g.member(fn.ARN)
	if m == nil || len(m.Qualifiers) == 0 || m.Qualifiers[0] == lambda.Latest {
		return ""
	}
	if len(m.Qualifiers) == 1 {
		return "version " + m.Qualifiers[0]
	}
	return "versions " + strings.Join(m.Qualifiers[:min(len(m.Qualifiers), mostNamed)], ", ")
}
