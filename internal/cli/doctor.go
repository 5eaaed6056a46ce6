package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surety/internal/assure"
	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/all"
)

func newDoctor(a *app) *cobra.Command {
	var f scanFlags
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Who am I, what is missing for a scan, what will it cost",
		Long: `Doctor asks AWS who the credentials belong to, which regions are enabled and,
when the trust zone needs it, who is in the organisation. Then it tries every
kind of read that a scan begins with once in every region, which takes a handful
of calls each, and says what is refused, what was not tried, and what a scan
will cost in calls and minutes. With --organization and its like it does so for
every account: who can be reached, who cannot, and why.

Exit status: 0 a scan can see everything; 1 it cannot even begin; 2 wrong usage;
4 something would not be seen.`,
		Example: "  surety doctor\n  surety doctor --organization --external-id e-1    # every account\n  surety doctor --region eu-west-1 --config surety.yaml",
		Args:    takes(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.doctor(c, &f) },
	}
	flags := c.Flags()
	f.config.add(flags)
	f.fleet.add(flags)
	f.read.qualifiers, f.failOn, f.out.format = collect.AllQualifiers, "never", "table"
	flags.StringArrayVar(&f.read.regions, "region", nil, "look at this `region` (repeatable; default: every region enabled for the account)")
	flags.StringVar(&f.read.rate, "rate", collect.DefaultRate.String(), "`share` of each AWS quota that the scan will use")
	completeFlags(c)
	return c
}

func (a *app) doctor(c *cobra.Command, f *scanFlags) error {
	j, err := a.prepare(c, f)
	if err != nil {
		return err
	}
	if j.scope != nil {
		return a.doctorFleet(c.Context(), j)
	}
	cfg, err := a.awsConfig(c.Context(), j.home())
	if err != nil {
		return err
	}
	d, err := a.walk(j, cfg).Diagnose(c.Context())
	if err != nil {
		return err
	}
	text, missing := findings(d, j)
	if _, err := io.WriteString(a.Stdout, text); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	if missing {
		return exitCode(exitIncomplete)
	}
	return nil
}

// findings writes a diagnosis for people; missing tells that a scan would not
// see everything.
func findings(d assure.Diagnosis, j job) (text string, missing bool) {
	var b strings.Builder
	hang(&b, "account       ", string(d.Who.Account)+", as "+oneLine(d.Who.ARN))
	how := "enabled"
	if d.RegionsChosen {
		how = "chosen"
	}
	fmt.Fprintf(&b, "regions       %d %s\n", len(d.Regions), how)
	hang(&b, "organisation  ", organisation(d, j))
	b.WriteString("\npermissions\n")
	missing = writeTrials(&b, d.Probed) || d.OrganizationGap != nil
	writeUntried(&b, d.Probed, j.facets)
	b.WriteString("\ncost of a scan\n")
	writeCost(&b, d.Probed, j.reading.rate)
	if missing {
		b.WriteString("\nWhat is refused above will be unknown, never a pass. The policy to attach to\nthis identity: surety permissions audit\n")
	}
	return b.String(), missing
}

func organisation(d assure.Diagnosis, j job) string {
	switch g := d.OrganizationGap; {
	case g != nil:
		return fmt.Sprintf("%s refused: %s; the trust zone needs it: ask for the right, or name org_accounts", g.Facet, oneLine(g.Reason))
	case d.Organization.ID == "":
		return "none, or not to be told"
	case j.members != nil:
		return d.Organization.ID + ", its accounts taken from org_accounts"
	case len(d.Organization.Accounts) > 0:
		return fmt.Sprintf("%s, %s", d.Organization.ID, count(len(d.Organization.Accounts), "account"))
	}
	return d.Organization.ID + ", whose accounts the trust zone does not ask for"
}

// writeTrials writes one line for each facet and each answer to it.
func writeTrials(b *strings.Builder, probed []collect.Probed) (missing bool) {
	type answer struct{ facet, code string }
	var order []answer
	regions, reasons := map[answer][]string{}, map[answer]string{}
	for _, p := range probed {
		for _, t := range p.Trials {
			at := answer{facet: string(t.Facet)}
			if t.Fault != nil {
				at.code = t.Fault.Code
			}
			if regions[at] == nil {
				order = append(order, at)
			}
			regions[at] = append(regions[at], placeName(p))
			if t.Fault != nil && reasons[at] == "" {
				reasons[at] = t.Fault.Reason
			}
		}
	}
	for _, at := range order {
		if at.code == "" {
			hang(b, fmt.Sprintf("  ok       %-38s ", at.facet), places(regions[at]))
			continue
		}
		missing = true
		hang(b, fmt.Sprintf("  MISSING  %-38s ", at.facet), places(regions[at]))
		hang(b, "           ", at.code+": "+oneLine(reasons[at]))
	}
	return missing
}

// writeUntried names the facets that a scan may read and that nothing in the
// first look called for, so that none is silently left out.
func writeUntried(b *strings.Builder, probed []collect.Probed, wanted []resource.Facet) {
	for _, f := range all.Facets() {
		tried := slices.ContainsFunc(probed, func(p collect.Probed) bool {
			return slices.ContainsFunc(p.Trials, func(t collect.Trial) bool { return t.Facet == f.Facet })
		})
		if tried || !slices.Contains(wanted, f.Facet) {
			continue
		}
		why := f.When
		if why == "" {
			why = "nothing that was seen calls for it"
		}
		hang(b, fmt.Sprintf("  ?        %-38s ", f.Facet), "not tried: "+why)
	}
}

func placeName(p collect.Probed) string {
	if p.Region == "" {
		return "global"
	}
	return string(p.Region)
}

// places names a few places and counts many.
func places(names []string) string {
	const most = 3
	if len(names) > most {
		return count(len(names), "region")
	}
	return strings.Join(names, ", ")
}

// writeCost writes the cost of each region that holds something, and of all. The
// regions are read side by side, so a scan takes as long as the longest. A cost
// that is only the least has no time: it would be taken for the whole.
func writeCost(b *strings.Builder, probed []collect.Probed, rate collect.Rate) {
	sum := collect.Probed{}
	for _, p := range probed {
		sum.Resources += p.Resources
		sum.Calls += p.Calls
		sum.Time = max(sum.Time, p.Time)
		sum.More = sum.More || p.More
		if p.Resources > 0 {
			fmt.Fprintf(b, "  %-20s %s\n", placeName(p), costOf(p))
		}
	}
	fmt.Fprintf(b, "  %-20s %s (rate %s)\n", "in all", costOf(sum), rate)
}

func costOf(p collect.Probed) string {
	text := fmt.Sprintf("%s, %s", count(p.Resources, "resource"), count(p.Calls, "call"))
	switch {
	case p.More:
		return "at least " + text
	case p.Time > 0:
		text += ", about " + roughly(p.Time)
	}
	return text
}
