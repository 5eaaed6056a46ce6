package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"surety/internal/check"
	"surety/internal/resource"
	"surety/internal/rule"
)

// TableOptions say how the table is to look.
type TableOptions struct {
	Color     bool
	All       bool              // list passes too
	Ungrouped bool              // one line per check rather than per cause
	Titles    map[string]string // by rule id; a rule that is not there is shown by its name
}

// listed is how many resources stand under one cause before the rest is
// counted.
const listed = 10

// table gathers one account's events and prints them at their end. It keeps a
// line for every failing or unknown check, and counts for the rest.
type table struct {
	TableOptions
	w     *bufio.Writer
	scan  *Scan
	rows  []row
	tally Tally
	seen  map[resource.Type]int
	gaps  map[gapKey]*gapGroup
	first bool
}

// row is one check under one of its causes.
type row struct {
	status  check.Status
	risk    rule.RiskLevel
	rule    string
	name    string
	cause   string
	detail  string
	account resource.Account
	region  resource.Region
	id      resource.ID
	kind    resource.Type
	message string // kept where it is shown
}

// NewTable returns the sink of the format "table". It writes when an account's
// end event comes, and on Close what was cut off before its end.
func NewTable(w io.Writer, o TableOptions) Sink {
	return &table{TableOptions: o, w: bufio.NewWriter(w), first: true}
}

func (t *table) Event(e Event) error {
	switch {
	case e.Scan != nil:
		t.scan, t.rows, t.tally = e.Scan, nil, Tally{}
		t.seen, t.gaps = map[resource.Type]int{}, map[gapKey]*gapGroup{}
	case t.scan == nil:
		return fmt.Errorf("an event before any scan event")
	case e.Resource != nil:
		t.seen[e.Resource.Type]++
	case e.Check != nil:
		t.check(e.Check)
	case e.Gap != nil:
		t.gap(e.Gap)
	case e.End != nil:
		t.print(e.End)
		t.scan = nil
		return t.w.Flush()
	}
	return nil
}

func (t *table) Close() error {
	if t.scan != nil {
		t.print(nil)
		t.scan = nil
	}
	return t.w.Flush()
}

func (t *table) check(c *check.Check) {
	t.tally.Check(c)
	r := row{
		status: c.Status, risk: c.Risk, rule: c.Rule, name: c.Name,
		account: c.Account, region: c.Region, id: c.Resource, kind: c.Type,
	}
	if t.Ungrouped {
		r.message = c.Message
	}
	switch c.Status {
	case check.Pass:
		if t.All {
			t.rows = append(t.rows, r)
		}
	case check.Unknown:
		t.unknown(r, c)
	case check.Fail:
		if len(c.Causes) == 0 {
			r.cause = c.Message
			t.rows = append(t.rows, r)
		}
		for i, cause := range c.Causes {
			if t.Ungrouped && i > 0 {
				break
			}
			r.cause, r.detail = cause.Text, cause.Detail
			t.rows = append(t.rows, r)
		}
	}
}

// unknown groups by what could not be read and why; where it stood is the
// resource's own.
func (t *table) unknown(r row, c *check.Check) {
	r.cause = "could not read something that the verdict hangs on"
	for i := 0; i < len(c.Gaps); {
		g := c.Gaps[i]
		r.cause, r.detail = fmt.Sprintf("could not read %s (%s)", g.Facet, g.Code), ""
		var qualifiers []string
		for ; i < len(c.Gaps) && c.Gaps[i].Facet == g.Facet && c.Gaps[i].Code == g.Code; i++ {
			if q := c.Gaps[i].Qualifier; q != "" && !slices.Contains(qualifiers, q) {
				qualifiers = append(qualifiers, q)
			}
		}
		if len(qualifiers) > 0 {
			r.detail = "of " + strings.Join(qualifiers, ", ")
		}
		if !t.Ungrouped {
			t.rows = append(t.rows, r)
		}
	}
	if t.Ungrouped || len(c.Gaps) == 0 {
		t.rows = append(t.rows, r)
	}
}

// statusOrder puts what must be mended first.
func statusOrder(s check.Status) int {
	return slices.Index([]check.Status{check.Fail, check.Unknown, check.Pass}, s)
}

// compareRows sorts by status, risk, rule; within a rule by cause when grouped;
// then account, region, resource.
func (t *table) compareRows(a, b row) int {
	byCause := strings.Compare(a.cause, b.cause)
	if t.Ungrouped {
		byCause = 0
	}
	return cmp.Or(
		cmp.Compare(statusOrder(a.status), statusOrder(b.status)), cmp.Compare(b.risk, a.risk), strings.Compare(a.rule, b.rule), byCause,
		cmp.Compare(a.account, b.account), cmp.Compare(a.region, b.region), cmp.Compare(a.id, b.id), strings.Compare(a.detail, b.detail))
}

// print writes the account; end is nil when its events were cut off.
func (t *table) print(end *End) {
	if !t.first {
		fmt.Fprintln(t.w)
	}
	t.first = false
	t.head()
	slices.SortStableFunc(t.rows, t.compareRows)
	for rows := t.rows; len(rows) > 0; {
		n := 1
		for n < len(rows) && rows[n].status == rows[0].status && rows[n].rule == rows[0].rule && rows[n].risk == rows[0].risk {
			n++
		}
		t.section(rows[:n])
		rows = rows[n:]
	}
	t.foot(end)
}

func (t *table) head() {
	s := t.scan
	text := fmt.Sprintf("%s   account %s", s.Program, s.Account)
	if s.Source != "aws" {
		text += "   (" + s.Source + ")"
	}
	t.line(t.paint(bold, cut(Harmless(text), Width)))
}
