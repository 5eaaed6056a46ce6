package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"surety/internal/report"
	"surety/services/all"
)

// outputFlags say how results are written, and where.
type outputFlags struct {
	format    string
	file      string
	all       bool
	ungrouped bool
}

func (f *outputFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.format, "format", "table", "`format` of the results: table or json")
	flags.StringVarP(&f.file, "output", "o", "", "write the results to this `file` instead of stdout")
	flags.BoolVar(&f.all, "all", false, "list passing checks too (table)")
	flags.BoolVar(&f.ungrouped, "ungrouped", false, "one line a check, not one a cause (table)")
}

func (f *outputFlags) check() error {
	if f.format != "table" && f.format != "json" {
		return usagef("--format: %q is no format: use table or json", f.format)
	}
	return nil
}

// sink makes the format's sink over w.
func (f *outputFlags) sink(a *app, w io.Writer) report.Sink {
	if f.format == "json" {
		return report.NewJSON(w)
	}
	titles := map[string]string{}
	for _, r := range all.Rules() {
		titles[r.ID] = r.Title
	}
	return report.NewTable(w, report.TableOptions{
		Color: f.file == "" && a.colour(a.TerminalOut), All: f.all, Ungrouped: f.ungrouped, Titles: titles,
	})
}

// target is where a result goes: nothing is seen under its name before it is
// whole.
type target struct {
	io.Writer
	file  *os.File // nil for stdout
	final string   // the name that file gets; "" when it has its name already
}

// create opens the target; name "" or "-" is stdout. It is called before any
// work is done, so that a place that cannot be written is known at once.
func (a *app) create(name string) (*target, error) {
	if name == "" || name == "-" {
		return &target{Writer: a.Stdout}, nil
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, plainPath(err))
		}
		return &target{Writer: f, file: f}, nil
	}
	final := name
	if _, err := os.Lstat(name); err == nil { // behind a link, as /dev/stdout is one: the link stays
		if final, err = filepath.EvalSymlinks(name); err != nil {
			return nil, fmt.Errorf("writing %s: it is a link to what is not there: make that first, or remove the link", name)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(final), "."+filepath.Base(final)+".*")
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, plainPath(err))
	}
	return &target{Writer: f, file: f, final: final}, nil
}

// keep gives the result its name.
func (t *target) keep() error {
	if t.file == nil {
		return nil
	}
	var unsafe error
	if t.final != "" { // the name appears when the disk has what it stands for
		unsafe = t.file.Sync()
	}
	if err := cmp.Or(t.file.Close(), unsafe); err != nil {
		return fmt.Errorf("writing %s: %w", t.file.Name(), plainPath(err))
	}
	if t.final == "" {
		return nil
	}
	if err := os.Rename(t.file.Name(), t.final); err != nil {
		return fmt.Errorf("writing %s: %w", t.final, err)
	}
	t.file, t.final = nil, ""
	return nil
}

// drop removes what was not kept; after keep it does nothing.
func (t *target) drop() {
	if t.file == nil {
		return
	}
	_ = t.file.Close() // it is thrown away
	if t.final != "" {
		_ = os.Remove(t.file.Name()) // a left-over temporary file harms nobody
	}
}
