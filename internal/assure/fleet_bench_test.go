package assure_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
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
	"surety/services/all"
	"surety/services/lambda"
)

// childURL is the environment variable that makes this test program scan an
// organisation at that address and print its own peak memory in KiB.
const childURL = "SURETY_BENCH_FLEET"

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		os.Exit(scanChild(context.Background(), url))
	}
	os.Exit(m.Run())
}

func scanChild(ctx context.Context, url string) int {
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(url),
		Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(management), "secret", "")}
	d, err := (assure.Scope{Organization: true, Role: role.Role{Name: "SuretyAudit", ExternalID: "e-1"}}).Discover(ctx, cfg)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	config, rules := &profile.Config{}, all.Rules()
	f := assure.Fleet{Members: d.Members, Partition: "aws", Walk: assure.Walk{
		AWS: cfg, Readers: all.Readers, Config: config, Members: d.Organization, Rules: rules, Facets: config.Facets(rules, lambda.FacetTags),
		ID: "id", Program: "surety bench", Qualifiers: collect.AllQualifiers, Rate: collect.DefaultRate,
	}}
	if _, err := scan(ctx, f, report.NewJSON(io.Discard)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Println(strings.TrimSuffix(strings.TrimSpace(kb), " kB"))
		}
	}
	return 0
}

// BenchmarkOrganization scans 400 accounts in 17 regions with 4,000 functions
// over loopback, at 30 ms a call and under AWS's quotas, in a process of its own;
// one account hangs, six refuse, three regions are denied.
func BenchmarkOrganization(b *testing.B) {
	const accounts, functions = 400, 10
	regions := seventeen()
	for b.Loop() {
		world := company(accounts, functions, regions)
		for n := 11; n < 17; n++ {
			world.Accounts[n].Roles = nil
		}
		faults := []awssim.Fault{{Kind: awssim.Hang, Account: accountNumber(21), Service: "lambda"}}
		for _, r := range []string{"ap-south-1", "eu-north-1", "sa-east-1"} {
			faults = append(faults, awssim.Fault{Kind: awssim.DeniedBySCP, Service: "lambda", Region: r})
		}
		sim, err := awssim.New(world, awssim.Options{Latency: 30 * time.Millisecond, Quotas: awssim.RealQuotas(0), Faults: faults})
		if err != nil {
			b.Fatal(err)
		}
		url, err := sim.Start(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		child := exec.CommandContext(b.Context(), os.Args[0])
		child.Env, child.Stderr = append(os.Environ(), childURL+"="+url), os.Stderr
		out, err := child.Output()
		if err != nil {
			b.Fatal(err)
		}
		kb, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "scan-s")
		b.ReportMetric(kb/1024, "peak-MiB")
		b.ReportMetric(float64(sim.Count(awssim.Calls{})), "calls")
		// Nobody can do with less than one list a region and one policy a function.
		floor := sim.Count(awssim.Calls{API: "ListFunctions"}) + sim.Count(awssim.Calls{API: "GetPolicy"})
		b.ReportMetric(float64(floor), "floor-calls")
	}
}

// invented reads functions that are made up: for worlds too large to simulate.
type invented struct{ functions int }

func (invented) Service() string          { return "lambda" }
func (invented) Global() bool             { return false }
func (invented) Facets() []resource.Facet { return []resource.Facet{lambda.FacetList} }
func (invented) Quotas() []collect.Quota {
	return []collect.Quota{{Bucket: lambda.BucketRemainder, PerSecond: 15}}
}

func (r invented) Walk(ask collect.Ask, out collect.Output) collect.Walk {
	return &inventing{r.functions, ask, out}
}

type inventing struct {
	functions int
	ask       collect.Ask
	out       collect.Output
}

func (w *inventing) Begin() []collect.Call {
	return []collect.Call{{Facet: lambda.FacetList, Bucket: lambda.BucketRemainder}}
}
func (w *inventing) Read(context.Context, collect.Call) (any, error) { return new(string), nil }
func (w *inventing) Blank(collect.Call) any                          { return new(string) }
func (w *inventing) Take(collect.Call, any) ([]collect.Call, error) {
	for i := range w.functions {
		name := fmt.Sprintf("f%d", i)
		id := "arn:aws:lambda:" + string(w.ask.Region) + ":" + string(w.ask.Account) + ":function:" + name
		w.out.Found(&lambda.Function{ARN: id, Name: name, Account: w.ask.Account, Region: w.ask.Region, Policies: []lambda.Policy{
			{Text: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + id + `","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:` + string(w.ask.Account) + `:a1/*"}}}]}`},
		}})
	}
	return nil, nil
}
func (w *inventing) Lost(collect.Call, collect.Fault) []collect.Call { return nil }
func (w *inventing) Later() map[resource.Bucket]int                  { return nil }
func (w *inventing) Seen() int                                       { return w.functions }
func (w *inventing) Finish()                                         {}

// BenchmarkManyAccounts holds memory against the number of accounts: of 100
// functions in each of 4 regions, which are read and not judged. What grows is the
// list of accounts and the simulator's own record of sessions and calls.
func BenchmarkManyAccounts(b *testing.B) {
	for _, accounts := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("%d-accounts", accounts), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(peakOf(b, accounts))/(1<<20), "peak-heap-MiB")
			}
		})
	}
}

func peakOf(b *testing.B, accounts int) uint64 {
	regions := []string{"eu-west-1", "us-east-1", "us-east-2", "us-west-2"}
	sim, err := awssim.New(company(accounts, 0, regions), awssim.Options{})
	if err != nil {
		b.Fatal(err)
	}
	f, err := fleet(b.Context(), sim, assure.Scope{})
	if err != nil {
		b.Fatal(err)
	}
	f.Walk.Readers = func(aws.Config) []collect.Reader { return []collect.Reader{invented{100}} }
	f.Walk.Facets, f.Walk.Rate = []resource.Facet{lambda.FacetList}, collect.Unlimited
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak uint64
	var seen atomic.Int64
	err = f.Visit(b.Context(), func(v assure.Visit) error {
		if n := seen.Add(1); n%50 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc-min(before.HeapAlloc, now.HeapAlloc))
		}
		if n := len(v.Snapshot.Of(lambda.FunctionType)); n != 400 {
			return fmt.Errorf("%d functions of %s", n, v.Account)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return peak
}
