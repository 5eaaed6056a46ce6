package assure_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"surety/internal/assure"
	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/profile"
	"surety/internal/resource"
)

// pages is a reader of a list of a given number of pages with ten resources
// each, every one of which takes one more call.
type pages int

const listed, detailed resource.Facet = "test:List", "test:Get"

func (pages) Service() string                                 { return "test" }
func (pages) Global() bool                                    { return false }
func (pages) Facets() []resource.Facet                        { return []resource.Facet{listed, detailed} }
func (pages) Quotas() []collect.Quota                         { return []collect.Quota{{Bucket: "test", PerSecond: 10}} }
func (n pages) Walk(collect.Ask, collect.Output) collect.Walk { return &pageWalk{total: int(n)} }

type pageWalk struct{ total, read int }

func (w *pageWalk) Begin() []collect.Call { return []collect.Call{{Facet: listed, Bucket: "test"}} }

func (w *pageWalk) Read(context.Context, collect.Call) (any, error) { return new(int), nil }
func (w *pageWalk) Blank(collect.Call) any                          { return new(int) }
func (w *pageWalk) Lost(collect.Call, collect.Fault) []collect.Call { return nil }
func (w *pageWalk) Later() map[resource.Bucket]int                  { return nil }
func (w *pageWalk) Seen() int                                       { return 10 * w.read }
func (w *pageWalk) Finish()                                         {}

func (w *pageWalk) Take(c collect.Call, _ any) ([]collect.Call, error) {
	if c.Facet != listed {
		return nil, nil
	}
	w.read++
	var calls []collect.Call
	for range 10 {
		calls = append(calls, collect.Call{Facet: detailed, Bucket: "test", Resource: "r"})
	}
	if w.read < w.total {
		calls = append(calls, collect.Call{Facet: listed, Bucket: "test", Page: "next"})
	}
	return calls, nil
}

func TestDiagnose(t *testing.T) {
	for _, c := range []struct {
		pages, resources, calls int
		more                    bool
	}{{1, 10, 11, false}, {5, 50, 55, false}, {6, 50, 56, true}, {100, 50, 56, true}} {
		w := walk(t)
		w.Readers = func(aws.Config) []collect.Reader { return []collect.Reader{pages(c.pages)} }
		w.Rate = 0.5
		d, err := w.Diagnose(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Probed) != 2 { // two regions
			t.Fatalf("%d probes, want 2", len(d.Probed))
		}
		p := d.Probed[0]
		if p.Resources != c.resources || p.Calls != c.calls || p.More != c.more || len(p.Trials) != 2 {
			t.Errorf("%d pages: %+v, want %d resources, %d calls, more %v", c.pages, p, c.resources, c.calls, c.more)
		}
		if want := float64(c.calls) / 5; p.Time.Seconds() != want {
			t.Errorf("%d pages: %v, want %v seconds", c.pages, p.Time, want)
		}
	}
}

func TestDiagnoseCannotBegin(t *testing.T) {
	world, err := awssim.LoadWorld([]byte(twoRegions))
	if err != nil {
		t.Fatal(err)
	}
	sim, err := awssim.New(world, awssim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := assure.Walk{Config: &profile.Config{}, AWS: aws.Config{
		Region: "us-east-1", HTTPClient: sim.Client(), BaseEndpoint: aws.String("http://aws.invalid"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIANOBODY", "secret", ""),
	}}
	if _, err := w.Diagnose(context.Background()); err == nil {
		t.Error("somebody unknown was told who he is")
	}
}
