package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/iam"
	"surety/services/lambda"
)

// roles is who runs with what over the whole account, made once for all
// functions. A replica counts as its master.
type roles struct {
	groups map[string]*group // by folded role ARN; only roles of two functions or more
	meant  []meant
	scope  string
	gaps   []resource.Gap // functions whose role the list did not tell
	note   string         // why the roles' policies are not known; "" when they were read
	alone  any            // the evidence of a function that shares nothing, of which nothing is to be noted
}

// group is one role and the functions that run with it.
type group struct {
	arn      string         // as the first function writes it
	users    []user         // by function ARN
	index    map[string]int // of users, by function ARN
	intended bool           // some user matches an entry of meant
	role     *iam.Role      // nil when IAM's answer does not hold it
	power    iam.Power
	policies []string

	once  sync.Once
	whole any // the evidence of a function that shares this role alone, with all
}

// share is a group as one function sees it.
type share struct {
	group *group
	users []user // the function itself and whoever it shares with unmeant
}

// fold makes role ARNs comparable: IAM keeps names unique without regard to
// case. Source: IAM API reference, CreateRole.
func fold(arn string) string { return strings.ToLower(arn) }

func rolesOf(v rule.View) *roles {
	return v.Once("Lambda-006: functions by role", func() any {
		all := &roles{groups: map[string]*group{}, scope: scope(v)}
		all.meant = parseMeant(v.Settings("Lambda-006"), v.Now())
		functions := v.Of(lambda.FunctionType)
		all.find(functions)
		for _, res := range functions {
			all.fill(res.(*lambda.Function))
		}
		for _, g := range all.groups {
			g.settle()
		}
		all.describe(v)
		all.alone = written(all.write(nil, []string{}))
		return all
	}).(*roles)
}

// identity is the ARN that a function is counted under.
func identity(fn *lambda.Function) string {
	if fn.Replica() {
		return lambda.Unqualified(fn.MasterARN)
	}
	return fn.ARN
}

// mostGaps bounds how many functions without a role are told one by one; the
// first is enough to make a pass unknown.
const mostGaps = 20

// missing notes a function whose entry in the list was garbled.
func (a *roles) missing(fn *lambda.Function) {
	without := slices.ContainsFunc(fn.Versions, func(v lambda.Version) bool { return v.Role == "" })
	if (without || len(fn.Versions) == 0) && len(a.gaps) < mostGaps {
		a.gaps = append(a.gaps, resource.Gap{
			Resource: resource.ID(fn.ARN), Account: fn.Account, Region: fn.Region, Facet: lambda.FacetList,
			Code: resource.CodeMalformed, Reason: fmt.Sprintf("function %s in %s was listed without an execution role", fn.Name, fn.Region),
		})
	}
}

// fill puts a function into the groups of its roles.
func (a *roles) fill(fn *lambda.Function) {
	id := identity(fn)
	for i := range fn.Versions {
		v := &fn.Versions[i]
		g := a.groups[fold(v.Role)]
		if g == nil {
			continue
		}
		if g.arn == "" {
			g.arn = v.Role
		}
		m := g.member(id)
		if m == nil {
			m = g.add(id, regionOf(id, fn.Region))
		}
		if !slices.Contains(m.Qualifiers, v.Qualifier) {
			m.Qualifiers = append(m.Qualifiers, v.Qualifier)
		}
		if !fn.Replica() {
			m.matches = matchAll(a.meant, fn, g.arn)
		}
	}
}

func (g *group) add(id string, region resource.Region) *user {
	if g.index == nil {
		g.index = map[string]int{}
	}
	g.index[id] = len(g.users)
	g.users = append(g.users, user{Function: id, Region: region})
	return &g.users[len(g.users)-1]
}

// member returns the group's entry of a function; nil when it is not in it.
func (g *group) member(id string) *user {
	if i, found := g.index[id]; found {
		return &g.users[i]
	}
	return nil
}

// regionOf is the region in a function's ARN; otherwise when it tells none.
func regionOf(arn string, otherwise resource.Region) resource.Region {
	if parts := strings.SplitN(arn, ":", 5); len(parts) == 5 {
		return resource.Region(parts[3])
	}
	return otherwise
}

// settle orders a full group.
func (g *group) settle() {
	slices.SortFunc(g.users, func(a, b user) int { return strings.Compare(a.Function, b.Function) })
	for i, u := range g.users {
		g.index[u.Function] = i
		g.intended = g.intended || len(u.matches) > 0
	}
}

// sharedBy returns the groups that a function shares with somebody it is not
// meant to, in the order of its versions, and how many it shares only as meant.
func (a *roles) sharedBy(fn *lambda.Function) (shared []share, meant int) {
	for i := range fn.Versions {
		g := a.groups[fold(fn.Versions[i].Role)]
		if g == nil || slices.ContainsFunc(shared, func(s share) bool { return s.group == g }) {
			continue
		}
		if users := g.against(fn.ARN); len(users) > 1 {
			shared = append(shared, share{group: g, users: users})
		} else {
			meant++
		}
	}
	return shared, meant
}

// against returns a function and all who share with it unmeant.
func (g *group) against(id string) []user {
	self := g.member(id)
	if !g.intended || self == nil || len(self.matches) == 0 {
		return g.users
	}
	var users []user
	for _, u := range g.users {
		if u.Function == id || !overlap(self.matches, u.matches) {
			users = append(users, u)
		}
	}
	return users
}
