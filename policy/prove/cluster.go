package prove

import (
	"cmp"
	"slices"

	"surety/policy"
)

// cluster is what must be chosen together, and every way to choose it.
type cluster struct {
	units    []unit
	tests    []*test
	outcomes []outcome // cheapest first
}

// outcome is one way to choose, and the rows whose tests in this cluster hold.
type outcome struct {
	holds bits
	// hopes are the rows that would hold if each unsure test held for a door.
	hopes bits
	// trusted is set where a request with these keys shows that it is trusted.
	trusted bool
	rep     rep
}

// fill finds every outcome of a cluster: fills its units in every way that
// tests tell apart, and asks the evaluator how each test answers.
func (p *proof) fillCluster(b *board, c *cluster) {
	reps := []rep{{}}
	for _, u := range c.units {
		var own []*test
		for _, t := range c.tests {
			if slices.Contains(t.units, u) {
				own = append(own, t)
			}
		}
		reps = p.cross(reps, p.reps(u, own))
	}
	for _, t := range c.tests {
		if !p.exact(p.scenario, t, b.tests) {
			t.unsure = true
		}
	}
	reps = p.derive(c, reps)
	c.outcomes = make([]outcome, 0, min(len(reps), 2))
	known := map[string]int{}
	var key []byte
	effort := c.effort()
	for _, r := range reps {
		if !p.budget.compare(effort + len(r.context)) {
			break
		}
		o := p.outcome(b, c, r)
		key = o.hopes.appendTo(o.holds.appendTo(key[:0]))
		if o.trusted {
			key = append(key, '+')
		}
		if at, ok := known[string(key)]; !ok {
			known[string(key)] = len(c.outcomes)
			c.outcomes = append(c.outcomes, o)
		} else if r.optional < c.outcomes[at].rep.optional {
			c.outcomes[at] = o
		}
	}
	slices.SortStableFunc(c.outcomes, func(x, y outcome) int { return cmp.Compare(x.rep.optional, y.rep.optional) })
}

// effort is how many values the tests of the cluster hold.
func (c *cluster) effort() int {
	n := 0
	for _, t := range c.tests {
		n += t.effort()
	}
	return n
}

// closes reports whether no outcome leaves any door open, even if every unsure
// test held.
func (c *cluster) closes(b *board) bool {
	for _, o := range c.outcomes {
		for row := range b.doors {
			if !b.dead.has(row) && (o.hopes.has(row) || o.holds.has(row)) {
				return false
			}
		}
	}
	return true
}

func (p *proof) outcome(b *board, c *cluster, r rep) outcome {
	words := len(b.dead)
	both := make(bits, 2*words)
	o := outcome{holds: both[:words], hopes: both[words:], rep: r}
	for row := range b.rows() {
		o.holds.set(row)
		o.hopes.set(row)
	}
	ctx := p.context(r)
	o.trusted = b.showing && p.shows(r.who(), ctx)
	for _, t := range c.tests {
		if t.holds(p, r, ctx) {
			continue
		}
		hoped := t.unsure && p.couldHold(t, r, ctx)
		for _, row := range t.rows {
			o.holds.clear(row)
			if !hoped {
				o.hopes.clear(row)
			}
		}
	}
	return o
}

// context returns what a request with the keys of r carries.
func (p *proof) context(r rep) policy.Context {
	ctx := make(policy.Context, len(p.base)+len(r.context))
	for key, v := range p.base {
		ctx[key] = v
	}
	for _, e := range r.context {
		ctx[e.key] = e.value
	}
	return ctx
}
