package prove

import (
	"slices"
	"strings"

	"surety/policy"
)

// clause is one statement and the document that says how it is read.
type clause struct {
	doc *policy.Document
	*policy.Statement
}

// rows of a scenario: one per door that could let somebody in, then one per bar.
// A door is open to a request when its row holds; the request gets through when
// moreover no row of a bar holds.
type board struct {
	doors    []door
	bars     []clause // that could apply
	tests    []*test
	dead     bits // rows that cannot hold in this scenario
	showing  bool // a request must show by its keys that it is trusted
	clusters []*cluster
}

func (b *board) rows() int { return len(b.doors) + len(b.bars) }

// bars returns the statements that a request must escape: what denies it in the
// document that lets it in, and what still lets it in after a change.
func (p *proof) bars(s scenario) []clause {
	var bars []clause
	add := func(d *policy.Document, e policy.Effect) {
		for i := range d.Statements {
			if st := &d.Statements[i]; st.Effect == e && !st.Void && st.Actions.MatchAction(s.action) {
				bars = append(bars, clause{d, st})
			}
		}
	}
	add(p.doc, policy.Deny)
	if p.after != nil {
		add(p.after, policy.Allow)
	}
	return bars
}

// keepsShut reports whether a bar counts for a door: who is denied after a
// change is not let in by another statement.
func (b *board) keepsShut(bar, door int) bool {
	return b.doors[door].hit == nil || b.bars[bar].Effect == policy.Deny
}

// lay builds the board of a scenario for the doors that could matter in it.
func (p *proof) lay(s scenario, doors []door) *board {
	p.begin(s)
	b := &board{doors: doors, bars: p.bars(s), showing: p.after != nil && !p.sure}
	b.dead = newBits(b.rows())
	p.layTests(b)
	return b
}

// begin makes a scenario the one that is being looked at.
func (p *proof) begin(s scenario) {
	p.scenario = s
	if p.after != nil {
		p.sure = p.certain(s)
		p.tells = p.telling(s)
	}
	p.base = p.constants(s)
}

// layTests collects the open tests of all rows; a test whose answer is the same
// in the whole scenario is answered here.
func (p *proof) layTests(b *board) {
	rows := map[*policy.Statement][]int{}
	add := func(c clause, ps *policy.Principals, row int) {
		rows[c.Statement] = append(rows[c.Statement], row)
		p.layPrincipals(b, c, ps, row)
	}
	for row := range b.doors {
		d := &b.doors[row]
		add(clause{p.doc, &p.doc.Statements[d.statement]}, &d.element, row)
		if d.hit != nil {
			add(*d.hit, &d.hit.Principals, row)
		}
	}
	for i, bar := range b.bars {
		add(bar, &bar.Principals, len(b.doors)+i)
	}
	for _, doc := range p.documents() {
		for i := range doc.Statements {
			if st := &doc.Statements[i]; rows[st] != nil {
				p.layStatement(b, clause{doc, st}, rows[st])
			}
		}
	}
	b.tests = slices.DeleteFunc(b.tests, func(t *test) bool {
		return !slices.ContainsFunc(t.rows, func(row int) bool { return !b.dead.has(row) })
	})
}

// layPrincipals adds the test of a Principal element to one row.
func (p *proof) layPrincipals(b *board, c clause, ps *policy.Principals, row int) {
	switch {
	case p.scenario.iam() && !everybody(*ps):
		b.tests = append(b.tests, &test{rows: []int{row}, doc: c.doc, effect: c.Effect, principals: ps, units: []unit{unitCaller}})
	case !p.scenario.iam() && !ps.Match(p.scenario.caller(), p.target.partition, c.Effect):
		b.dead.set(row)
	}
}

