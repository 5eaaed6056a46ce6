package assure

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"surety/internal/aws/role"
	"surety/internal/collect"
	"surety/internal/resource"
)

// The reads that must succeed before anything of an account can be read.
const (
	facetIdentity resource.Facet = "sts:GetCallerIdentity"
	facetRegions  resource.Facet = "account:ListRegions"
)

// FacetEntry is the read of an account that could not be entered: the role that
// was to be assumed.
const FacetEntry = role.Facet

// barrier is why an account could not be entered, and the read that told.
type barrier struct {
	facet resource.Facet
	code  string // where the error is our own; "" takes it from the error
	err   error
}

func (b *barrier) Error() string { return b.err.Error() }
func (b *barrier) Unwrap() error { return b.err }

// gap is the barrier as the gap that stands for the whole account. An error that
// is not AWS's says itself what is wrong.
func (b *barrier) gap(ctx context.Context, a resource.Account) resource.Gap {
	g := resource.Gap{Account: a, Facet: b.facet}
	if ctx.Err() != nil {
		g.Code, g.Reason = resource.CodeInterrupted, "the scan was stopped before the account was entered"
		return g
	}
	fault := collect.Classify(b.err)
	if b.code != "" || fault.Code == collect.CodeFailed {
		// What no service said is told whole, not only its innermost part.
		fault = collect.Classify(errors.New(b.err.Error()))
	}
	g.Code, g.Reason = cmp.Or(b.code, fault.Code), fault.Reason
	return g
}

// bars reports whether a gap stands for a whole account: every verdict hangs on
// it.
func bars(g resource.Gap) bool {
	return g.Resource == "" && g.Region == "" && slices.Contains([]resource.Facet{role.Facet, facetIdentity, facetRegions}, g.Facet)
}
