package prove

import (
	"fmt"
	"slices"

	"surety/policy"
)

// Verdict is the prover's answer.
type Verdict string

// The verdicts. A document that is no policy never reaches the prover: its
// answer is ERROR, given by whoever parsed it.
const (
	Pass      Verdict = "PASS"      // proven: no request of the space is allowed and untrusted
	Fail      Verdict = "FAIL"      // Witness is such a request
	Undecided Verdict = "UNDECIDED" // a counted bound was reached; Why says which
)

// Answer is the prover's answer for one document.
type Answer struct {
	Verdict   Verdict
	Why       string          // one sentence
	Statement int             // FAIL: index of the Allow statement that lets the witness in
	Sid       string          // of that statement
	Witness   *policy.Request // FAIL only
	Notes     []string        // what was read with caution, and dead principals, in document order
}

// Outside decides whether any untrusted request of the space is allowed. A
// question that is not well put (see [Question.Check]) is UNDECIDED.
func Outside(doc *policy.Document, q Question) Answer {
	p, err := newProof(q, doc, nil)
	if err != nil {
		return Answer{Verdict: Undecided, Why: err.Error()}
	}
	return p.outside()
}

func (p *proof) outside() Answer {
	if a, ok := p.answer(Fail, p.grants(p.doors(), true)); ok {
		return a
	}
	return Answer{Verdict: Pass, Why: p.why(), Notes: p.notes()}
}

// answer tells of the plainest of the ways that were found, as found says; false
// when there is none.
func (p *proof) answer(found Verdict, grants []Grant) (Answer, bool) {
	g, verdict := plainest(grants), found
	switch {
	case len(grants) == 0:
		return Answer{}, false
	case g == nil:
		g, verdict = &grants[0], Undecided
	default:
		g = p.bare(g)
	}
	return Answer{Verdict: verdict, Why: g.Why, Statement: g.Statement, Sid: g.Sid, Witness: g.Witness, Notes: p.notes()}, true
}

// plainest returns the grant whose witness carries the fewest keys, the first of
// several; nil when none has a witness. A key that one statement needs may be
// one too many where another statement lets the same caller in.
func plainest(grants []Grant) *Grant {
	var best *Grant
	for i := range grants {
		if g := &grants[i]; g.Witness != nil && (best == nil || len(g.Witness.Context) < len(best.Witness.Context)) {
			best = g
		}
	}
	return best
}

// Grants returns every way in for the untrusted: one grant for each entry of the
// Principal element of each Allow statement that lets some untrusted request in,
// in document order. None means that the document is proven closed.
func Grants(doc *policy.Document, q Question) []Grant {
	p, err := newProof(q, doc, nil)
	if err != nil {
		return []Grant{{Kind: KindUndecided, Why: err.Error()}}
	}
	return p.grants(p.doors(), false)
}

// grants asks every door. With first it stops at the first that is open.
func (p *proof) grants(doors []door, first bool) []Grant {
	p.closed = make([]reason, len(p.doc.Statements))
	found := make([]*Grant, len(doors))
	pending := make([]int, len(doors))
	for i := range doors {
		pending[i] = i
	}
	if len(doors) > 0 {
		p.scenarios(doors, func(s scenario) bool {
			pending = p.ask(s, doors, pending, found)
			return len(pending) > 0 && !(first && anyOpen(found)) && !p.budget.exhausted()
		})
	}
	if p.budget.exhausted() { // what was not asked is not known
		for _, at := range pending {
			if found[at] == nil {
				d := doors[at]
				found[at] = &Grant{Statement: d.statement, Sid: p.doc.Statements[d.statement].Sid, Principal: d.principal,
					Kind: KindUndecided, Why: "undecided: " + p.budget.reason}
			}
		}
	}
	var grants []Grant
	for _, g := range found {
		if g != nil {
			grants = append(grants, *g)
		}
	}
	return grants
}

func anyOpen(found []*Grant) bool {
	for _, g := range found {
		if g != nil && g.Witness != nil {
			return true
		}
	}
	return false
}

// ask asks the doors that are still shut whether a caller of one scenario gets
// in, and returns those that stay shut.
func (p *proof) ask(s scenario, doors []door, pending []int, found []*Grant) []int {
	var open []door
	for _, at := range pending {
		d := doors[at]
		d.index = at
		if p.could(s, d) && p.doc.Statements[d.statement].Actions.MatchAction(s.action) && (d.hit == nil || d.hit.Actions.MatchAction(s.action)) {
			open = append(open, d)
		}
	}
	for some := range slices.Chunk(open, maxDoors) {
		pending = p.askSome(s, some, pending, found)
	}
	return pending
}

