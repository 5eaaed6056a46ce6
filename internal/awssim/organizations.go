package awssim

import (
	"cmp"
	"slices"
)

// accountsAPage is how many accounts a page of Organizations holds at most.
const accountsAPage = 20

type orgInput struct {
	ChildId, ParentId, OrganizationalUnitId string
	MaxResults                              int
	NextToken                               string
}

// organization reads the parameters and finds the caller's organisation. All but
// DescribeOrganization is for the management account and delegated administrators.
func (s *Sim) organization(c *call) (*Organization, orgInput, error) {
	var in orgInput
	if err := c.json(&in); err != nil {
		return nil, in, err
	}
	o := s.world.organizationOf(c.account.ID)
	if o == nil {
		return nil, in, &failure{status: 400, code: "AWSOrganizationsNotInUseException", message: "Your account is not a member of an organization."}
	}
	if c.api != "DescribeOrganization" && c.account.ID != o.Management && !slices.Contains(o.Delegated, c.account.ID) {
		return nil, in, denied(c, "")
	}
	return o, in, nil
}

func (c *call) orgPage(in orgInput, n int) (first, end int, next *string, err error) {
	most := accountsAPage
	if in.MaxResults > 0 {
		most = min(most, in.MaxResults)
	}
	first, end, token, err := c.pageOf(n, in.NextToken, most)
	return first, end, orNull(token), err
}

func (o *Organization) arn(kind, id string) string {
	return "arn:aws:organizations::" + o.Management + ":" + kind + "/" + o.ID + id
}

func (s *Sim) describeOrganization(c *call) (any, error) {
	o, _, err := s.organization(c)
	if err != nil {
		return nil, err
	}
	type shape struct{ Id, Arn, FeatureSet, MasterAccountArn, MasterAccountId, MasterAccountEmail string }
	return struct{ Organization shape }{shape{o.ID, o.arn("organization", ""), "ALL",
		o.arn("account", "/"+o.Management), o.Management, "aws+" + o.Management + "@example.com"}}, nil
}

type memberShape struct {
	Id, Arn, Email, Name, Status, State, JoinedMethod string
	JoinedTimestamp                                   float64
	Paths                                             []string
}

func (o *Organization) memberShape(m Member) memberShape {
	state := cmp.Or(m.State, "ACTIVE")
	status := state
	if state == "CLOSED" {
		status = "SUSPENDED"
	}
	return memberShape{Id: m.Account, Arn: o.arn("account", "/"+m.Account), Email: "aws+" + m.Account + "@example.com",
		Name: cmp.Or(m.Name, "account-"+m.Account), Status: status, State: state, JoinedMethod: "CREATED", JoinedTimestamp: 1748858400,
		Paths: []string{o.path(m.Parent) + m.Account + "/"}}
}

type membersShape struct {
	Accounts  []memberShape
	NextToken *string `json:",omitempty"`
}

func (s *Sim) listAccounts(c *call) (any, error) {
	o, in, err := s.organization(c)
	if err != nil {
		return nil, err
	}
	return c.members(o, in, o.Members)
}

func (s *Sim) listAccountsForParent(c *call) (any, error) {
	o, in, err := s.organization(c)
	if err != nil {
		return nil, err
	}
	var of []Member
	for _, m := range o.Members {
		if cmp.Or(m.Parent, o.Root) == in.ParentId {
			of = append(of, m)
		}
	}
	return c.members(o, in, of)
}

func (c *call) members(o *Organization, in orgInput, of []Member) (any, error) {
	first, end, next, err := c.orgPage(in, len(of))
	if err != nil {
		return nil, err
	}
	out := membersShape{[]memberShape{}, next}
	for _, m := range of[first:end] {
		out.Accounts = append(out.Accounts, o.memberShape(m))
	}
	return out, nil
}

func (s *Sim) listRoots(c *call) (any, error) {
	o, _, err := s.organization(c)
	if err != nil {
		return nil, err
	}
	type shape struct {
		Id, Arn, Name string
		PolicyTypes   []struct{}
	}
	return struct{ Roots []shape }{[]shape{{o.Root, o.arn("root", "/"+o.Root), "Root", []struct{}{}}}}, nil
}

func (s *Sim) listParents(c *call) (any, error) {
	o, in, err := s.organization(c)
	if err != nil {
		return nil, err
	}
	type shape struct{ Id, Type string }
	parent := ""
	if m := o.member(in.ChildId); m != nil {
		parent = cmp.Or(m.Parent, o.Root)
	} else if u := o.unit(in.ChildId); u != nil {
		parent = cmp.Or(u.Parent, o.Root)
	} else {
		return nil, &failure{status: 400, code: "ChildNotFoundException", message: "You specified an organizational unit or account that doesn't exist."}
	}
	kind := "ORGANIZATIONAL_UNIT"
	if parent == o.Root {
		kind = "ROOT"
	}
	return struct{ Parents []shape }{[]shape{{parent, kind}}}, nil
}

type unitShape struct{ Id, Arn, Name, Path string }

func (o *Organization) unitShape(u OrganizationalUnit) unitShape {
	return unitShape{u.ID, o.arn("ou", "/"+u.ID), u.Name, o.path(u.ID)}
}

func (s *Sim) listOrganizationalUnitsForParent(c *call) (any, error) {
	o, in, err := s.organization(c)
	if err != nil {
		return nil, err
	}
	if in.ParentId != o.Root && o.unit(in.ParentId) == nil {
		return nil, &failure{status: 400, code: "ParentNotFoundException", message: "You specified a root or organizational unit that doesn't exist."}
	}
	all := []unitShape{}
	for _, u := range o.Units {
		if cmp.Or(u.Parent, o.Root) == in.ParentId {
			all = append(all, o.unitShape(u))
		}
	}
	first, end, next, err := c.orgPage(in, len(all))
	if err != nil {
		return nil, err
	}
	return struct {
		OrganizationalUnits []unitShape
		NextToken           *string `json:",omitempty"`
	}{all[first:end], next}, nil
}

func (s *Sim) describeOrganizationalUnit(c *call) (any, error) {
	o, in, err := s.organization(c)
	if err != nil {
		return nil, err
	}
	u := o.unit(in.OrganizationalUnitId)
	if u == nil {
		return nil, &failure{status: 400, code: "OrganizationalUnitNotFoundException", message: "You specified an organizational unit that doesn't exist."}
	}
	return struct{ OrganizationalUnit unitShape }{o.unitShape(*u)}, nil
}