func (p *proof) layStatement(b *board, c clause, rows []int) {
	add := func(t *test) {
		t.rows, t.doc, t.effect = rows, c.doc, c.Effect
		t.vars = p.openVariables(p.scenario, t)
		t.place(p, p.scenario)
		if len(t.units) > 0 {
			b.add(t)
			return
		}
		if t.holds(p, rep{}, p.base) {
			return
		}
		for _, row := range rows {
			b.dead.set(row)
		}
		if t.cond != nil && c.Effect == policy.Allow && rows[0] < len(b.doors) {
			p.closed[b.doors[rows[0]].statement].add(t.cond.Key)
		}
	}
	if !c.anyResource() {
		add(&test{resources: &c.Resources, key: resourceKey})
	}
	for j := range c.Conditions {
		add(&test{cond: &c.Conditions[j], key: lower(c.Conditions[j].Key)})
	}
}

// add adds an open test; one that is made already gets the rows of t as well.
func (b *board) add(t *test) {
	for _, old := range b.tests {
		if old.same(t) {
			old.rows = slices.Concat(old.rows, t.rows)
			return
		}
	}
	b.tests = append(b.tests, t)
}

// anyResource reports whether the Resource element takes every resource in,
// whatever a request carries. Beside a "*", a text whose variable has no value
// keeps a Deny from applying.
func (c clause) anyResource() bool {
	r := c.Resources
	return !r.Negated && slices.Contains(r.Texts, "*") && (c.Effect == policy.Allow || !c.doc.Variables() || !holdsVariable(r.Texts))
}

func everybody(ps policy.Principals) bool {
	return !ps.Negated && slices.ContainsFunc(ps.Entries, func(e policy.Principal) bool {
		return e.Kind == policy.Everyone || e.Kind == policy.EveryAWS
	})
}

// constants returns the keys whose value is the same in every request of the
// scenario, of those that the document names; the account always.
func (p *proof) constants(s scenario) policy.Context {
	ctx := policy.Context{}
	for key := range p.named {
		if h := p.home(s, key); h.always && len(h.value.Texts) > 0 {
			ctx[key] = h.value
		}
	}
	if s.kind == anonymous {
		ctx["aws:principalaccount"] = policy.Text("anonymous")
	}
	return ctx
}

// group sorts the open tests into clusters: tests that share a unit, or whose
// variables join two units, are answered together.
func (p *proof) group(b *board) {
	owner := map[unit]*cluster{}
	if p.scenario.iam() {
		owner[unitCaller] = &cluster{units: []unit{unitCaller}}
	}
	owner[unitResource] = &cluster{units: []unit{unitResource}}
	for key := range p.named { // what every request carries is in the witness
		if h := p.home(p.scenario, key); !h.always && p.carried(h.unit, key) {
			owner[h.unit] = &cluster{units: []unit{h.unit}}
		}
	}
	for key := range p.tells {
		u := p.home(p.scenario, key).unit
		owner[u] = &cluster{units: []unit{u}}
	}
	for _, t := range b.tests {
		var home *cluster
		for _, u := range t.units {
			if owner[u] == nil {
				owner[u] = &cluster{units: []unit{u}}
			}
			if home == nil {
				home = owner[u]
			}
			home.take(owner[u], owner)
		}
		home.tests = append(home.tests, t)
	}
	seen := map[*cluster]bool{}
	var units []unit
	for u := range owner {
		units = append(units, u)
	}
	// The resource comes last: what people pin is the caller or the source.
	slices.SortFunc(units, func(a, b unit) int {
		if (a == unitResource) != (b == unitResource) {
			if a == unitResource {
				return 1
			}
			return -1
		}
		return strings.Compare(string(a), string(b))
	})
	for _, u := range units {
		if c := owner[u]; !seen[c] {
			seen[c] = true
			b.clusters = append(b.clusters, c)
		}
	}
}

// carried reports whether every request of the scenario has the key.
func (p *proof) carried(u unit, key string) bool {
	must, _ := mustCarry(p.scenario, key)
	return must || u == unitClock || key == "aws:viaawsservice" || u == unitOrg && p.knownHome()
}

// take joins another cluster to c.
func (c *cluster) take(other *cluster, owner map[unit]*cluster) {
	if c == other {
		return
	}
	c.units = append(c.units, other.units...)
	c.tests = append(c.tests, other.tests...)
	for _, u := range other.units {
		owner[u] = c
	}
}
