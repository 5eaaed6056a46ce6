package awssim

import (
	"cmp"
	"time"
)

// World is everything the simulated AWS holds. Build one in code, load one with
// [LoadWorld], generate one with [Generate] or take [Demo].
//
// A world is given away: after [New] it belongs to the Sim, which fills in what
// was left out and changes it when a call writes. Use [Sim.Edit] to look at it
// or change it while calls are running.
type World struct {
	Organizations []*Organization `yaml:"organizations"`
	Accounts      []*Account      `yaml:"accounts"`
	Callers       []Caller        `yaml:"callers"`
	Faults        []Fault         `yaml:"faults"` // part of the story; struck before those of Options
}

// Account is one AWS account.
type Account struct {
	ID        string           `yaml:"id"`        // 12 digits
	Name      string           `yaml:"name"`      // as Organizations shows it; empty: "account-" and the id
	Partition string           `yaml:"partition"` // empty: aws
	Regions   []*Region        `yaml:"regions"`   // those that ListRegions and DescribeRegions tell of
	Roles     []*Role          `yaml:"roles"`
	Policies  []*ManagedPolicy `yaml:"policies"` // its own, and those of AWS that it attached

	// IAMPage, when positive, bounds every page of GetAccountAuthorizationDetails,
	// whatever MaxItems asks for: AWS may answer short pages.
	IAMPage int `yaml:"iam_page"`

	RolesQuota int           `yaml:"roles_quota"` // 0: 1000
	RoleDelay  time.Duration `yaml:"role_delay"`  // how long Lambda cannot assume a role that was just made
	RoleLag    time.Duration `yaml:"role_lag"`    // how long IAM itself does not tell of one

	UpdateDelay time.Duration `yaml:"update_delay"` // how long an update of a function's configuration is in progress

	PublishDelay time.Duration `yaml:"publish_delay"` // how long a version that was just published is pending

	// Reports of last accessed data: how often a report is asked for before it is
	// ready (a negative number: for ever), and why it fails ("" : it does not).
	ReportPolls int    `yaml:"report_polls"`
	ReportError string `yaml:"report_error"`

	Aggregators []Aggregator `yaml:"aggregators"` // of AWS Config
}

// Region is what one account has in one region.
type Region struct {
	Name      string      `yaml:"name"`   // "eu-west-1"
	Status    string      `yaml:"status"` // ENABLED, ENABLED_BY_DEFAULT (empty), DISABLED, ENABLING or DISABLING
	Functions []*Function `yaml:"functions"`
	Recorder  *Recorder   `yaml:"recorder"` // of AWS Config; nil: there is none
}

// Organization is one AWS organisation: a root, its units, its accounts.
type Organization struct {
	ID         string               `yaml:"id"`         // "o-a1b2c3d4e5"
	Root       string               `yaml:"root"`       // "r-ab12"
	Management string               `yaml:"management"` // account id
	Delegated  []string             `yaml:"delegated"`  // accounts that may list it too
	Units      []OrganizationalUnit `yaml:"units"`      // parents before children
	Members    []Member             `yaml:"members"`
}

// OrganizationalUnit is a folder of accounts.
type OrganizationalUnit struct {
	ID     string `yaml:"id"` // "ou-ab12-11111111"
	Name   string `yaml:"name"`
	Parent string `yaml:"parent"` // a unit or the root; empty: the root
}

// Member is an account of an organisation. The account need not be one of the world.
type Member struct {
	Account string `yaml:"account"`
	Name    string `yaml:"name"`
	Parent  string `yaml:"parent"` // a unit or the root; empty: the root
	State   string `yaml:"state"`  // ACTIVE (empty), SUSPENDED, CLOSED, …
}

// Account finds an account by its id; nil when the world has none.
func (w *World) Account(id string) *Account {
	for _, a := range w.Accounts {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// Function finds a function by account, region and name; nil when there is none.
func (w *World) Function(account, region, name string) *Function {
	a := w.Account(account)
	if a == nil {
		return nil
	}
	r := a.Region(region)
	if r == nil {
		return nil
	}
	return r.Function(name)
}

// Region finds a region by name; nil when the account does not know it.
func (a *Account) Region(name string) *Region {
	for _, r := range a.Regions {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// Role finds a role by its ARN; nil when there is none.
func (a *Account) Role(arn string) *Role {
	for _, r := range a.Roles {
		if a.roleARN(r) == arn {
			return r
		}
	}
	return nil
}

func (a *Account) partition() string { return cmp.Or(a.Partition, "aws") }

func (a *Account) enabled(region string) bool {
	r := a.Region(region)
	return r != nil && (r.Status == "" || r.Status == "ENABLED" || r.Status == "ENABLED_BY_DEFAULT")
}

func (w *World) organizationOf(account string) *Organization {
	for _, o := range w.Organizations {
		if o.member(account) != nil {
			return o
		}
	}
	return nil
}

func (o *Organization) member(account string) *Member {
	for i := range o.Members {
		if o.Members[i].Account == account {
			return &o.Members[i]
		}
	}
	return nil
}

func (o *Organization) unit(id string) *OrganizationalUnit {
	for i := range o.Units {
		if o.Units[i].ID == id {
			return &o.Units[i]
		}
	}
	return nil
}

// path is the organisation path of a root, a unit or an account's parent, in the
// form of aws:PrincipalOrgPaths: "o-…/r-…/ou-…/". It ends in a slash.
func (o *Organization) path(id string) string {
	u := o.unit(id)
	if u == nil {
		return o.ID + "/" + o.Root + "/"
	}
	return o.path(u.Parent) + u.ID + "/"
}
