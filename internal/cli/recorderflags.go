package cli

import (
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/all"
	"surety/services/lambda"
	lambdacollect "surety/services/lambda/collect"
)

// The values of --source.
const (
	fromServices = "direct"
	fromRecorder = "config"
)

// defaultMaxAge is how old an item of AWS Config may be when nobody says. An item
// is as old as the last change, so a short limit would leave every function that
// rests to the direct read; see docs/decisions/0041.
const defaultMaxAge = 30 * 24 * time.Hour

// recorderFlags say whether AWS Config is asked for what it recorded. The zero
// recorderFlags are those of a command that asks the services alone.
type recorderFlags struct {
	source     string
	maxAge     time.Duration
	aggregator string
}

func (f *recorderFlags) add(flags *pflag.FlagSet) {
	f.addSource(flags)
	flags.DurationVar(&f.maxAge, "max-age", defaultMaxAge, "with --source config: what was recorded longer ago than this `time` is read directly")
}

// addSource adds the flags that decide which calls are made.
func (f *recorderFlags) addSource(flags *pflag.FlagSet) {
	flags.StringVar(&f.source, "source", fromServices, "`where` functions' policies are read: direct, or config (what AWS Config recorded, as far as it can be relied on)")
	flags.StringVar(&f.aggregator, "aggregator", "", "with --source config: ask this configuration aggregator (`name`) of the caller, in the region of the AWS settings, instead of every account")
}

// aggregatorName is what AWS takes for one (AWS Config API reference,
// BatchGetAggregateResourceConfig).
var aggregatorName = regexp.MustCompile(`^[\w-]{1,256}$`)

func (f *recorderFlags) check(c *cobra.Command) error {
	switch f.source {
	case "", fromServices, fromRecorder:
	default:
		return usagef("--source: %q is neither direct nor config", f.source)
	}
	for _, name := range []string{"max-age", "aggregator"} {
		if c.Flags().Changed(name) && f.source != fromRecorder {
			return usagef("--%s is about AWS Config: it needs --source config", name)
		}
	}
	switch {
	case c.Flags().Changed("aggregator") && !aggregatorName.MatchString(f.aggregator):
		return usagef("--aggregator: %q is no name of a configuration aggregator: it has up to 256 letters, digits, - and _", f.aggregator)
	case c.Flags().Changed("max-age") && f.maxAge <= 0:
		return usagef("--max-age: %v leaves nothing to take from AWS Config: give a time such as 24h, or leave out --source config", f.maxAge)
	}
	return nil
}

// limit is how old a recorded fact may be; 0 when none is asked for.
func (f *recorderFlags) limit() time.Duration {
	if f.source != fromRecorder {
		return 0
	}
	return f.maxAge
}

// recorderCall is a call that is made of AWS Config, and what its permission can
// be bounded to (service authorization reference, AWS Config).
type recorderCall struct {
	action   resource.Facet
	resource string
}

// calls are those that a scan with these flags makes.
func (f *recorderFlags) calls() []recorderCall {
	switch {
	case f.source != fromRecorder:
		return nil
	case f.aggregator != "":
		return []recorderCall{{lambda.FacetAggregated, "arn:*:config:*:*:config-aggregator/*"}}
	}
	return []recorderCall{{lambda.FacetRecorded, "*"}}
}

// again is how the flags are typed for the scan that the calls are meant for.
func (f *recorderFlags) again() string {
	switch {
	case f.source != fromRecorder:
		return ""
	case f.aggregator != "":
		return " --source config --aggregator " + f.aggregator
	}
	return " --source config"
}

// readers returns what makes the readers of one account. An aggregator is asked
// with the caller's own settings, whatever account is read.
func (f *recorderFlags) readers(caller aws.Config) func(aws.Config) []collect.Reader {
	if f.aggregator == "" {
		return all.Readers
	}
	through := lambdacollect.NewAggregator(caller, f.aggregator)
	return func(cfg aws.Config) []collect.Reader { return all.ReadersThrough(cfg, through) }
}
