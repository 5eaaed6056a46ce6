package cli

import (
	"strings"
	"unicode/utf8"

	"surety/internal/report"
)

// hang writes text in a column of its own behind its name, within the width of
// the reports; further lines stand under the first.
func hang(b *strings.Builder, name, text string) {
	indent := utf8.RuneCountInString(name)
	for i, line := range report.Wrap(text, report.Width-indent) {
		if i > 0 {
			name = strings.Repeat(" ", indent)
		}
		b.WriteString(name + line + "\n")
	}
}
