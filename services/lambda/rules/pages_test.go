package rules

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestRules holds every rule to what users and other programs rely on.
func TestRules(t *testing.T) {
	last := ""
	for _, r := range All() {
		t.Run(r.ID, func(t *testing.T) {
			if r.ID <= last {
				t.Errorf("listed after %s", last)
			}
			last = r.ID
			if r.Name == "" || r.Title == "" || strings.HasSuffix(r.Title, ".") || r.Risk.String() == "" || r.Category == "" || r.Type == "" || len(r.Reads) == 0 {
				t.Errorf("a part is missing: %+v", r)
			}
			for _, heading := range []string{"## Why", "## How to audit", "### Console", "### AWS commands", "## How to mend", "## When it may be wrong", "## References"} {
				if !strings.Contains(r.Page, heading+"\n") {
					t.Errorf("the page lacks %q", heading)
				}
			}
			for line := range strings.Lines(r.Page) {
				if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 80 {
					t.Errorf("the page has a long line: %s", line)
				}
			}
		})
	}
}
