package profile

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"surety/internal/resource"
	"surety/policy/prove"
)

// Organization is what AWS Organizations said of the owner's organisation. The
// zero Organization is none, or one that could not be read.
type Organization struct {
	ID       string // o-…
	Accounts []OrgAccount
	Units    map[string]string // names of organisational units by id ("ou-…"), as far as they are known
}

// OrgAccount is one member account.
type OrgAccount struct {
	ID    resource.Account
	Name  string
	Paths []string // of its parents, "o-…/r-…/ou-…/"; nil where units were not read
}

// Profile is a configuration made ready for judging. It does not change, and is
// safe for concurrent use.
type Profile struct {
	Expired []Entry // entries whose last day has passed: they do not count

	rules        map[string]RuleConfig
	organization string
	names        map[resource.Account]string
	paths        map[resource.Account][]string // of the organisation's accounts
	units        map[string]string             // names by id
	always       prove.Zone                    // of the entries that hold everywhere
	narrowed     []narrowed
	zones        sync.Map // of prove.Zone, by key: a zone may name thousands of accounts
}

// narrowed is an entry that holds for some resources only, as the zone that it
// adds.
type narrowed struct {
	For
	adds prove.Zone
}

// Resolve prepares a configuration for one scan: what org is and what the clock
// says are settled here, once.
func (c *Config) Resolve(org Organization, now time.Time) *Profile {
	p := &Profile{rules: c.Rules, organization: org.ID, names: map[resource.Account]string{}, paths: map[resource.Account][]string{}, units: org.Units}
	for _, a := range org.Accounts {
		p.paths[a.ID] = a.Paths
		if a.Name != "" {
			p.names[a.ID] = a.Name
		}
	}
	for _, a := range c.Accounts {
		if a.Name != "" {
			p.names[a.ID] = a.Name
		}
	}
	if c.Trust.Organization {
		addOrganization(&p.always, org)
	}
	for _, e := range c.Trust.Entries() {
		if !e.Until.IsZero() && !now.Before(e.Until.AddDate(0, 0, 1)) {
			p.Expired = append(p.Expired, e)
			continue
		}
		if e.Kind == AccountKind && e.Name != "" {
			p.names[resource.Account(e.Value)] = e.Name
		}
		if e.For.Empty() {
			addEntry(&p.always, e, org)
			continue
		}
		n := narrowed{For: e.For}
		addEntry(&n.adds, e, org)
		p.narrowed = append(p.narrowed, n)
	}
	once(&p.always)
	p.always = p.always.Prepare()
	return p
}

// addOrganization trusts an organisation and, since the ARN of a caller does
// not tell its organisation, every account that is known to belong to it.
func addOrganization(z *prove.Zone, org Organization) {
	if org.ID != "" {
		z.Organizations = append(z.Organizations, org.ID)
	}
	for _, a := range org.Accounts {
		z.Accounts = append(z.Accounts, string(a.ID))
	}
}

func addEntry(z *prove.Zone, e Entry, org Organization) {
	switch e.Kind {
	case AccountKind:
		z.Accounts = append(z.Accounts, e.Value)
	case OrganizationKind:
		z.Organizations = append(z.Organizations, e.Value)
		if e.Value == org.ID {
			addOrganization(z, org)
		}
	case UnitKind:
		z.Units = append(z.Units, e.Value)
		for _, a := range org.Accounts {
			if below(a.Paths, e.Value) {
				z.Accounts = append(z.Accounts, string(a.ID))
			}
		}
	case PrincipalKind:
		z.Principals = append(z.Principals, e.Value)
	case ServiceKind:
		z.Services = append(z.Services, e.Value)
	case CIDRKind:
		z.Networks.CIDRs = append(z.Networks.CIDRs, e.Value)
	case VPCKind:
		z.Networks.VPCs = append(z.Networks.VPCs, e.Value)
	case EndpointKind:
		z.Networks.Endpoints = append(z.Networks.Endpoints, e.Value)
	}
}

