package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surety/internal/assure"
	"surety/internal/inventory"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
	"surety/services/all"
	"surety/services/lambda"
)

// scanFlags are the flags of scan.
type scanFlags struct {
	config   configFlags
	read     readFlags
	recorder recorderFlags
	fleet    fleetFlags
	out      outputFlags
	rules    []string
	failOn   string
	baseline string
	from     string
}

func newScan(a *app) *cobra.Command {
	var f scanFlags
	c := &cobra.Command{
		Use:   "scan",
		Short: "Read the account, judge it, print the checks",
		Long: `Scan reads every enabled region of the account, judges what it read by rules,
and prints one line per cause: who outside the trust zone can run which
functions, and which functions share a role. What could not be read is unknown,
never a pass.

It uses half of each AWS quota (--rate), and prints calls and minutes per region
before they are spent. Interrupt it once and it judges what it has; --resume
goes on later.

Exit status: 0 nothing failed; 1 could not do it; 2 wrong usage; 3 checks failed
at or above --fail-on; 4 none of those failed, but something in scope could not
be read.

With --organization, --assume-role or accounts: in surety.yaml it reads many
accounts at once, each within its own quotas, and ends with a ledger of every
account and region: read, skipped or failed, and why.

With --source config the policies of functions are taken from AWS Config, 100 a
call, where it records them and the function has not changed since; each verdict
that rests on one says so, with its time. Everything else is read directly.`,
		Example: `  surety scan                                    # every enabled region
  surety scan --region eu-west-1 --trust 222233334444
  surety scan --format json -o events.jsonl      # for programs, and for later
  surety scan --baseline events.jsonl            # only what is new since then
  surety scan --function arn:aws:lambda:us-east-1:123412341234:function:orders
  surety scan --from account.jsonl.zst           # a snapshot; no AWS
  surety scan --organization --external-id e-1   # every account there is
  surety scan --source config                    # fewer calls, by AWS Config
  surety scan --assume-role Audit --account 111122223333 --account 444455556666`,
		Args: takes(),
		RunE: func(c *cobra.Command, _ []string) error { return a.scan(c, &f) },
	}
	flags := c.Flags()
	f.config.add(flags)
	f.read.add(flags, "judge only this function (`ARN`, repeatable), and read what its rules need")
	f.recorder.add(flags)
	f.fleet.add(flags)
	f.out.add(flags)
	flags.StringArrayVar(&f.rules, "rule", nil, "judge by this rule (`id` or name, repeatable; default: all that are enabled)")
	flags.StringVar(&f.failOn, "fail-on", rule.Low.String(), "exit 3 when a check of this risk `level` or above fails: low, medium, high, very-high, extreme; or never")
	flags.StringVar(&f.baseline, "baseline", "", "events `file` of an earlier scan: report and fail on what is new only")
	flags.StringVar(&f.from, "from", "", "judge the snapshot in this `file`, or all in this folder, which surety collect wrote; no AWS")
	completeFlags(c)
	return c
}

// job is a scan whose flags have all been checked.
type job struct {
	*scanFlags
	reading   reading
	config    *profile.Config
	members   *profile.Organization
	rules     []*rule.Rule
	facets    []resource.Facet // to be read
	scope     *assure.Scope    // of many accounts; nil: the account of the credentials
	judgement assure.Judgement
}

// home is a region of the account's partition, as far as anybody named one: an
// account in China or GovCloud has no other.
func (j job) home() string {
	switch {
	case len(j.reading.regions) > 0:
		return string(j.reading.regions[0])
	case len(j.config.Regions) > 0:
		return string(j.config.Regions[0])
	}
	return firstRegion
}

