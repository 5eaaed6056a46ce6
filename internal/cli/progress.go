package cli

import (
	"fmt"
	"sync"
	"time"

	"surety/internal/assure"
	"surety/internal/check"
	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/resource"
)

// lineEvery is how often progress is told where it cannot redraw its line.
const lineEvery = 15 * time.Second

// progress tells on stderr how a scan goes: one live line on a terminal, plain
// lines now and then elsewhere, nothing when quiet.
type progress struct {
	*app
	mu    sync.Mutex
	shown string                   // the live line that stands on the terminal
	last  time.Time                // when the last plain line was told
	cost  map[resource.Region]bool // regions whose cost was told; true: for sure
	fresh func(*check.Check) bool  // what a baseline does not hold; nil: all
}

func newProgress(a *app, fresh func(*check.Check) bool) *progress {
	return &progress{app: a, last: a.Now(), cost: map[resource.Region]bool{}, fresh: fresh}
}

// watch returns what a walk should call.
func (p *progress) watch() assure.Watch {
	if p.quiet {
		return assure.Watch{}
	}
	w := assure.Watch{Begin: p.begin, Resumed: p.resumed, Estimate: p.estimate, Progress: p.progress}
	if p.live() {
		w.Proven = p.proven
	}
	return w
}

func (p *progress) begin(h inventory.Header) {
	p.line(fmt.Sprintf("reading account %s in %s", h.Account, count(len(h.Regions), "region")))
}

// resumed tells what a scan goes on with: it is dated by its beginning.
func (p *progress) resumed(r collect.Resumed) {
	if r.Answers == 0 {
		p.line("nothing to go on with: no unfinished scan of this account was kept; this one begins anew")
		return
	}
	p.line(fmt.Sprintf("going on with the scan of %s: %s kept", r.Since.UTC().Format("2006-01-02 15:04 UTC"), count(r.Answers, "answer")))
}

// estimate tells the cost of a region before it is spent, and once more when it
// is known for sure. What is only the least has no time: it would be taken for
// the whole.
func (p *progress) estimate(e collect.Estimate) {
	if sure, told := p.cost[e.Region]; e.Resources == 0 || sure || told && !e.Firm {
		return
	}
	p.cost[e.Region] = e.Firm
	place := string(e.Region)
	if place == "" {
		place = "global"
	}
	text := fmt.Sprintf("%s, %s", count(e.Resources, "resource"), count(e.Calls, "call"))
	switch {
	case !e.Firm:
		text = "at least " + text
	case e.Time > 0:
		text += ", about " + roughly(e.Time)
	}
	p.line(place + ": " + text)
}

func (p *progress) progress(g collect.Progress) {
	text := fmt.Sprintf("%d of %s done, %s, %s", g.RegionsDone, count(g.Regions, "part"), count(g.Resources, "resource"), count(g.Calls, "call"))
	if g.Throttled > 0 {
		text += fmt.Sprintf(", %d throttled", g.Throttled)
	}
	if g.Remaining > 0 {
		text += fmt.Sprintf(", %d to go", g.Remaining)
	}
	if g.Left > 0 {
		text += ", about " + roughly(g.Left) + " left"
	}
	p.current(text)
}

// current tells how far it is: in the live line, or, where there is none, in a line
// of its own from time to time.
func (p *progress) current(text string) {
	if p.live() {
		p.redraw(text)
		return
	}
	if now := p.Now(); now.Sub(p.last) >= lineEvery {
		p.last = now
		p.line(text)
	}
}

func (p *progress) proven(c check.Check) { p.fails(c, string(c.Region)) }

// fails tells a failing check, unless the baseline holds it.
func (p *progress) fails(c check.Check, where string) {
	if p.fresh == nil || p.fresh(&c) {
		p.line(fmt.Sprintf("%s %s %s %s: %s", c.Risk, c.Rule, where, lastPart(string(c.Resource)), c.Message))
	}
}

// say tells something that is no progress; nothing when quiet.
func (p *progress) say(text string) {
	if !p.quiet {
		p.line(text)
	}
}

// line prints a line that stays, above the live one.
func (p *progress) line(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	fmt.Fprintln(p.Stderr, oneLine(text))
	if p.shown != "" {
		fmt.Fprint(p.Stderr, p.shown)
	}
}

// redraw replaces the live line.
func (p *progress) redraw(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	if width := p.Width; width > 1 && len(text) >= width {
		text = text[:width-1]
	}
	p.shown = text
	fmt.Fprint(p.Stderr, text)
}

// end takes the live line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	p.shown = ""
}

// wipe clears the live line: carriage return, then erase to the end of line
// (ECMA-48, EL).
func (p *progress) wipe() {
	if p.shown != "" {
		fmt.Fprint(p.Stderr, "\r\x1b[K")
	}
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// roughly writes a time as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return count(max(1, int(d.Round(time.Second)/time.Second)), "second")
	case d < 2*time.Hour:
		return count(int(d.Round(time.Minute)/time.Minute), "minute")
	}
	return count(int(d.Round(time.Hour)/time.Hour), "hour")
}

// lastPart is what stands behind the last colon of an ARN.
func lastPart(arn string) string {
	for i := len(arn) - 1; i >= 0; i-- {
		if arn[i] == ':' {
			return arn[i+1:]
		}
	}
	return arn
}
