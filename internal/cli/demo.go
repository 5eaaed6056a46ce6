package cli

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/spf13/cobra"

	"surety/internal/assure"
	"surety/internal/awssim"
	"surety/internal/collect"
	"surety/internal/profile"
	"surety/internal/rule"
	"surety/services/all"
	"surety/services/lambda"
)

// demoConfig is the trust zone of the demo account, as its owner would write it.
//
//go:embed demo.yaml
var demoConfig []byte

const demoNext = `
Next: "surety doctor" says what a scan of your account needs; "surety scan" runs
it. Then "surety trust suggest" lists who is let in; "surety rules" explains.
`

func newDemo(a *app) *cobra.Command {
	var out outputFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "Judge a built-in example account: no AWS, no network",
		Long: `Demo reads an example account of about 30 functions in three regions out of a
simulated AWS inside the program, with the same readers, rules and formats as a
real scan, and prints what a scan would print. It always prints the same, and
always exits 0.`,
		Example: "  surety demo\n  surety demo --all --ungrouped\n  surety demo --format json",
		Args:    takes(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), &out) },
	}
	out.add(c.Flags())
	completeFlags(c)
	return c
}

func (a *app) demo(ctx context.Context, f *outputFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	w, err := demoWalk()
	if err != nil {
		return err
	}
	out, err := a.create(f.file)
	if err != nil {
		return err
	}
	defer out.drop()
	got, err := w.Read(ctx)
	if err != nil {
		return err
	}
	j := assure.Judgement{Source: assure.FromDemo, Rules: w.Rules, Profile: got.Profile, FailOn: rule.Low, Limits: all.LimitIDs(), Now: demoTime}
	sink := f.sink(a, out)
	if _, err := j.Tell(ctx, got.Snapshot, sink); err != nil {
		return err
	}
	if err := sink.Close(); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	if f.format == "table" {
		if _, err := fmt.Fprint(out, demoNext); err != nil {
			return fmt.Errorf("writing the results: %w", err)
		}
	}
	return out.keep()
}

// demoWalk reads the demo account through the SDK, as a scan would, but from a
// server within the process and at a time that stands still.
func demoWalk() (assure.Walk, error) {
	world, err := awssim.Demo()
	if err != nil {
		return assure.Walk{}, err
	}
	clock := demoClock{collect.MachineClock()}
	sim, err := awssim.New(world, awssim.Options{Clock: clock})
	if err != nil {
		return assure.Walk{}, err
	}
	config, err := profile.Parse(demoConfig, all.Rules())
	if err != nil {
		return assure.Walk{}, fmt.Errorf("configuration of the demo: %w", err)
	}
	rules, err := config.Select(all.Rules())
	if err != nil {
		return assure.Walk{}, err
	}
	return assure.Walk{
		AWS: aws.Config{
			Region: firstRegion, HTTPClient: sim.Client(), BaseEndpoint: aws.String("http://demo.invalid"),
			Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(awssim.DemoAccount), "demo", ""),
		},
		Readers: all.Readers, Config: config, Rules: rules, Facets: config.Facets(rules, lambda.FacetTags),
		ID: "demo", Program: program, Qualifiers: collect.AllQualifiers, Rate: collect.Unlimited, Clock: clock,
	}, nil
}

// demoClock says the same time always, so that every run tells the same. What
// waits, waits as long as it would elsewhere: a call that gets no answer.
type demoClock struct{ collect.Clock }

func demoTime() time.Time { return time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC) }

func (demoClock) Now() time.Time { return demoTime() }
