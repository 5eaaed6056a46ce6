package assure_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

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

// A benchmark scans in a process of its own, this test program started anew, so
// that the simulator's memory is not counted. These variables tell it what to do.
const (
	childURL  = "SURETY_BENCH_FLEET" // the address of the simulator
	childTask = "SURETY_BENCH_TASK"
)

// What a child may be told to do.
const (
	scanAll      = "scan" // all accounts, judged and reported
	readInvented = "read" // all accounts, with invented functions, not judged
)

// used is what a child needed, in bytes.
type used struct {
	Resident, Heap float64 // at most; the heap only where it was measured
}

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		if err := child(context.Background(), url, os.Getenv(childTask)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// inChild does a task against sim and returns what it took.
func inChild(b *testing.B, sim *awssim.Sim, task string) used {
	b.Helper()
	url, err := sim.Start(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	child := exec.CommandContext(b.Context(), os.Args[0])
	child.Env, child.Stderr = append(os.Environ(), childURL+"="+url, childTask+"="+task), os.Stderr
	out, err := child.Output()
	if err != nil {
		b.Fatal(err)
	}
	var got used
	if err := json.Unmarshal(out, &got); err != nil {
		b.Fatal(err)
	}
	return got
}

func child(ctx context.Context, url, task string) error {
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(url),
		Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(management), "secret", "")}
	d, err := (assure.Scope{Organization: true, Role: role.Role{Name: "SuretyAudit", ExternalID: "e-1"}}).Discover(ctx, cfg)
	if err != nil {
		return err
	}
	config, rules := &profile.Config{}, all.Rules()
	f := assure.Fleet{Members: d.Members, Partition: "aws", Walk: assure.Walk{
		AWS: cfg, Readers: all.Readers, Config: config, Members: d.Organization, Rules: rules, Facets: config.Facets(rules, lambda.FacetTags),
		ID: "id", Program: "surety bench", Qualifiers: collect.AllQualifiers, Rate: collect.DefaultRate,
	}}
	var got used
	if task == readInvented {
		got.Heap, err = liveWhile(ctx, f)
	} else {
		_, err = scan(ctx, f, report.NewJSON(io.Discard))
	}
	if err != nil {
		return err
	}
	if got.Resident, err = peakResident(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(got)
}

// liveWhile reads invented functions, and returns the most that lived on the heap.
func liveWhile(ctx context.Context, f assure.Fleet) (float64, error) {
	f.Walk.Readers = func(aws.Config) []collect.Reader { return []collect.Reader{invented{100}} }
	f.Walk.Facets, f.Walk.Rate = []resource.Facet{lambda.FacetList}, collect.Unlimited
	visits, peak := 0, uint64(0)
	err := f.Visit(ctx, func(v assure.Visit) error {
		if visits++; visits%50 == 0 {
			var now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
		if n := len(v.Snapshot.Of(lambda.FunctionType)); n != 400 {
			return fmt.Errorf("%d functions of %s", n, v.Account)
		}
		return nil
	})
	return float64(peak), err
}

// peakResident is the most memory that this process had, by proc(5).
func peakResident() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 64)
			return n * 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/self/status tells no VmHWM")
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
