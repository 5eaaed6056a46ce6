package awssim

import (
	"cmp"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
)

// iamAPage is how many entries a page holds by default (SDK, iam); 1000 is the most.
const iamAPage = 100

type roleShape struct {
	Path                     string
	RoleName                 string
	RoleId                   string
	Arn                      string
	CreateDate               string
	AssumeRolePolicyDocument string
	InstanceProfileList      struct{}
	RolePolicyList           []inlineShape   `xml:"RolePolicyList>member"`
	AttachedManagedPolicies  []attachedShape `xml:"AttachedManagedPolicies>member"`
	PermissionsBoundary      *boundaryShape
	Tags                     []tagShape `xml:"Tags>member"`
	RoleLastUsed             lastUsedShape
}

type inlineShape struct{ PolicyName, PolicyDocument string }

type attachedShape struct{ PolicyName, PolicyArn string }

type boundaryShape struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }

type tagShape struct{ Key, Value string }

type lastUsedShape struct {
	LastUsedDate string `xml:",omitempty"`
	Region       string `xml:",omitempty"`
}

type managedShape struct {
	PolicyName                    string
	PolicyId                      string
	Arn                           string
	Path                          string
	DefaultVersionId              string
	AttachmentCount               int
	PermissionsBoundaryUsageCount int
	IsAttachable                  bool
	CreateDate, UpdateDate        string
	PolicyVersionList             []versionShape `xml:"PolicyVersionList>member"`
}

type versionShape struct {
	Document         string
	VersionId        string
	IsDefaultVersion bool
	CreateDate       string
}

type authorizationDetails struct {
	XMLName         xml.Name `xml:"GetAccountAuthorizationDetailsResult"`
	IsTruncated     bool
	Marker          string         `xml:",omitempty"`
	UserDetailList  struct{}       // the worlds here have no users and groups
	GroupDetailList struct{}       //
	RoleDetailList  []roleShape    `xml:"RoleDetailList>member"`
	Policies        []managedShape `xml:"Policies>member"`
}

func (s *Sim) getAccountAuthorizationDetails(c *call) (any, error) {
	asked, err := size(c.form.Get("MaxItems"), 1000)
	if err != nil {
		return nil, err
	}
	if c.form.Get("MaxItems") == "" {
		asked = iamAPage
	}
	if c.account.IAMPage > 0 {
		asked = min(asked, c.account.IAMPage)
	}
	a := c.account
	var roles []*Role
	if c.wants("Role") {
		roles = a.Roles
	}
	policies := slices.DeleteFunc(slices.Clone(a.Policies), func(p *ManagedPolicy) bool {
		return p.AWS && !c.wants("AWSManagedPolicy") || !p.AWS && !c.wants("LocalManagedPolicy")
	})
	first, end, next, err := c.pageOf(len(roles)+len(policies), c.form.Get("Marker"), asked)
	if err != nil {
		return nil, err
	}
	out := authorizationDetails{IsTruncated: next != "", Marker: next}
	for i := first; i < end; i++ {
		if i < len(roles) {
			out.RoleDetailList = append(out.RoleDetailList, a.roleShape(roles[i]))
		} else {
			out.Policies = append(out.Policies, a.managedShape(policies[i-len(roles)]))
		}
	}
	return out, nil
}

// wants tells whether the Filter lets a kind of entry through; no filter is all.
func (c *call) wants(kind string) bool {
	none := true
	for key, values := range c.form {
		if strings.HasPrefix(key, "Filter.") {
			none = false
			if slices.Contains(values, kind) {
				return true
			}
		}
	}
	return none
}

const longAgo = "2025-06-02T10:00:00Z"

func (a *Account) roleShape(r *Role) roleShape {
	arn := a.roleARN(r)
	out := roleShape{Path: cmp.Or(r.Path, "/"), RoleName: r.Name, RoleId: cmp.Or(r.ID, uniqueID("AROA", arn)), Arn: arn,
		CreateDate: cmp.Or(r.Created, longAgo), AssumeRolePolicyDocument: encode(cmp.Or(r.Trust, lambdaTrust)),
		RoleLastUsed: lastUsedShape{r.LastUsed, r.UsedIn}}
	for _, p := range r.Inline {
		out.RolePolicyList = append(out.RolePolicyList, inlineShape{p.Name, encode(p.Document)})
	}
	for _, ref := range r.Attached {
		arn := a.policyRef(ref)
		out.AttachedManagedPolicies = append(out.AttachedManagedPolicies, attachedShape{arn[strings.LastIndex(arn, "/")+1:], arn})
	}
	if r.Boundary != "" {
		out.PermissionsBoundary = &boundaryShape{"Policy", a.policyRef(r.Boundary)}
	}
	for _, k := range sortedKeys(r.Tags) {
		out.Tags = append(out.Tags, tagShape{k, r.Tags[k]})
	}
	return out
}

func (a *Account) managedShape(p *ManagedPolicy) managedShape {
	arn := a.policyARN(p)
	out := managedShape{PolicyName: p.Name, PolicyId: uniqueID("ANPA", arn), Arn: arn, Path: cmp.Or(p.Path, "/"),
		DefaultVersionId: cmp.Or(p.Version, "v1"), IsAttachable: true, CreateDate: longAgo, UpdateDate: longAgo}
	for _, r := range a.Roles {
		for _, ref := range r.Attached {
			if a.policyRef(ref) == arn {
				out.AttachmentCount++
			}
		}
		if r.Boundary != "" && a.policyRef(r.Boundary) == arn {
			out.PermissionsBoundaryUsageCount++
		}
	}
	out.PolicyVersionList = []versionShape{{encode(p.Document), out.DefaultVersionId, true, longAgo}}
	return out
}

// encode writes a document as IAM does: percent-encoded by RFC 3986.
func encode(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
