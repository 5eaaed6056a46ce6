package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"surety/internal/inventory"
	"surety/internal/report"
	"surety/internal/resource"
	"surety/services/all"
)

func newCollect(a *app) *cobra.Command {
	var f scanFlags
	var everything bool
	c := &cobra.Command{
		Use:   "collect -o FILE",
		Short: "Read the account into a snapshot, to be judged later and elsewhere",
		Long: `Collect reads what "surety scan" reads and writes it to a file of JSON lines,
packed when its name ends in .zst or .gz. Values of environment variables never
get into it. Judge it with "surety scan --from FILE".

Exit status: 0 done; 1 could not do it; 2 wrong usage; 4 something in scope
could not be read (the file says what).

Of many accounts (--organization and its like) it makes a folder: one snapshot
an account, and ledger.jsonl with one line for each account and region.`,
		Example: "  surety collect -o account.jsonl.zst\n  surety collect --organization -o accounts\n  surety collect -o account.jsonl --all    # also what no enabled rule reads",
		Args:    takes(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.collect(c, &f, everything) },
	}
	flags := c.Flags()
	f.config.addFile(flags)
	f.read.add(flags, "read only what judging this function needs (`ARN`, repeatable)")
	f.recorder.add(flags)
	f.fleet.add(flags)
	flags.StringVarP(&f.out.file, "output", "o", "", "`file` to write; .zst and .gz are packed")
	flags.BoolVar(&everything, "all", false, "read every facet, not only those that enabled rules need")
	f.failOn, f.out.format = "never", "json"
	completeFlags(c)
	return c
}

func (a *app) collect(c *cobra.Command, f *scanFlags, everything bool) error {
	if f.out.file == "" || f.out.file == "-" {
		return usagef("collect: -o FILE is missing: a snapshot is written to a file, such as account.jsonl.zst")
	}
	j, err := a.prepare(c, f)
	if err != nil {
		return err
	}
	if everything {
		j.facets = everyFacet()
	}
	if j.scope != nil {
		return a.snapshots(c.Context(), j)
	}
	out, err := a.create(f.out.file)
	if err != nil {
		return err
	}
	defer out.drop()
	return a.snapshot(c.Context(), j, out)
}

// snapshot reads the account into the file.
func (a *app) snapshot(ctx context.Context, j job, out *target) error {
	got, err := a.fromAWS(ctx, j)
	if err != nil {
		return err
	}
	if err := seen(got.Snapshot, j.reading.only); err != nil {
		return err
	}
	if err := inventory.Pack(out, j.out.file, got.Snapshot); err != nil {
		return fmt.Errorf("writing snapshot %s: %w", j.out.file, plainPath(err))
	}
	if err := out.keep(); err != nil {
		return err
	}
	a.note(fmt.Sprintf("%s holds %s", j.out.file, strings.Join(held(got.Snapshot), ", ")))
	a.noteRecorded(got.Snapshot.Footer.Recorded)
	a.stopped(got)
	if len(got.Snapshot.Gaps()) > 0 {
		return exitCode(exitIncomplete)
	}
	return nil
}

// noteRecorded says what of snapshots came from AWS Config, where it was asked.
func (a *app) noteRecorded(all []inventory.Recorded) {
	if text := report.RecordedText(all); text != "" {
		a.note(text)
	}
}

// held counts what a snapshot holds, by type.
func held(s *inventory.Snapshot) []string {
	var parts []string
	for _, k := range all.Kinds() {
		_, noun, _ := strings.Cut(string(k.Type), ".")
		parts = append(parts, count(len(s.Of(k.Type)), noun))
	}
	return append(parts, count(len(s.Gaps()), "gap"))
}

func everyFacet() []resource.Facet {
	var facets []resource.Facet
	for _, f := range all.Facets() {
		facets = append(facets, f.Facet)
	}
	return facets
}
