package collect_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/resource"
	lambdacollect "surety/services/lambda/collect"
)

func fourRegions() []string { return []string{"ap-southeast-2", "eu-west-1", "us-east-1", "us-west-2"} }

func named(regions []string) (out []resource.Region) {
	for _, r := range regions {
		out = append(out, resource.Region(r))
	}
	return out
}

// BenchmarkQuotas reads 100 functions under AWS's quotas with half of each, in
// real time, beside the floor that the quotas set. Larger accounts are scanned
// in simulated time: see TestScanTakesWhatItsQuotasTake.
func BenchmarkQuotas(b *testing.B) {
	region := []string{"us-east-1"}
	for b.Loop() {
		sim := collecttest.Simulate(b, awssim.Generate(awssim.Size{Account: account, Functions: 100, Regions: region}),
			awssim.Options{Latency: 30 * time.Millisecond, Quotas: awssim.RealQuotas(1.25)})
		watch := watchFirst()
		result, err := collect.Run(b.Context(), planFor(audit, named(region)...), readers(sim), watch.observer())
		if err != nil || len(result.Snapshot.Gaps()) > 0 || result.Snapshot.Footer.Throttled > 0 {
			b.Fatalf("error %v, gaps %d, throttles %d", err, len(result.Snapshot.Gaps()), result.Snapshot.Footer.Throttled)
		}
		took, least := time.Since(watch.began), floor(sim, region, 0.5)
		b.ReportMetric(took.Seconds(), "scan-s")
		b.ReportMetric(least.Seconds(), "floor-s")
		b.ReportMetric(100*(float64(took)/float64(least)-1), "%-over-floor")
		b.ReportMetric(watch.open.Seconds(), "first-open-s")
	}
}

// server serves a generated account on loopback.
func server(b *testing.B, functions int, latency time.Duration) (url string, sim *awssim.Sim) {
	b.Helper()
	world := awssim.Generate(awssim.Size{Account: account, Functions: functions})
	sim, err := awssim.New(world, awssim.Options{Latency: latency})
	if err != nil {
		b.Fatal(err)
	}
	url, err = sim.Start(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return url, sim
}

func configAt(url string) aws.Config {
	return aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(url),
		Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(account), "secret", "")}
}

// scanAt reads without quotas what a server serves.
func scanAt(ctx context.Context, cfg aws.Config) (collect.Result, error) {
	plan := planFor(audit, "us-east-1")
	plan.Rate = collect.Unlimited
	result, err := collect.Run(ctx, plan, []collect.Reader{lambdacollect.New(cfg)}, collect.Observer{})
	if err == nil && len(result.Snapshot.Gaps()) > 0 {
		err = fmt.Errorf("gaps: %v", result.Snapshot.Gaps()[0])
	}
	return result, err
}

// recorder keeps the requests that pass through it.
type recorder struct {
	mu       sync.Mutex
	requests []*http.Request
}

func (r *recorder) Do(in *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.requests = append(r.requests, in.Clone(context.WithoutCancel(in.Context())))
	r.mu.Unlock()
	return http.DefaultClient.Do(in)
}

// BenchmarkBesideBareClient reads 2,000 functions from a server that takes 30 ms
// to answer, and then has a bare client make the same requests, as many at a
// time, knowing all of them in advance. The two take turns, and what is told is
// the middle one of the ratios, so that a moment's load of the machine weighs on
// both or on none.
func BenchmarkBesideBareClient(b *testing.B) {
	const functions, atOnce, pairs = 2000, 32, 7
	url, _ := server(b, functions, 30*time.Millisecond)
	kept := &recorder{}
	recording := configAt(url)
	recording.HTTPClient = kept
	if _, err := scanAt(b.Context(), recording); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var ours, bare, ratios []float64
		for range pairs {
			began := time.Now()
			if _, err := scanAt(b.Context(), configAt(url)); err != nil {
				b.Fatal(err)
			}
			ours = append(ours, time.Since(began).Seconds())
			bare = append(bare, replay(b, kept.requests, atOnce).Seconds())
			ratios = append(ratios, ours[len(ours)-1]/bare[len(bare)-1])
		}
		b.ReportMetric(median(ours), "scan-s")
		b.ReportMetric(median(bare), "bare-s")
		b.ReportMetric(100*(median(ratios)-1), "%-over-bare")
		b.ReportMetric(float64(len(kept.requests)), "calls")
	}
}

// median returns the middle one of an odd number of values.
func median(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }

func replay(b *testing.B, requests []*http.Request, atOnce int) time.Duration {
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: atOnce, MaxIdleConnsPerHost: atOnce}}
	next := make(chan *http.Request)
	began := time.Now()
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for r := range next {
				out, err := client.Do(r.Clone(b.Context()))
				if err != nil {
					b.Error(err)
					continue
				}
				_, _ = io.Copy(io.Discard, out.Body) // read, as any client would; what it holds was seen before
				_ = out.Body.Close()
			}
		})
	}
	for _, r := range requests {
		next <- r
	}
	close(next)
	workers.Wait()
	return time.Since(began)
}

// BenchmarkMemory reads 10,000 functions in a process of its own and reports
// its peak resident memory.
func BenchmarkMemory(b *testing.B) {
	url, _ := server(b, 10000, 0)
	for b.Loop() {
		child := exec.CommandContext(b.Context(), os.Args[0])
		child.Env = append(os.Environ(), childURL+"="+url)
		child.Stderr = os.Stderr
		out, err := child.Output()
		if err != nil {
			b.Fatal(err)
		}
		kb, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(kb/1024, "peak-MiB")
	}
}

// childURL is the environment variable that makes this test program scan a
// server and print its own peak memory in KiB.
const childURL = "SURETY_BENCH_SCAN"

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		os.Exit(scanChild(url))
	}
	os.Exit(m.Run())
}

func scanChild(url string) int {
	result, err := scanAt(context.Background(), configAt(url))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	runtime.KeepAlive(result)
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Println(strings.TrimSuffix(strings.TrimSpace(kb), " kB"))
		}
	}
	return 0
}
