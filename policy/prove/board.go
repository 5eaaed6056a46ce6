package prove

import (
	"slices"
	"strings"

	"surety/policy"
)

// rows of a scenario: one per door that could let somebody in, then one per
// Deny statement that could apply. A door is open to a request when its row
// holds; the request is allowed when moreover no row of a Deny holds.
type board struct {
	doors    []door
	denies   []int // statement indices
	tests    []*test
	dead     bits // rows that cannot hold in this scenario
	clusters []*cluster
}

func (b *board) rows() int { return len(b.doors) + len(b.denies) }

// lay builds the board of a scenario for the doors that could matter in it.
func (p *proof) lay(s scenario, doors []door) *board {
	p.scenario = s
	b := &board{doors: doors}
	for i := range p.doc.Statements {
		st := &p.doc.Statements[i]
		if st.Effect == policy.Deny && !st.Void && st.Actions.MatchAction(s.action) {
			b.denies = append(b.denies, i)
		}
	}
	p.base = p.constants(s)
	b.dead = newBits(b.rows())
	p.layTests(b)
	return b
}

// layTests collects the open tests of all rows; a test whose answer is the same
// in the whole scenario is answered here.
func (p *proof) layTests(b *board) {
	callerOnly := []unit{unitCaller}
	byStatement := map[int][]int{}
	for row, d := range b.doors {
		byStatement[d.statement] = append(byStatement[d.statement], row)
		if p.scenario.iam() && !everybody(d.element) {
			b.tests = append(b.tests, &test{rows: []int{row}, effect: policy.Allow, principals: &b.doors[row].element, units: callerOnly})
		}
	}
	for i, statement := range b.denies {
		row := len(b.doors) + i
		byStatement[statement] = append(byStatement[statement], row)
		ps := &p.doc.Statements[statement].Principals
		if p.scenario.iam() {
			if ps.Negated || !everybody(*ps) {
				b.tests = append(b.tests, &test{rows: []int{row}, effect: policy.Deny, principals: ps, units: callerOnly})
			}
		} else if !ps.Match(p.scenario.caller(), p.target.partition, policy.Deny) {
			b.dead.set(row)
		}
	}
	for i := range p.doc.Statements {
		if rows := byStatement[i]; rows != nil {
			p.layStatement(b, &p.doc.Statements[i], rows)
		}
	}
}

func (p *proof) layStatement(b *board, s *policy.Statement, rows []int) {
	add := func(t *test) {
		t.rows, t.effect = rows, s.Effect
		t.vars = p.openVariables(p.scenario, t)
		t.place(p, p.scenario)
		if len(t.units) > 0 {
			b.tests = append(b.tests, t)
			return
		}
		if t.holds(p, rep{}, p.base) {
			return
		}
		for _, row := range rows {
			b.dead.set(row)
		}
		if t.cond != nil && s.Effect == policy.Allow {
			p.closed[b.doors[rows[0]].statement].add(t.cond.Key)
		}
	}
	if !anyResource(s.Resources) {
		add(&test{resources: &s.Resources, key: resourceKey})
	}
	for j := range s.Conditions {
		add(&test{cond: &s.Conditions[j], key: lower(s.Conditions[j].Key)})
	}
}

func anyResource(r policy.Patterns) bool {
	return !r.Negated && slices.Contains(r.Texts, "*")
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
	return must || u == unitClock || key == "aws:viaawsservice"
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
