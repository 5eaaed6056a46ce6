package assure_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"surety/internal/assure"
	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/services/lambda"
	lambdacollect "surety/services/lambda/collect"
)

const twoRegions = `
organizations:
- {id: o-a1b2c3d4e5, root: r-ab12, management: "111122223333", members: [{account: "111122223333"}, {account: "222233334444", name: sister}]}
accounts:
- id: "111122223333"
  regions: [{name: eu-west-1}, {name: us-east-1}, {name: ap-south-1, status: DISABLED}]
`

// walk is a walk through a world that reads nothing but what comes before.
func walk(t *testing.T, faults ...awssim.Fault) assure.Walk {
	t.Helper()
	world, err := awssim.LoadWorld([]byte(twoRegions))
	if err != nil {
		t.Fatal(err)
	}
	sim, err := awssim.New(world, awssim.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	return assure.Walk{
		AWS: aws.Config{
			Region: "us-east-1", HTTPClient: sim.Client(), BaseEndpoint: aws.String("http://aws.invalid"),
			Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(account), "secret", ""),
		},
		Readers: func(aws.Config) []collect.Reader { return nil }, Config: &profile.Config{}, Rate: collect.Unlimited, ID: "id",
	}
}

// The time limit counts from the beginning, not from when the reading begins: with
// a second for each call, three seconds are over when account, regions and
// organisation are known.
func TestTimeLimitCountsTheBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world, err := awssim.LoadWorld([]byte(twoRegions))
		if err != nil {
			t.Fatal(err)
		}
		sim := collecttest.Simulate(t, world, awssim.Options{Latency: time.Second})
		w := walk(t)
		w.AWS, w.Readers, w.MaxTime = collecttest.Config(sim, account), func(cfg aws.Config) []collect.Reader { return []collect.Reader{lambdacollect.New(cfg)} }, 3*time.Second
		w.Facets = []resource.Facet{lambda.FacetList}
		began := time.Now()
		got, err := w.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("took %s", took)
		}
		if got.Stopped == nil || got.Stopped.Code != resource.CodeInterrupted || !strings.Contains(got.Stopped.Reason, "limit of 3s (--max-time)") {
			t.Errorf("stopped: %+v", got.Stopped)
		}
		if n := len(got.Snapshot.Gaps()); n != 2 {
			t.Errorf("%d gaps, want one for each region", n)
		}
	})
}

func TestRegions(t *testing.T) {
	refused := []awssim.Fault{{Kind: awssim.AccessDenied, API: "ListRegions"}, {Kind: awssim.AccessDenied, API: "DescribeRegions"}}
	for name, c := range map[string]struct {
		flags, config []resource.Region
		faults        []awssim.Fault
		want          []resource.Region
		chosen        bool
		fault         string
	}{
		"enabled":                  {want: []resource.Region{"eu-west-1", "us-east-1"}},
		"by the other call":        {faults: refused[:1], want: []resource.Region{"eu-west-1", "us-east-1"}},
		"by flag, twice":           {flags: []resource.Region{"us-east-1", "us-east-1"}, want: []resource.Region{"us-east-1"}, chosen: true},
		"by configuration":         {config: []resource.Region{"eu-west-1"}, want: []resource.Region{"eu-west-1"}, chosen: true},
		"a flag wins":              {flags: []resource.Region{"us-east-1"}, config: []resource.Region{"eu-west-1"}, want: []resource.Region{"us-east-1"}, chosen: true},
		"not enabled":              {flags: []resource.Region{"ap-south-1"}, fault: `region "ap-south-1" is not enabled`},
		"no such region":           {config: []resource.Region{"xx-nowhere-9"}, fault: `region "xx-nowhere-9" is not enabled`},
		"refused":                  {faults: refused, fault: "--region"},
		"refused, but named":       {faults: refused, flags: []resource.Region{"us-east-1"}, want: []resource.Region{"us-east-1"}, chosen: true},
		"refused, and named early": {faults: refused, config: []resource.Region{"us-east-1"}, want: []resource.Region{"us-east-1"}, chosen: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := walk(t, c.faults...)
			w.Regions, w.Config = c.flags, &profile.Config{Regions: c.config}
			got, err := w.Read(context.Background())
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Errorf("error %v, want one with %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if h := got.Snapshot.Header; !slices.Equal(h.Regions, c.want) || h.RegionsChosen != c.chosen {
				t.Errorf("regions %v, chosen %v; want %v, %v", h.Regions, h.RegionsChosen, c.want, c.chosen)
			}
		})
	}
}

func TestOrganization(t *testing.T) {
	refuse := func(api string) []awssim.Fault {
		return []awssim.Fault{{Kind: awssim.AccessDenied, Service: "organizations", API: api}}
	}
	for name, c := range map[string]struct {
		trust   profile.Trust
		members *profile.Organization
		faults  []awssim.Fault
		sister  bool   // the sister account is trusted
		gap     string // facet
	}{
		"not asked for":               {},
		"not asked for, and refused":  {faults: refuse("DescribeOrganization")},
		"trusted":                     {trust: profile.Trust{Organization: true}, sister: true},
		"trusted, accounts refused":   {trust: profile.Trust{Organization: true}, faults: refuse("ListAccounts"), gap: "organizations:ListAccounts"},
		"another is trusted":          {trust: profile.Trust{Organizations: []profile.Entry{{Value: "o-zzzzzzzzzz", Kind: profile.OrganizationKind}}}, faults: refuse("ListAccounts")},
		"trusted by its id":           {trust: profile.Trust{Organizations: []profile.Entry{{Value: "o-a1b2c3d4e5", Kind: profile.OrganizationKind}}}, sister: true},
		"trusted by its root":         {trust: profile.Trust{Units: []profile.Entry{{Value: "o-a1b2c3d4e5/r-ab12/", Kind: profile.UnitKind}}}, sister: true},
		"trusted, all refused":        {trust: profile.Trust{Organization: true}, faults: refuse(""), gap: "organizations:DescribeOrganization"},
		"trusted, accounts by a file": {trust: profile.Trust{Organization: true}, faults: refuse(""), members: &profile.Organization{Accounts: []profile.OrgAccount{{ID: "222233334444"}}}, sister: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := walk(t, c.faults...)
			w.Config, w.Members = &profile.Config{Trust: c.trust}, c.members
			got, err := w.Read(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			zone, _ := got.Profile.Zone(resource.Ref{})
			if trusted := slices.Contains(zone.Accounts, "222233334444"); trusted != c.sister {
				t.Errorf("sister account trusted: %v", trusted)
			}
			gap := ""
			for _, g := range got.Snapshot.Gaps() {
				gap += string(g.Facet)
			}
			if gap != c.gap {
				t.Errorf("gap %q, want %q", gap, c.gap)
			}
		})
	}
}

func TestWrongCredentials(t *testing.T) {
	w := walk(t, awssim.Fault{Kind: awssim.ExpiredToken})
	if _, err := w.Read(context.Background()); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want one line", err)
	}
}
