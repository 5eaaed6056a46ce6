package awssim

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oneRoleShape is a role as CreateRole and GetRole answer it.
type oneRoleShape struct {
	Path                     string
	RoleName                 string
	RoleId                   string
	Arn                      string
	CreateDate               string
	AssumeRolePolicyDocument string
	Description              string `xml:",omitempty"`
	MaxSessionDuration       int
	PermissionsBoundary      *boundaryShape
	Tags                     []tagShape `xml:"Tags>member"`
}

func (a *Account) oneRole(r *Role) oneRoleShape {
	d := a.roleShape(r)
	return oneRoleShape{Path: d.Path, RoleName: d.RoleName, RoleId: d.RoleId, Arn: d.Arn, CreateDate: d.CreateDate, Description: r.Description,
		AssumeRolePolicyDocument: d.AssumeRolePolicyDocument, MaxSessionDuration: cmp.Or(r.MaxSession, 3600), PermissionsBoundary: d.PermissionsBoundary, Tags: d.Tags}
}

// noEntity is IAM's answer for what is not there.
func noEntity(what, name string) error {
	return &failure{status: 404, code: "NoSuchEntity", message: "The " + what + " with name " + name + " cannot be found."}
}

// namedRole finds the role that a call names, without regard to case.
func (c *call) namedRole() (*Role, error) {
	name := c.form.Get("RoleName")
	for _, r := range c.account.Roles {
		if strings.EqualFold(r.Name, name) {
			return r, nil
		}
	}
	return nil, noEntity("role", name)
}

func (s *Sim) getRole(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	if s.fresh(r, c.account.RoleLag) {
		return nil, noEntity("role", r.Name)
	}
	return struct {
		XMLName xml.Name `xml:"GetRoleResult"`
		Role    oneRoleShape
	}{Role: c.account.oneRole(r)}, nil
}

func (s *Sim) createRole(c *call) (any, error) {
	name := c.form.Get("RoleName")
	if name == "" || !made(name, letters+digits+"+=,.@-_", 64) {
		return nil, &failure{status: 400, code: "ValidationError", message: "1 validation error detected: Value '" + name + "' at 'roleName' failed to satisfy constraint"}
	}
	if _, err := c.namedRole(); err == nil {
		return nil, &failure{status: 409, code: "EntityAlreadyExists", message: "Role with name " + name + " already exists."}
	}
	most := 1000
	if c.account.RolesQuota > 0 {
		most = c.account.RolesQuota
	}
	if len(c.account.Roles) >= most {
		return nil, &failure{status: 409, code: "LimitExceeded", message: "Cannot exceed quota for RolesPerAccount: " + strconv.Itoa(most)}
	}
	r := &Role{Name: name, Path: c.form.Get("Path"), Trust: c.form.Get("AssumeRolePolicyDocument"), Description: c.form.Get("Description"),
		Boundary: c.form.Get("PermissionsBoundary"), Created: s.clock.Now().UTC().Format(time.RFC3339), Tags: map[string]string{}}
	r.MaxSession, _ = strconv.Atoi(c.form.Get("MaxSessionDuration")) // absent is 0: the default
	for i := 1; c.form.Get("Tags.member."+strconv.Itoa(i)+".Key") != ""; i++ {
		r.Tags[c.form.Get("Tags.member."+strconv.Itoa(i)+".Key")] = c.form.Get("Tags.member." + strconv.Itoa(i) + ".Value")
	}
	c.account.Roles = append(c.account.Roles, r)
	return struct {
		XMLName xml.Name `xml:"CreateRoleResult"`
		Role    oneRoleShape
	}{Role: c.account.oneRole(r)}, nil
}

func (s *Sim) deleteRole(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	if len(r.Inline)+len(r.Attached) > 0 {
		return nil, &failure{status: 409, code: "DeleteConflict", message: "Cannot delete entity, must detach all policies first."}
	}
	c.account.Roles = slices.DeleteFunc(c.account.Roles, func(other *Role) bool { return other == r })
	return nothing("DeleteRole"), nil
}

// nothing is the answer of a call that answers nothing.
func nothing(api string) any {
	return struct{ XMLName xml.Name }{xml.Name{Local: api + "Result"}}
}

func (s *Sim) putRolePolicy(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	p := InlinePolicy{Name: c.form.Get("PolicyName"), Document: c.form.Get("PolicyDocument")}
	for i := range r.Inline {
		if r.Inline[i].Name == p.Name {
			r.Inline[i] = p
			return nothing("PutRolePolicy"), nil
		}
	}
	r.Inline = append(r.Inline, p)
	return nothing("PutRolePolicy"), nil
}