// below reports whether one of the paths leads into a unit or one below it.
func below(paths []string, unit string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(path, unit) })
}

// once takes out of the lists of a zone what is in them for a second time.
func once(z *prove.Zone) {
	for _, list := range []*[]string{
		&z.Accounts, &z.Organizations, &z.Units, &z.Principals, &z.Services, &z.Networks.CIDRs, &z.Networks.VPCs, &z.Networks.Endpoints,
	} {
		known := make(map[string]bool, len(*list))
		*list = slices.DeleteFunc(*list, func(s string) bool {
			before := known[s]
			known[s] = true
			return before
		})
	}
}

// Zone returns the trust zone of one resource, prepared. Zones with the same key
// are equal. A tag or a unit that was not read matches no entry: trust that was not
// seen is not given.
func (p *Profile) Zone(r resource.Ref) (zone prove.Zone, key string) {
	if len(p.narrowed) == 0 {
		return p.always, ""
	}
	var k []byte
	var hold []int
	for i, n := range p.narrowed {
		if n.holds(r, p.paths[r.Account]) {
			hold = append(hold, i)
			k = append(strconv.AppendInt(k, int64(i), 36), ' ')
		}
	}
	key = string(k)
	if made, ok := p.zones.Load(key); ok {
		return made.(prove.Zone), key
	}
	zone = p.always
	for _, i := range hold {
		zone = join(zone, p.narrowed[i].adds)
	}
	zone = zone.Prepare()
	p.zones.Store(key, zone)
	return zone, key
}

func (f *For) holds(r resource.Ref, paths []string) bool {
	if f.Unit != "" && !below(paths, f.Unit) {
		return false
	}
	if f.Function != "" && !f.pattern.Match(string(r.ID)) {
		return false
	}
	if f.Account != "" && f.Account != r.Account {
		return false
	}
	if f.TagKey != "" {
		value, found := r.Tags[f.TagKey]
		return found && (f.TagValue == "" || f.TagValue == value)
	}
	return true
}

// join returns the union without touching either zone.
func join(a, b prove.Zone) prove.Zone {
	return prove.Zone{
		Accounts:      slices.Concat(a.Accounts, b.Accounts),
		Organizations: slices.Concat(a.Organizations, b.Organizations),
		Units:         slices.Concat(a.Units, b.Units),
		Principals:    slices.Concat(a.Principals, b.Principals),
		Services:      slices.Concat(a.Services, b.Services),
		Networks: prove.Networks{
			CIDRs:     slices.Concat(a.Networks.CIDRs, b.Networks.CIDRs),
			VPCs:      slices.Concat(a.Networks.VPCs, b.Networks.VPCs),
			Endpoints: slices.Concat(a.Networks.Endpoints, b.Networks.Endpoints),
		},
	}
}

// Organization is the owner's organisation; "" when it has none or is not known.
func (p *Profile) Organization() string { return p.organization }

// AccountName is what the trust zone or the organisation calls an account; ""
// when neither does.
func (p *Profile) AccountName(a resource.Account) string { return p.names[a] }

// AccountUnit says in which unit the owner's organisation keeps an account: the
// names of the units from the root down, "Workloads/Dev", or their ids where
// the names are not known; "root" where it is in none, and "" for an account
// that is not a member, or whose unit is not known.
func (p *Profile) AccountUnit(a resource.Account) string {
	paths := p.paths[a]
	if len(paths) == 0 {
		return ""
	}
	var names []string
	for _, id := range strings.Split(paths[0], "/") {
		if strings.HasPrefix(id, "ou-") {
			names = append(names, cmp.Or(p.units[id], id))
		}
	}
	return cmp.Or(strings.Join(names, "/"), "root")
}

// Settings returns the settings of a rule; nil when there are none.
func (p *Profile) Settings(ruleID string) json.RawMessage { return p.rules[ruleID].Settings }
