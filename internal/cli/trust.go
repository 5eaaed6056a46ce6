package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surety/internal/assure"
	"surety/internal/inventory"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/policy"
	"surety/services/lambda"
)

func newTrust(a *app) *cobra.Command {
	c := group(&cobra.Command{
		Use: "trust", Short: "The trust zone: whose access is expected",
		Example: "  surety trust suggest -o surety.yaml",
	})
	var f scanFlags
	suggest := &cobra.Command{
		Use:   "suggest",
		Short: "Write a first surety.yaml from whom the policies let in",
		Long: `Suggest reads the policies of every function and lists each foreign account,
role, organisation and service source that they name, how many functions each
reaches, and its name where the organisation knows it. What it writes is a
surety.yaml to review: delete whom you do not expect, give the others an owner
and a reason.

Exit status: 0 done; 1 could not do it; 2 wrong usage; 4 some policies could not
be read, so somebody may be missing.`,
		Example: "  surety trust suggest                   # to look at\n  surety trust suggest --organization    # over every account\n  surety trust suggest -o surety.yaml    # to edit; never overwrites a file",
		Args:    takes(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.suggest(c, &f) },
	}
	f.failOn, f.out.format = "never", "json"
	f.read.add(suggest.Flags(), "list only whom the policies of this function name (`ARN`, repeatable)")
	f.fleet.add(suggest.Flags())
	suggest.Flags().StringVarP(&f.out.file, "output", "o", "", "write to this new `file` instead of stdout")
	suggest.Flags().StringVar(&f.from, "from", "", "take the policies from the snapshot in this `file`; no AWS")
	completeFlags(suggest)
	c.AddCommand(suggest)
	return c
}

func (a *app) suggest(c *cobra.Command, f *scanFlags) error {
	if f.out.file != "" && f.out.file != "-" {
		if _, err := os.Lstat(f.out.file); err == nil {
			return fmt.Errorf("%s exists and is not overwritten: name another file with -o, and merge by hand", f.out.file)
		}
	}
	j, err := a.prepareBare(c, f)
	if err != nil {
		return err
	}
	out, err := a.create(f.out.file)
	if err != nil {
		return err
	}
	defer out.drop()
	s, err := a.suggested(c.Context(), j)
	if err != nil {
		return err
	}
	if _, err := out.Write(s.yaml()); err != nil {
		return fmt.Errorf("writing the suggestion: %w", err)
	}
	if err := out.keep(); err != nil {
		return err
	}
	if s.unread > 0 {
		a.note(fmt.Sprintf("%s could not be read: somebody may be missing from the list", count(s.unread, "place")))
		return exitCode(exitIncomplete)
	}
	return nil
}

// prepareBare checks the flags of a command that reads functions' policies and
// judges nothing, so no configuration is read.
func (a *app) prepareBare(c *cobra.Command, f *scanFlags) (job, error) {
	j := job{scanFlags: f, config: &profile.Config{Trust: profile.Trust{Organization: true}}}
	var err error
	if j.reading, err = f.read.check(); err != nil {
		return j, err
	}
	if err = f.onlyReading(c); err != nil {
		return j, err
	}
	if j.scope, err = f.scope(c, j.config); err != nil {
		return j, err
	}
	j.facets = []resource.Facet{lambda.FacetAliases, lambda.FacetPolicy, lambda.FacetList}
	slices.Sort(j.facets)
	return j, nil
}

// suggested reads one account, or all of a fleet, and collects whom they name.
func (a *app) suggested(ctx context.Context, j job) (*suggested, error) {
	s := &suggested{reaches: map[party]map[string]bool{}}
	if info, err := os.Stat(j.from); j.from != "" && err == nil && info.IsDir() {
		return nil, usagef("--from: %s is a folder: give the snapshot of one account in it", j.from)
	}
	if j.scope == nil {
		got, err := a.source(ctx, j)
		if err != nil {
			return nil, err
		}
		if err := seen(got.Snapshot, j.reading.only); err != nil {
			return nil, err
		}
		s.only = j.reading.only
		s.add(got.Snapshot, got.Profile)
		a.stopped(got)
		return s, nil
	}
	s.many = true
	_, err := a.visit(ctx, j, func(v assure.Visit) (bool, error) {
		s.add(v.Snapshot, v.Profile)
		return false, nil
	})
	return s, err
}

// suggested is what the policies of an account, or of many, name.
type suggested struct {
	header  inventory.Header // of the last account
	many    bool
	profile *profile.Profile
	reaches map[party]map[string]bool // the functions that each may reach
	unread  int
	only    []resource.ID // functions; nil: all
}

// add collects everybody whom the policies of a snapshot name.
func (s *suggested) add(from *inventory.Snapshot, p *profile.Profile) {
	s.header, s.profile = from.Header, p
	for _, g := range from.Gaps() {
		service, _, _ := strings.Cut(string(g.Facet), ":")
		if service == "lambda" || service == "sts" || service == "account" { // the last two bar a whole account
			s.unread++
		}
	}
	for _, r := range from.Of(lambda.FunctionType) {
		f := r.(*lambda.Function)
		if s.only != nil && !slices.Contains(s.only, r.Ref().ID) {
			continue
		}
		for _, text := range f.Policies {
			doc, _, err := policy.ParseStored(text.Text)
			if err != nil {
				s.unread++
				continue
			}
			for _, who := range strangers(doc, string(f.Account)) {
				s.reach(who, f)
			}
		}
	}
}

func (s *suggested) reach(who party, f *lambda.Function) {
	if s.reaches[who] == nil {
		s.reaches[who] = map[string]bool{}
	}
	where := f.Name + " in " + string(f.Region)
	if s.many {
		where += " of " + string(f.Account)
	}
	s.reaches[who][where] = true
}
