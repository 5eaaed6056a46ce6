package assure_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"surety/internal/assure"
	"surety/internal/aws/role"
	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/profile"
	"surety/internal/report"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/all"
	"surety/services/lambda"
)

const management = "100000000000"

const auditTrust = `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + management + `:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"e-1"}}}]}`

func seventeen() []string {
	return strings.Fields("ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2")
}

func accountNumber(n int) string { return fmt.Sprintf("1%011d", n) }

// company is an organisation of accounts with one audit role each; every account
// has so many functions, spread over its regions.
func company(accounts, functions int, regions []string) *awssim.World {
	w := &awssim.World{}
	o := &awssim.Organization{ID: "o-a1b2c3d4e5", Root: "r-ab12", Management: management,
		Units: []awssim.OrganizationalUnit{{ID: "ou-ab12-11111111", Name: "Workloads"}}}
	for n := range accounts {
		a := &awssim.Account{ID: accountNumber(n), Roles: []*awssim.Role{{Name: "SuretyAudit", Trust: auditTrust}}}
		for _, name := range regions {
			a.Regions = append(a.Regions, &awssim.Region{Name: name})
		}
		for i := range functions {
			r := a.Regions[i%len(regions)]
			f := &awssim.Function{Name: fmt.Sprintf("f%d", i), Configuration: awssim.Configuration{Role: "arn:aws:iam::" + a.ID + ":role/f" + fmt.Sprint(i)}}
			if n%50 == 7 && i == 0 {
				f.Grants = []awssim.Grant{{StatementID: "forgotten", Principal: "999988887777"}}
			}
			r.Functions = append(r.Functions, f)
		}
		w.Accounts = append(w.Accounts, a)
		o.Members = append(o.Members, awssim.Member{Account: a.ID, Name: fmt.Sprintf("account %d", n), Parent: "ou-ab12-11111111"})
	}
	w.Organizations = []*awssim.Organization{o}
	return w
}

func callerIn(sim *awssim.Sim, account string) aws.Config {
	return aws.Config{
		Region: "us-east-1", HTTPClient: sim.Client(), BaseEndpoint: aws.String("http://aws.invalid"),
		Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(account), "secret", ""),
	}
}

// fleet finds the accounts of a simulated organisation.
func fleet(ctx context.Context, sim *awssim.Sim, scope assure.Scope) (assure.Fleet, error) {
	scope.Organization, scope.Role = true, role.Role{Name: "SuretyAudit", ExternalID: "e-1"}
	cfg := callerIn(sim, management)
	d, err := scope.Discover(ctx, cfg)
	config := &profile.Config{}
	rules := all.Rules()
	return assure.Fleet{
		Members: d.Members, Partition: d.Who.Partition, Kinds: all.Kinds(),
		Walk: assure.Walk{
			AWS: cfg, Readers: all.Readers, Config: config, Members: d.Organization, Rules: rules, Facets: config.Facets(rules, lambda.FacetTags),
			ID: "id", Program: "surety test", Qualifiers: collect.AllQualifiers, Rate: collect.DefaultRate,
		},
	}, err
}

// heard is a sink that keeps what the tests ask about.
type heard struct {
	ledger map[string]report.Ledger // by account and region
	twice  []string
	scans  map[resource.Account]int
	ends   int
	checks int
}

func (h *heard) Event(e report.Event) error {
	switch {
	case e.Scan != nil:
		h.scans[e.Scan.Account]++
	case e.Check != nil:
		h.checks++
	case e.Ledger != nil:
		key := string(e.Ledger.Account) + " " + string(e.Ledger.Region)
		if _, ok := h.ledger[key]; ok {
			h.twice = append(h.twice, key)
		}
		h.ledger[key] = *e.Ledger
	case e.End != nil:
		h.ends++
	}
	return nil
}

func (h *heard) Close() error { return nil }

// scan visits a fleet and judges every account, as the command does.
func scan(ctx context.Context, f assure.Fleet, sink report.Sink) (exits map[resource.Account]int, err error) {
	exits = map[resource.Account]int{}
	err = f.Visit(ctx, func(v assure.Visit) error {
		j := assure.Judgement{Source: assure.FromAWS, Rules: f.Walk.Rules, Profile: v.Profile, FailOn: rule.Low, Ledger: v.Ledger}
		exit, err := j.Tell(context.WithoutCancel(ctx), v.Snapshot, sink)
		exits[v.Account] = exit
		return err
	})
	return exits, err
}

func newHeard() *heard {
	return &heard{ledger: map[string]report.Ledger{}, scans: map[resource.Account]int{}}
}

// TestFourHundredAccounts: whatever goes wrong in some accounts, every account
// and region is accounted for, nothing is read twice, and nobody waits for the
// one that hangs.
func TestFourHundredAccounts(t *testing.T) {
	const accounts, functions = 400, 10
	regions := seventeen()
	refusing := []int{11, 12, 13, 14, 15, 16}
	hanging, throttling, losing := accountNumber(21), accountNumber(22), accountNumber(23)
	denied := []string{"ap-south-1", "eu-north-1", "sa-east-1"}
	synctest.Test(t, func(t *testing.T) {
		world := company(accounts, functions, regions)
		for _, n := range refusing {
			world.Accounts[n].Roles = nil
		}
		faults := []awssim.Fault{
			{Kind: awssim.Hang, Account: hanging, Service: "lambda"}, {Kind: awssim.Throttle, Account: throttling, Service: "lambda"},
			{Kind: awssim.ExpiredToken, Account: losing, First: 25},
		}
		for _, r := range denied {
			faults = append(faults, awssim.Fault{Kind: awssim.DeniedBySCP, Service: "lambda", Region: r})
		}
		sim, err := awssim.New(world, awssim.Options{Latency: 30 * time.Millisecond, Quotas: awssim.RealQuotas(1.25), Faults: faults})
		if err != nil {
			t.Fatal(err)
		}
		f, err := fleet(t.Context(), sim, assure.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		began, h := time.Now(), newHeard()
		exits, err := scan(t.Context(), f, h)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 3*time.Minute {
			t.Errorf("the scan took %s by the simulated clock, 3 minutes are the most", took)
		}
		if len(exits) != accounts || len(h.scans) != accounts || h.ends != accounts || len(h.twice) > 0 {
			t.Errorf("%d accounts handed over, %d blocks begun and %d ended, want %d; ledger lines twice: %v", len(exits), len(h.scans), h.ends, accounts, h.twice)
		}
		for n := range accounts {
			id := accountNumber(n)
			whole, barred := h.ledger[id+" "]
			for _, r := range regions {
				line, named := h.ledger[id+" "+r]
				calls := sim.Count(awssim.Calls{Account: id, Region: r, API: "ListFunctions"})
				switch {
				case slices.Contains(refusing, n):
					if named || !barred || whole.State != report.Failed || whole.Code != "AccessDenied" || calls > 0 || exits[resource.Account(id)] != 4 {
						t.Errorf("%s refuses: %+v, exit %d, %d calls", id, whole, exits[resource.Account(id)], calls)
					}
				case !named:
					t.Errorf("%s in %s is missing from the ledger", id, r)
				case id == hanging:
					want(t, line, report.Failed, resource.CodeTimeout)
				case slices.Contains(denied, r) && id != losing && id != throttling:
					want(t, line, report.Failed, "AccessDeniedException")
				case id == throttling:
					want(t, line, report.Failed, "TooManyRequestsException")
				case id == losing:
					if line.State != report.Read && !strings.Contains(line.Code, "ExpiredToken") && !slices.Contains(denied, r) {
						t.Errorf("%s lost its credentials: %+v", id, line)
					}
				default:
					want(t, line, report.Read, "")
					if calls != 1 {
						t.Errorf("the functions of %s in %s were listed %d times", id, r, calls)
					}
				}
			}
		}
		if n := sim.Count(awssim.Calls{Account: losing, API: "ListFunctions"}); n == 0 {
			t.Errorf("%s lost its credentials before anything was read", losing)
		}
		if exits[resource.Account(accountNumber(7))] != 3 || exits[resource.Account(accountNumber(8))] != 4 {
			t.Errorf("exits %d and %d, want 3 where a stranger is let in and 4 where regions were denied", exits[resource.Account(accountNumber(7))], exits[resource.Account(accountNumber(8))])
		}
	})
}

func want(t *testing.T, l report.Ledger, state report.State, code string) {
	t.Helper()
	if l.State != state || l.Code != code || (l.Reason == "") != (state == report.Read) {
		t.Errorf("%s in %s: %s %q (%s), want %s %q", l.Account, l.Region, l.State, l.Code, l.Reason, state, code)
	}
}

// TestInterruptedFleet: what was not begun stands in the ledger too.
func TestInterruptedFleet(t *testing.T) {
	const accounts = 50
	synctest.Test(t, func(t *testing.T) {
		sim, err := awssim.New(company(accounts, 2, []string{"us-east-1"}), awssim.Options{Latency: 30 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		f, err := fleet(t.Context(), sim, assure.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		f.AtOnce = 2
		f.Progress = func(p assure.FleetProgress) {
			if p.Done == 10 {
				cancel()
			}
		}
		h := newHeard()
		exits, err := scan(ctx, f, h)
		if err != nil || len(exits) != accounts || h.ends != accounts {
			t.Fatalf("%d accounts, %d blocks, error %v", len(exits), h.ends, err)
		}
		stopped := 0
		for _, l := range h.ledger {
			if l.Code == resource.CodeInterrupted {
				stopped++
			} else if l.State != report.Read {
				t.Errorf("%+v", l)
			}
		}
		if stopped < accounts-15 {
			t.Errorf("%d lines of the ledger say that the scan was stopped, want most of %d", stopped, accounts)
		}
	})
}

// TestFleetTimeLimit: accounts whose turn never comes are named.
func TestFleetTimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim, err := awssim.New(company(20, 2, []string{"us-east-1"}), awssim.Options{Latency: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		f, err := fleet(t.Context(), sim, assure.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		f.AtOnce, f.Walk.MaxTime = 1, 20*time.Second
		h := newHeard()
		if _, err := scan(t.Context(), f, h); err != nil {
			t.Fatal(err)
		}
		last := h.ledger[accountNumber(19)+" "]
		want(t, last, report.Failed, resource.CodeInterrupted)
		if !strings.Contains(last.Reason, "--max-time") {
			t.Errorf("the reason does not name the limit: %s", last.Reason)
		}
	})
}

// TestBrokenListener ends a scan when its results cannot be written.
func TestBrokenListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim, err := awssim.New(company(40, 1, []string{"us-east-1"}), awssim.Options{Latency: 30 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		f, err := fleet(t.Context(), sim, assure.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		f.AtOnce = 2
		full, heard := errors.New("disk full"), 0
		if err := f.Visit(t.Context(), func(assure.Visit) error { heard++; return full }); !errors.Is(err, full) || heard != 1 {
			t.Errorf("error %v after %d accounts, want %v after 1", err, heard, full)
		}
	})
}
