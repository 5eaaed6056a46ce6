package judge

import (
	"encoding/json"
	"sync"
	"time"

	"surety/internal/check"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/policy/prove"
)

// view is what rules see of a case.
type view struct {
	Case
	gaps   gaps
	joined map[string][]check.Gap // by rule: gaps in what it joins, the same for every resource; often none
	once   sync.Map               // of *shared, by key
}

type shared struct {
	sync.Once
	value any
}

func newView(c Case) *view {
	if c.Profile == nil {
		c.Profile = new(profile.Config).Resolve(profile.Organization{}, c.Now)
	}
	v := &view{Case: c, gaps: indexGaps(c.Snapshot), joined: map[string][]check.Gap{}}
	for _, r := range c.Rules {
		v.joined[r.ID] = v.gaps.joined(r)
	}
	return v
}

var _ rule.View = (*view)(nil)

func (v *view) Now() time.Time                         { return v.Case.Now }
func (v *view) Of(t resource.Type) []resource.Resource { return v.Snapshot.Of(t) }
func (v *view) Qualifiers() string                     { return v.Snapshot.Header.Qualifiers }
func (v *view) AccountName(a resource.Account) string  { return v.Profile.AccountName(a) }
func (v *view) AccountUnit(a resource.Account) string  { return v.Profile.AccountUnit(a) }
func (v *view) Settings(id string) json.RawMessage     { return v.Profile.Settings(id) }
func (v *view) Regions() ([]resource.Region, bool) {
	return v.Snapshot.Header.Regions, v.Snapshot.Header.RegionsChosen
}

func (v *view) TrustZone(r resource.Ref) (prove.Zone, string, string) {
	zone, key := v.Profile.Zone(r)
	organization := v.Profile.Organization()
	if organization == "" {
		organization = v.Snapshot.Header.Organization
	}
	return zone, key, organization
}

func (v *view) GapsOf(r resource.Ref, f resource.Facet) []resource.Gap { return v.gaps.of(r, f) }

func (v *view) Once(key string, make func() any) any {
	found, made := v.once.Load(key)
	if !made {
		found, _ = v.once.LoadOrStore(key, new(shared))
	}
	s := found.(*shared)
	s.Do(func() { s.value = make() })
	return s.value
}
