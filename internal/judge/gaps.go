package judge

import (
	"slices"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// gaps finds gaps by what they are about.
type gaps struct {
	header     inventory.Header
	byResource map[resource.ID][]resource.Gap
	byRegion   map[resource.Region][]resource.Gap // "" holds those of the account
	byFacet    map[resource.Facet][]resource.Gap
}

func indexGaps(s *inventory.Snapshot) gaps {
	g := gaps{
		header:     s.Header,
		byResource: map[resource.ID][]resource.Gap{},
		byRegion:   map[resource.Region][]resource.Gap{},
		byFacet:    map[resource.Facet][]resource.Gap{},
	}
	for _, gap := range s.Gaps() {
		if gap.Resource != "" {
			g.byResource[gap.Resource] = append(g.byResource[gap.Resource], gap)
		} else {
			g.byRegion[gap.Region] = append(g.byRegion[gap.Region], gap)
		}
		g.byFacet[gap.Facet] = append(g.byFacet[gap.Facet], gap)
	}
	return g
}

// of returns the gaps in one facet of one resource, the widest first.
func (g *gaps) of(r resource.Ref, f resource.Facet) []resource.Gap {
	found := g.notAsked(f)
	lists := [][]resource.Gap{g.byRegion[""], nil, g.byResource[r.ID]}
	if r.Region != "" {
		lists[1] = g.byRegion[r.Region]
	}
	for _, list := range lists {
		for _, gap := range list {
			if gap.Facet == f {
				found = append(found, gap)
			}
		}
	}
	return found
}

// anywhere returns every gap in a facet, of whatever resource and region.
func (g *gaps) anywhere(f resource.Facet) []resource.Gap {
	return slices.Concat(g.notAsked(f), g.byFacet[f])
}

// notAsked makes the gap of a facet that the snapshot was not taken with.
func (g *gaps) notAsked(f resource.Facet) []resource.Gap {
	if slices.Contains(g.header.Facets, f) {
		return nil
	}
	return []resource.Gap{{
		Account: g.header.Account, Facet: f, Code: resource.CodeNotCollected,
		Reason: "the snapshot was taken without it: collect again with the rule enabled, or with --all",
	}}
}
