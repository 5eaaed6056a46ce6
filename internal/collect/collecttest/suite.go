// Package collecttest holds readers to what every reader owes: a read that
// fails leaves a gap that says what, where and why; nothing else changes.
package collecttest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/resource"
)

// Suite is a reader and an account to read.
type Suite struct {
	New     func(aws.Config) collect.Reader
	World   func() *awssim.World // made anew for each case
	Account resource.Account
	Regions []resource.Region
	Facets  []resource.Facet
	APIs    map[string]resource.Facet // every API that the reader calls, and what it fills
	Paged   []string                  // of these, those that answer in pages
	// ID is the resource that a call is about; "" for a list of the region.
	ID func(awssim.Call) resource.ID
}

// Run fails every call that a whole scan makes, each in every way, and looks at
// what is left. Time is simulated.
func Run(t *testing.T, s Suite) {
	calls, clean := s.calls(t)
	for _, c := range calls {
		for _, kind := range Kinds() {
			if kind == awssim.EndlessPage && !slices.Contains(s.Paged, c.API) {
				continue
			}
			t.Run(strings.Join([]string{c.API, c.Region, c.Function, c.Qualifier, string(kind)}, " "), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { s.fail(t, clean, c, kind) })
			})
		}
	}
}

// Kinds are all the ways in which a call can fail.
func Kinds() []awssim.Kind {
	return []awssim.Kind{
		awssim.AccessDenied, awssim.DeniedBySCP, awssim.Throttle, awssim.ServerError, awssim.Hang, awssim.Reset, awssim.HTML,
		awssim.HTMLNotFound, awssim.Truncated, awssim.CutOff, awssim.WrongContent, awssim.Empty, awssim.EndlessPage,
	}
}

// calls are the distinct calls of a scan to which nothing happens, and what the
// scan saw.
func (s Suite) calls(t *testing.T) (calls []awssim.Call, clean *inventory.Snapshot) {
	synctest.Test(t, func(t *testing.T) {
		sim := Simulate(t, s.World(), awssim.Options{Trace: true})
		clean = s.scan(t, sim)
		if len(clean.Gaps()) > 0 {
			t.Fatalf("the account cannot be read whole: %+v", clean.Gaps()[0])
		}
		for _, c := range sim.Trace() {
			c.At, c.Marker, c.Caller = time.Time{}, "", ""
			if !slices.Contains(calls, c) {
				calls = append(calls, c)
			}
		}
	})
	reached := map[string]bool{}
	for _, c := range calls {
		if _, ok := s.APIs[c.API]; !ok {
			t.Fatalf("%s is called and no facet is named for it", c.API)
		}
		reached[c.API] = true
	}
	if len(reached) != len(s.APIs) {
		t.Fatalf("the account does not make the reader call all of %v", s.APIs)
	}
	return calls, clean
}

func (s Suite) scan(t *testing.T, sim *awssim.Sim) *inventory.Snapshot {
	t.Helper()
	plan := collect.Plan{Header: inventory.Header{
		Account: s.Account, Partition: "aws", Regions: s.Regions, Facets: s.Facets,
	}}
	result, err := collect.Run(t.Context(), plan, []collect.Reader{s.New(Config(sim, s.Account))}, collect.Observer{})
	if err != nil {
		t.Fatal(err)
	}
	return result.Snapshot
}

// fail makes one call fail for good.
func (s Suite) fail(t *testing.T, clean *inventory.Snapshot, c awssim.Call, kind awssim.Kind) {
	fault := awssim.Fault{Kind: kind, Region: c.Region, Service: c.Service, API: c.API, Function: c.Function, Qualifier: c.Qualifier}
	if fault.Qualifier == "" && c.Function != "" {
		fault.Qualifier = awssim.Unqualified
	}
	got := s.scan(t, Simulate(t, s.World(), awssim.Options{Faults: []awssim.Fault{fault}}))
	id := s.ID(c)
	struck := func(g resource.Gap) bool {
		return g.Resource == id && g.Facet == s.APIs[c.API] && g.Qualifier == c.Qualifier && string(g.Region) == c.Region && g.Account == s.Account
	}
	i := slices.IndexFunc(got.Gaps(), struck)
	if i < 0 {
		t.Fatalf("no gap of %s on %q; there are %+v", s.APIs[c.API], id, got.Gaps())
	}
	if why := wrong(kind, got.Gaps()[i]); why != "" {
		t.Errorf("%s: %+v", why, got.Gaps()[i])
	}
	for _, g := range got.Gaps() {
		if g.Resource != id || string(g.Region) != c.Region {
			t.Errorf("a gap elsewhere: %+v", g)
		}
	}
	s.compare(t, clean, got, id, c.Region)
}

// compare looks at all that the failed call has nothing to do with.
func (s Suite) compare(t *testing.T, clean, got *inventory.Snapshot, id resource.ID, region string) {
	for _, kind := range clean.Types() {
		seen := map[resource.ID]resource.Resource{}
		for _, r := range got.Of(kind) {
			seen[r.Ref().ID] = r
		}
		for _, want := range clean.Of(kind) {
			ref := want.Ref()
			switch {
			case id == "" && string(ref.Region) == region: // its list is lost
			case seen[ref.ID] == nil:
				t.Errorf("%s is gone", ref.ID)
			case ref.ID != id:
				if d := cmp.Diff(want, seen[ref.ID], fingerprints()); d != "" {
					t.Errorf("%s changed:\n%s", ref.ID, d)
				}
			}
		}
	}
}

// fingerprints differ from scan to scan by design.
func fingerprints() cmp.Option {
	return cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Fingerprint" }, cmp.Ignore())
}

// wrong says what a gap should have said of a fault; "" when it said it.
func wrong(kind awssim.Kind, g resource.Gap) string {
	codes := map[awssim.Kind][]string{
		awssim.AccessDenied: {"AccessDeniedException", "AccessDenied"},
		awssim.DeniedBySCP:  {"AccessDeniedException", "AccessDenied"},
		awssim.Throttle:     {"TooManyRequestsException", "Throttling"},
		awssim.ServerError:  {"ServiceException", "ServiceFailure"},
		awssim.Hang:         {resource.CodeTimeout},
		awssim.Reset:        {resource.CodeUnreachable},
		awssim.CutOff:       {resource.CodeMalformed, resource.CodeUnreachable},
	}[kind]
	if codes == nil {
		codes = []string{resource.CodeMalformed}
	}
	switch {
	case !slices.Contains(codes, g.Code):
		return fmt.Sprintf("the code should be one of %v", codes)
	case g.Reason == "" || strings.ContainsAny(g.Reason, "\n\r\t") || strings.Contains(g.Reason, "RequestID"):
		return "the reason should be one short line"
	case kind == awssim.DeniedBySCP && !strings.Contains(g.Reason, "regions:"):
		return "the reason should say how to take the region out of scope"
	}
	return ""
}
