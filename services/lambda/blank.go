package lambda

import (
	"maps"

	"surety/internal/resource"
)

// fills tells which fields of a function each facet fills, by emptying them as
// they are when the read was refused.
func fills() map[resource.Facet]func(*Function) {
	return map[resource.Facet]func(*Function){
		FacetList:    func(f *Function) { f.Versions, f.MasterARN = nil, "" },
		FacetAliases: func(f *Function) { f.Aliases = nil },
		FacetPolicy:  func(f *Function) { f.Policies = nil },
		FacetURL:     func(f *Function) { f.URLs = nil },
		FacetTags:    func(f *Function) { f.Tags = nil },
	}
}

// Blank returns a function as it would be had one facet not been read. Its name
// and ARN stay; a facet of another type changes nothing.
func Blank(f *Function, facet resource.Facet) *Function {
	blank := *f
	blank.Tags = maps.Clone(f.Tags)
	if empty, found := fills()[facet]; found {
		empty(&blank)
	}
	return &blank
}
