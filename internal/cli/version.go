package cli

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"surety/services/all"
)

// Version is the version of this program.
const Version = "0.1.0"

// program is how events and snapshots name what wrote them.
const program = "surety " + Version

func newVersion(a *app) *cobra.Command {
	var limits bool
	c := &cobra.Command{
		Use: "version", Short: "Version, commit, number of rules", Args: takes(),
		Example: "  surety version\n  surety version --limits    # what this version reads for nobody",
		RunE: func(c *cobra.Command, _ []string) error {
			var b strings.Builder
			b.WriteString(versionLine(a) + "\n")
			if limits {
				for _, l := range all.Limits() {
					hang(&b, fmt.Sprintf("%-20s ", l.ID), l.What)
				}
			}
			fmt.Fprint(a.Stdout, b.String())
			return nil
		},
	}
	c.Flags().BoolVar(&limits, "limits", false, "what this version does not read, for anybody")
	return c
}

func versionLine(a *app) string {
	return fmt.Sprintf("%s, commit %s, %s", program, cmp.Or(a.Version, commit()), count(len(all.Rules()), "rule"))
}

// commit is the revision that the program was built from.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, changed := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	return revision + changed
}
