// Package inventory holds what one scan saw of one account: its resources, its
// gaps, and the file that keeps both.
package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"surety/internal/resource"
)

// Schema is the version of the snapshot file.
const Schema = 1

// Header says what a snapshot was taken of, and what was asked for. It is the
// first line of the file.
type Header struct {
	Schema        int               `json:"schema"`
	ID            string            `json:"id"` // of the scan, unique
	Started       time.Time         `json:"started"`
	Program       string            `json:"program"` // "surety 0.1.0"
	Partition     string            `json:"partition"`
	Account       resource.Account  `json:"account"`
	Organization  string            `json:"organization,omitempty"` // o-…; "" when it has none or is not known
	Regions       []resource.Region `json:"regions"`                // asked for, sorted
	RegionsChosen bool              `json:"regions_chosen"`         // by flag or configuration
	Qualifiers    string            `json:"qualifiers"`             // all, aliases or function
	Facets        []resource.Facet  `json:"facets"`                 // asked for, sorted
}

// Footer is the last line of the file. A file without it was cut off.
type Footer struct {
	Finished    time.Time `json:"finished"`
	Interrupted bool      `json:"interrupted"`
	Calls       int       `json:"calls"`     // requests sent to AWS, retries included
	Throttled   int       `json:"throttled"` // of these, answered with a throttle

	Recorded []Recorded `json:"recorded,omitempty"` // by region and facet; nil where AWS Config was not asked
}

// Recorded says how much of one facet of a region is as AWS Config recorded it.
// The facts themselves say so too, with their time.
type Recorded struct {
	Region resource.Region `json:"region"`
	Facet  resource.Facet  `json:"facet"`  // that a direct read would have filled
	Taken  int             `json:"taken"`  // places taken from Config
	Direct int             `json:"direct"` // places left to the direct read
	Code   string          `json:"code"`   // why Config was not asked any further; "" when it was
	Reason string          `json:"reason"` // one line; "" without a code
}

// The codes of a [Recorded] that are not AWS's.
const (
	CodeNotRecorded = "NotRecorded" // Config holds none of what it was asked for
	CodeNotCarried  = "NotCarried"  // what it holds lacks this facet
)

// Snapshot is every resource that one scan of one account saw. Fill it with Add
// and AddGap, then Seal it; after that it is read-only and safe for many
// readers.
type Snapshot struct {
	Header Header
	Footer Footer

	byType map[resource.Type][]resource.Resource
	gaps   []resource.Gap
}

// New returns an empty snapshot.
func New(h Header) *Snapshot {
	return &Snapshot{Header: h, byType: map[resource.Type][]resource.Resource{}}
}

// Add puts a resource in. It is not safe for concurrent use.
func (s *Snapshot) Add(r resource.Resource) {
	t := r.Ref().Type
	s.byType[t] = append(s.byType[t], r)
}

// AddGap puts a gap in. It is not safe for concurrent use.
func (s *Snapshot) AddGap(g resource.Gap) { s.gaps = append(s.gaps, g) }

// Seal sorts resources by id and gaps by place.
func (s *Snapshot) Seal() {
	for _, rs := range s.byType {
		slices.SortFunc(rs, func(a, b resource.Resource) int {
			return strings.Compare(string(a.Ref().ID), string(b.Ref().ID))
		})
	}
	slices.SortFunc(s.gaps, compareGaps)
	slices.SortFunc(s.Footer.Recorded, func(a, b Recorded) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Facet, b.Facet))
	})
}

// Of returns all resources of a type, by id. The caller does not change them.
func (s *Snapshot) Of(t resource.Type) []resource.Resource { return s.byType[t] }

// Types returns the types of which there are resources, sorted.
func (s *Snapshot) Types() []resource.Type { return slices.Sorted(maps.Keys(s.byType)) }

// Gaps returns all gaps: account, region, resource, facet, qualifier in order.
func (s *Snapshot) Gaps() []resource.Gap { return s.gaps }

// Asked reports whether the snapshot was taken with facet f.
func (s *Snapshot) Asked(f resource.Facet) bool { return slices.Contains(s.Header.Facets, f) }

func compareGaps(a, b resource.Gap) int {
	for _, c := range []int{
		strings.Compare(string(a.Account), string(b.Account)),
		strings.Compare(string(a.Region), string(b.Region)),
		strings.Compare(string(a.Resource), string(b.Resource)),
		strings.Compare(string(a.Facet), string(b.Facet)),
		strings.Compare(a.Qualifier, b.Qualifier),
		strings.Compare(a.Code, b.Code),
	} {
		if c != 0 {
			return c
		}
	}
	return strings.Compare(a.Reason, b.Reason)
}
