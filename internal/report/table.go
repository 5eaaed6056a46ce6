package report

import "io"

// TableOptions say how the table is to look.
type TableOptions struct {
	Color     bool
	All       bool              // list passes too
	Ungrouped bool              // one line per check rather than per cause
	Titles    map[string]string // by rule id; a rule that is not there is shown by its name
}

// NewTable returns the sink of the format "table". It writes when an account's
// end event comes, and on Close what was cut off before its end.
func NewTable(w io.Writer, o TableOptions) Sink { return nil }
