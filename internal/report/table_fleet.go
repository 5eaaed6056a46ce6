package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// fleet is what the table keeps of a scan of many accounts: sums, ranks and what
// was not read.
type fleet struct {
	tally    Tally
	na       int // rules that did not apply
	calls    int
	limits   []string
	recorded []inventory.Recorded // of all
	accounts map[State]int        // by the state of their worst region
	regions  map[State]int
	places   map[placeKey]*places
	cutOff   bool
}

// placeKey is what lines of the ledger are told together by.
type placeKey struct {
	state   State
	code    string
	regions string // of one account, joined; "" is the account as a whole
}

type places struct {
	accounts []string
	reason   string // of the first
}

// member is one account while its events come.
type member struct {
	name  string
	lines []Ledger // those that were not read whole
	worst State
}

// stateOrder is from good to bad.
func stateOrder(s State) int { return slices.Index([]State{Skipped, Read, Partly, Failed}, s) }

func (t *table) ledger(l *Ledger) {
	if t.fleet == nil {
		t.fleet = &fleet{accounts: map[State]int{}, regions: map[State]int{}, places: map[placeKey]*places{}}
	}
	if t.member == nil {
		t.member = &member{name: string(l.Account), worst: l.State}
		if known := strings.Join(slices.DeleteFunc([]string{l.Name, unitText(l.Unit)}, func(s string) bool { return s == "" }), ", "); known != "" {
			t.member.name += " (" + known + ")"
		}
	}
	t.fleet.regions[l.State]++
	if stateOrder(l.State) > stateOrder(t.member.worst) {
		t.member.worst = l.State
	}
	if l.State != Read {
		t.member.lines = append(t.member.lines, *l)
	}
}

func unitText(unit string) string {
	if unit == "" {
		return ""
	}
	return "unit " + unit
}

// endMember adds an account to the sums. End is nil when its events were cut off.
func (t *table) endMember(end *End) {
	f := t.fleet
	f.accounts[t.member.worst]++
	f.tally.Counts.Pass += t.tally.Counts.Pass
	f.tally.Counts.Fail += t.tally.Counts.Fail
	f.tally.Counts.Unknown += t.tally.Counts.Unknown
	if end != nil {
		f.na += end.Counts.NotApplicable
		f.calls += end.Calls
		f.limits = end.Limits
		f.recorded = append(f.recorded, end.Recorded...)
	}
	f.cutOff = f.cutOff || end == nil
	if r := t.ranks.accounts[string(t.scan.Account)]; r != nil {
		r.what = "account " + t.member.name
	}
	type cause struct {
		state State
		code  string
	}
	regions, reasons := map[cause][]string{}, map[cause]string{}
	for _, l := range t.member.lines {
		at := cause{l.State, l.Code}
		where := string(l.Region)
		if where == "" && len(t.member.lines) > 1 {
			where = "global"
		}
		regions[at] = append(regions[at], where)
		reasons[at] = cmp.Or(reasons[at], l.Reason)
	}
	for at, names := range regions {
		key := placeKey{at.state, at.code, strings.Join(names, ", ")}
		if f.places[key] == nil {
			f.places[key] = &places{reason: reasons[at]}
		}
		f.places[key].accounts = append(f.places[key].accounts, t.member.name)
	}
}

// summary prints what all accounts come to.
func (t *table) summary() {
	f := t.fleet
	if !t.first {
		t.line("")
	}
	n := f.tally.Counts
	total := f.accounts[Read] + f.accounts[Partly] + f.accounts[Failed]
	t.line(t.paint(bold, fmt.Sprintf("All accounts: %d failed, %d unknown, %d passed, %d not applicable", n.Fail, n.Unknown, n.Pass, f.na)))
	t.paragraph(fmt.Sprintf("%s in scope: %d read whole, %d partly, %d with places that were not seen; %d left out; %d calls.",
		plural(total, "account"), f.accounts[Read], f.accounts[Partly], f.accounts[Failed], f.accounts[Skipped], f.calls))
	t.paragraph(RecordedText(f.recorded))
	t.ranking("Accounts with most failing checks", t.ranks.accounts, "check", false)
	t.ranking("Roles shared by most functions", t.ranks.roles, "function", false)
	t.ranking("Strangers who reach most functions", t.ranks.strangers, "function", true)
	t.ledgerSection()
	if f.cutOff {
		t.paragraph("The events were cut off before their end: what stands here is true, but not all.")
	}
	if len(f.limits) > 0 {
		t.paragraph("Not read by this version, for anybody: " + strings.Join(f.limits, ", ") + ".")
	}
}

// ranked is how many lines a ranking shows.
const ranked = 10

func (t *table) ranking(title string, in map[string]*rank, noun string, spread bool) {
	if len(in) == 0 {
		return
	}
	t.line("")
	t.line(t.paint(bold, title))
	all := first(in)
	for _, r := range all[:min(len(all), ranked)] {
		right := plural(r.checks, noun)
		if spread {
			right += " in " + plural(len(r.accounts), "account")
		}
		t.two("  "+r.what, right, func(s string) string { return s })
	}
	if more := len(all) - ranked; more > 0 {
		t.line(t.paint(dim, fmt.Sprintf("  and %d more", more)))
	}
}

// ledgerSection names every place that was not read whole, those that failed
// first.
func (t *table) ledgerSection() {
	f := t.fleet
	t.line("")
	t.line(t.paint(bold, "Ledger") + fmt.Sprintf("  account x region: %d read, %d partly, %d failed, %d skipped",
		f.regions[Read], f.regions[Partly], f.regions[Failed], f.regions[Skipped]))
	keys := slices.SortedFunc(maps.Keys(f.places), func(a, b placeKey) int {
		return cmp.Or(cmp.Compare(ledgerOrder(a.state), ledgerOrder(b.state)), cmp.Compare(a.code, b.code), cmp.Compare(a.regions, b.regions))
	})
	for _, key := range keys {
		p := f.places[key]
		slices.Sort(p.accounts)
		where := key.regions
		if where == "" {
			where = "the whole account"
		}
		t.hanging(fmt.Sprintf("%s %s: %s: %s", strings.ToUpper(string(key.state)), where, key.code, p.reason), 2)
		t.hanging(strings.Join(p.accounts, ", "), 6)
	}
	t.line("")
}

// ledgerOrder puts what was not seen first.
func ledgerOrder(s State) int { return slices.Index([]State{Failed, Partly, Skipped}, s) }

// hanging prints a paragraph that is set in from the left.
func (t *table) hanging(s string, by int) {
	for i, line := range Wrap(Harmless(s), Width-by-2) {
		indent := by
		if i > 0 {
			indent += 2
		}
		t.line(strings.Repeat(" ", indent) + line)
	}
}

func plural(n int, noun string) string { return count(n, resource.Type("."+noun)) }