func (s *Sim) getRolePolicy(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	for _, p := range r.Inline {
		if p.Name == c.form.Get("PolicyName") {
			return struct {
				XMLName                              xml.Name `xml:"GetRolePolicyResult"`
				RoleName, PolicyName, PolicyDocument string
			}{RoleName: r.Name, PolicyName: p.Name, PolicyDocument: encode(p.Document)}, nil
		}
	}
	return nil, noEntity("role policy", c.form.Get("PolicyName"))
}

func (s *Sim) deleteRolePolicy(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	for i, p := range r.Inline {
		if p.Name == c.form.Get("PolicyName") {
			r.Inline = slices.Delete(r.Inline, i, i+1)
			return nothing("DeleteRolePolicy"), nil
		}
	}
	return nil, noEntity("role policy", c.form.Get("PolicyName"))
}

func (s *Sim) listRolePolicies(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	first, end, next, err := c.pageOf(len(r.Inline), c.form.Get("Marker"), iamAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		XMLName     xml.Name `xml:"ListRolePoliciesResult"`
		IsTruncated bool
		Marker      string   `xml:",omitempty"`
		PolicyNames []string `xml:"PolicyNames>member"`
	}{IsTruncated: next != "", Marker: next}
	for _, p := range r.Inline[first:end] {
		out.PolicyNames = append(out.PolicyNames, p.Name)
	}
	return out, nil
}

func (s *Sim) listAttachedRolePolicies(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	attached := c.account.roleShape(r).AttachedManagedPolicies
	first, end, next, err := c.pageOf(len(attached), c.form.Get("Marker"), iamAPage)
	if err != nil {
		return nil, err
	}
	return struct {
		XMLName          xml.Name `xml:"ListAttachedRolePoliciesResult"`
		IsTruncated      bool
		Marker           string          `xml:",omitempty"`
		AttachedPolicies []attachedShape `xml:"AttachedPolicies>member"`
	}{IsTruncated: next != "", Marker: next, AttachedPolicies: attached[first:end]}, nil
}

func (s *Sim) attachRolePolicy(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	arn := c.form.Get("PolicyArn")
	if !slices.ContainsFunc(r.Attached, func(ref string) bool { return c.account.policyRef(ref) == arn }) {
		r.Attached = append(r.Attached, arn)
	}
	return nothing("AttachRolePolicy"), nil
}

func (s *Sim) detachRolePolicy(c *call) (any, error) {
	r, err := c.namedRole()
	if err != nil {
		return nil, err
	}
	arn := c.form.Get("PolicyArn")
	for i, ref := range r.Attached {
		if c.account.policyRef(ref) == arn {
			r.Attached = slices.Delete(r.Attached, i, i+1)
			return nothing("DetachRolePolicy"), nil
		}
	}
	return nil, noEntity("policy", arn)
}

// getAccountSummary tells the numbers that a new role depends on.
func (s *Sim) getAccountSummary(c *call) (any, error) {
	type entry struct {
		Key   string `xml:"key"`
		Value int    `xml:"value"`
	}
	most := cmp.Or(c.account.RolesQuota, 1000)
	return struct {
		XMLName    xml.Name `xml:"GetAccountSummaryResult"`
		SummaryMap []entry  `xml:"SummaryMap>entry"`
	}{SummaryMap: []entry{{"Roles", len(c.account.Roles)}, {"RolesQuota", most}, {"AttachedPoliciesPerRoleQuota", 10}}}, nil
}

// fresh reports whether a role was made less than a time ago.
func (s *Sim) fresh(r *Role, ago time.Duration) bool {
	made, err := time.Parse(time.RFC3339, r.Created)
	return err == nil && s.clock.Now().Before(made.Add(ago))
}

// assumable says why Lambda cannot use a role yet, as it words it; nil when it
// can. A role that CreateRole made is not seen at once; of a function with a
// queue for what it drops, what is missed first is the permission to write there.
func (s *Sim) assumable(a *Account, f *Function, arn string) error {
	r := a.Role(arn)
	if r != nil && s.fresh(r, a.RoleDelay) {
		if f.DeadLetters != "" {
			return invalid("The provided execution role does not have permissions to call SendMessage on SQS")
		}
		r = nil
	}
	if r == nil || !strings.Contains(cmp.Or(r.Trust, lambdaTrust), "lambda.amazonaws.com") {
		return invalid("The role defined for the function cannot be assumed by Lambda.")
	}
	return nil
}
