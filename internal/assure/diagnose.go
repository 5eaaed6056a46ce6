package assure

import (
	"context"
	"sync"

	"surety/internal/aws/identity"
	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/profile"
	"surety/internal/resource"
)

// Diagnosis is what a walk would meet, without walking it.
type Diagnosis struct {
	Who           identity.Identity
	Regions       []resource.Region
	RegionsChosen bool
	Organization  profile.Organization
	// OrganizationGap is why the organisation is not known as far as the trust
	// zone needs it; nil when it is.
	OrganizationGap *resource.Gap
	Probed          []collect.Probed // by reader, then by region
}

// politeness is how many partitions are probed at a time.
const politeness = 8

// Diagnose asks who the caller is and tries every kind of read once in every
// region: a handful of calls each.
func (w Walk) Diagnose(ctx context.Context) (Diagnosis, error) {
	who, err := identity.Get(ctx, w.AWS)
	if err == nil {
		err = w.same(who)
	}
	if err != nil {
		return Diagnosis{}, &barrier{facet: facetIdentity, err: err}
	}
	d := Diagnosis{Who: who}
	if d.Regions, d.RegionsChosen, _, err = w.regions(ctx, who); err != nil {
		return Diagnosis{}, &barrier{facet: facetRegions, err: err}
	}
	d.Organization, d.OrganizationGap = w.organization(ctx, who.Account)
	if len(d.Regions) == 0 { // of those chosen, the account has none enabled
		return d, nil
	}
	plan := collect.Plan{Rate: w.Rate, Header: inventory.Header{
		Partition: who.Partition, Account: who.Account, Regions: d.Regions, Facets: w.Facets, Qualifiers: w.Qualifiers,
	}}
	d.Probed = probeAll(ctx, plan, w.Readers(w.AWS))
	return d, nil
}

func probeAll(ctx context.Context, plan collect.Plan, readers []collect.Reader) []collect.Probed {
	type place struct {
		reader collect.Reader
		region resource.Region
	}
	var places []place
	for _, r := range readers {
		regions := plan.Header.Regions
		if r.Global() {
			regions = []resource.Region{""}
		}
		for _, region := range regions {
			places = append(places, place{r, region})
		}
	}
	found := make([]collect.Probed, len(places))
	turn := make(chan struct{}, politeness)
	var all sync.WaitGroup
	for i, p := range places {
		all.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			found[i] = collect.Probe(ctx, plan, p.reader, p.region)
		})
	}
	all.Wait()
	return found
}
