package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"surety/internal/report"
)

// TestHelp holds every command to a line, an example, and examples that parse.
func TestHelp(t *testing.T) {
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		t.Run(c.CommandPath(), func(t *testing.T) { checkHelp(t, c) })
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(&app{}))
}

func checkHelp(t *testing.T, c *cobra.Command) {
	if c.Short == "" || c.Example == "" {
		t.Errorf("short text %q, example %q: both are needed", c.Short, c.Example)
	}
	for line := range strings.SplitSeq(c.Long+"\n"+c.UsageString(), "\n") {
		if n := utf8.RuneCountInString(line); n > report.Width {
			t.Errorf("help has a line of %d columns: %s", n, line)
		}
	}
	for _, args := range examples(c.Example) {
		root := newRoot(&app{})
		found, rest, err := root.Find(args)
		if err != nil {
			t.Errorf("example %q: %v", args, err)
			continue
		}
		if err := found.ParseFlags(rest); err != nil {
			t.Errorf("example %q: %v", args, err)
			continue
		}
		if err := found.ValidateArgs(found.Flags().Args()); err != nil {
			t.Errorf("example %q: %v", args, err)
		}
	}
}

// examples cuts the words of every surety command out of an example.
func examples(text string) [][]string {
	var found [][]string
	for _, line := range strings.Split(strings.ReplaceAll(text, "\\\n", ""), "\n") {
		line, _, _ = strings.Cut(line, " #")
		if _, command, piped := strings.Cut(line, "| surety "); piped {
			line = "surety " + command
		}
		line, _, _ = strings.Cut(line, " > ")
		if words := strings.Fields(line); len(words) > 0 && words[0] == "surety" {
			found = append(found, words[1:])
		}
	}
	return found
}