// prepare checks everything that can be checked without AWS.
func (a *app) prepare(c *cobra.Command, f *scanFlags) (job, error) {
	j := job{scanFlags: f}
	var err error
	if err = f.out.check(); err != nil {
		return j, err
	}
	if j.reading, err = f.read.check(); err != nil {
		return j, err
	}
	if err = f.onlyReading(c); err != nil {
		return j, err
	}
	if err = f.recorder.check(c); err != nil {
		return j, err
	}
	if j.judgement.FailOn, err = failLevel(f.failOn); err != nil {
		return j, err
	}
	if j.config, err = f.config.load(a); err != nil {
		return j, err
	}
	if j.scope, err = f.scope(c, j.config); err != nil {
		return j, err
	}
	if j.members, err = f.config.members(j.config); err != nil {
		return j, err
	}
	if j.rules, err = j.config.Select(all.Rules(), f.rules...); err != nil {
		return j, usagef("--rule: %w", err)
	}
	if len(j.rules) == 0 {
		return j, errors.New("every rule is turned off in the configuration: enable one, or name one with --rule")
	}
	j.facets = j.config.Facets(j.rules, lambda.FacetTags)
	j.judgement.Source = assure.FromAWS
	if f.from != "" {
		j.judgement.Source = assure.FromSnapshot
	}
	j.judgement.Rules, j.judgement.Only, j.judgement.Limits = j.rules, j.reading.only, all.LimitIDs()
	j.judgement.Fresh, err = a.baseline(f.baseline)
	return j, err
}

// onlyReading refuses flags that say how to read where a snapshot was read before.
func (f *scanFlags) onlyReading(c *cobra.Command) error {
	for _, name := range readingFlags {
		if f.from != "" && c.Flags().Changed(name) {
			return usagef("--%s has no meaning with --from: a snapshot is judged as it was read", name)
		}
	}
	return nil
}

func failLevel(text string) (rule.RiskLevel, error) {
	if text == "never" {
		return 0, nil
	}
	level, err := rule.ParseRisk(text)
	if err != nil {
		return 0, usagef("--fail-on: %w, or never", err)
	}
	return level, nil
}

func (a *app) scan(c *cobra.Command, f *scanFlags) error {
	j, err := a.prepare(c, f)
	if err != nil {
		return err
	}
	out, err := a.create(f.out.file)
	if err != nil {
		return err
	}
	defer out.drop()
	if j.scope != nil {
		return a.scanFleet(c.Context(), j, out)
	}
	if info, err := os.Stat(j.from); j.from != "" && err == nil && info.IsDir() {
		if j.reading.only != nil {
			return usagef("--function is for one account: give --from its snapshot in %s", j.from)
		}
		return a.scanFolder(c.Context(), j, out)
	}
	got, err := a.source(c.Context(), j)
	if err != nil {
		return err
	}
	return a.tell(c.Context(), j, got, out)
}

// tell judges a reading and prints what comes of it.
func (a *app) tell(ctx context.Context, j job, got assure.Reading, out *target) error {
	a.warnExpired(got.Profile)
	a.warnAlone(j)
	if err := seen(got.Snapshot, j.reading.only); err != nil {
		return err
	}
	j.judgement.Profile = got.Profile
	sink := j.out.sink(a, out)
	code, err := j.judgement.Tell(ctx, got.Snapshot, sink)
	if err != nil {
		return err
	}
	if err := sink.Close(); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	if err := out.keep(); err != nil {
		return err
	}
	a.stopped(got)
	return exitCode(code)
}

// seen refuses functions that the account does not have. One whose region could
// not be listed is not refused: nobody can say.
func seen(s *inventory.Snapshot, only []resource.ID) error {
	for _, id := range only {
		if !has(s, id) && !unlisted(s, id) {
			return fmt.Errorf("no function %s among those that were read: check name, account and region", id)
		}
	}
	return nil
}

func has(s *inventory.Snapshot, id resource.ID) bool {
	return slices.ContainsFunc(s.Of(lambda.FunctionType), func(r resource.Resource) bool { return r.Ref().ID == id })
}

// unlisted reports whether the list that the function would stand in was not
// read to its end.
func unlisted(s *inventory.Snapshot, id resource.ID) bool {
	return slices.ContainsFunc(s.Gaps(), func(g resource.Gap) bool {
		return g.Facet == lambda.FacetList && (g.Region == "" || strings.Contains(string(id), ":"+string(g.Region)+":"))
	})
}