// askSome asks a few doors together, of those that a caller of the scenario could
// come to, and returns which of all stay shut.
func (p *proof) askSome(s scenario, open []door, pending []int, found []*Grant) []int {
	if p.shutBefore(s, open) {
		return pending
	}
	b := p.lay(s, open)
	if !b.anyAlive() {
		p.rememberShut(s, open)
		return pending
	}
	p.group(b)
	for i, c := range b.clusters {
		p.fillCluster(b, c)
		if p.budget.reason == "" && c.closes(b) {
			b.clusters = b.clusters[i : i+1] // it alone keeps every door shut
			break
		}
	}
	shut := pending[:0:0]
	for _, at := range pending {
		row := b.row(at)
		if row < 0 {
			shut = append(shut, at)
			continue
		}
		g := p.decide(b, row)
		if g != nil && (found[at] == nil || g.Witness != nil) {
			found[at] = g
		}
		if g == nil || g.Witness == nil {
			shut = append(shut, at)
		}
	}
	return shut
}

// anyAlive reports whether a door could still be open.
func (b *board) anyAlive() bool {
	for row := range b.doors {
		if !b.dead.has(row) {
			return true
		}
	}
	return false
}

// row returns the row of a door; -1 where the scenario has none.
func (b *board) row(index int) int {
	for row, d := range b.doors {
		if d.index == index {
			return row
		}
	}
	return -1
}

// decide searches for a way through one door and confirms it. Nil is a proof
// that there is none in this scenario.
func (p *proof) decide(b *board, row int) *Grant {
	d := b.doors[row]
	g := &Grant{Statement: d.statement, Sid: p.doc.Statements[d.statement].Sid, Principal: d.principal,
		Action: p.scenario.action, Kind: KindUndecided}
	chosen, wall := b.find(row, false, &p.budget)
	switch {
	case chosen != nil:
		request := p.trim(p.request(chosen))
		if why := p.confirm(request); why != "" {
			g.Why = why
			return g
		}
		g.Witness = &request
		p.describe(g)
		return g
	case p.budget.reason != "":
		g.Why = fmt.Sprintf("undecided: %s", p.budget.reason)
		return g
	}
	if b.unsure(row) {
		if chosen, _ := b.find(row, true, &p.budget); chosen != nil {
			g.Why = "undecided: " + p.doubt(b)
			return g
		}
		if p.budget.reason != "" {
			g.Why = fmt.Sprintf("undecided: %s", p.budget.reason)
			return g
		}
	}
	p.shut(d.statement, b, wall)
	return nil
}

// request puts the chosen outcomes together.
func (p *proof) request(chosen []*outcome) policy.Request {
	r := policy.Request{Caller: p.scenario.caller(), Action: p.scenario.action, Resource: p.target.arn, Context: policy.Context{}}
	for key, v := range p.base {
		r.Context[key] = v
	}
	for _, o := range chosen {
		if o.rep.caller != nil {
			r.Caller = *o.rep.caller
		}
		if o.rep.resource != "" {
			r.Resource = o.rep.resource
		}
		for _, e := range o.rep.context {
			r.Context[e.key] = e.value
		}
	}
	if r.Caller.Type == policy.IAMCaller {
		r.Context["aws:principalaccount"] = policy.Text(r.Caller.Account)
	}
	return r
}

// confirm asks the evaluator and the zone once more. A word is a fault of ours,
// and makes the answer undecided rather than wrong.
func (p *proof) confirm(r policy.Request) string {
	if got := policy.Evaluate(p.doc, r); got.Outcome != policy.Allowed {
		return fmt.Sprintf("undecided: the witness was not confirmed (%s); please report this policy", got.Outcome)
	}
	if p.after == nil {
		if p.trust.caller(r.Caller) {
			return "undecided: the witness is trusted; please report this policy"
		}
		return ""
	}
	if got := policy.Evaluate(p.after, r); got.Outcome == policy.Allowed {
		return "undecided: the witness is still allowed; please report these policies"
	}
	if !p.sure && !p.shows(r.Caller, r.Context) {
		return "undecided: the witness is not trusted; please report these policies"
	}
	return ""
}
