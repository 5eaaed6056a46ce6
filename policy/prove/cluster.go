package prove

import (
	"cmp"
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/internal/glob"
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
		for _, row := range t.rows {
			o.holds.clear(row)
			if !t.unsure {
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

// derive adds reps that make tests with variables hold: a free variable takes
// the part of the text that stands where it stands; a free key takes what the
// value has become.
func (p *proof) derive(c *cluster, reps []rep) []rep {
	for _, t := range c.tests {
		if len(t.vars) == 0 {
			continue
		}
		for _, r := range slices.Clone(reps) {
			if p.budget.beyond(len(reps), maxOutcomes, "the keys that variables join have more than 20000 outcomes") ||
				!p.budget.compare(len(r.context)) {
				return reps
			}
			reps = append(reps, p.follow(t, r)...)
			for _, key := range t.vars {
				if isFree(p.home(p.scenario, key).unit) && key != t.key {
					reps = append(reps, p.choose(t, key, r)...)
					reps = append(reps, p.avoid(t, key, r)...)
				}
			}
		}
	}
	return reps
}

// follow sets a free key to what the values of the test have become.
func (p *proof) follow(t *test, r rep) []rep {
	if t.cond == nil || !isFree(p.home(p.scenario, t.key).unit) {
		return nil
	}
	var reps []rep
	ctx := p.context(r)
	for _, template := range t.templates() {
		pattern, ok := template.Expand(ctx.Variable)
		if !ok {
			continue
		}
		if text := plainText(pattern); p.takes(t.key, text) {
			reps = append(reps, r.set(t.key, text))
		}
	}
	return reps
}

// plainText is a short text that a pattern matches.
func plainText(p glob.Pattern) string {
	var text []rune
	for _, s := range p {
		switch s.Kind {
		case glob.Literal:
			text = append(text, s.Rune)
		case glob.One:
			text = append(text, 'a')
		}
	}
	return string(text)
}

// takes reports whether a free key can hold a text.
func (p *proof) takes(key, text string) bool {
	_, choices := mustCarry(p.scenario, key)
	if key == eventSourceToken && p.scenario.kind == serviceCall && p.after == nil {
		return !p.spelledOut(text)
	}
	return choices == nil || slices.Contains(choices, text)
}

// avoid sets a free key, a variable of the test, to a text that is no part of
// what the test looks at. Where the key may be absent and the variable has no
// default, its absence does as much.
func (p *proof) avoid(t *test, key string, r rep) []rep {
	must, _ := mustCarry(p.scenario, key)
	for _, template := range t.templates() {
		must = must || slices.ContainsFunc(template, func(part glob.Part) bool { return part.Key == key && part.HasDefault })
	}
	if !must {
		return nil
	}
	text := r.resource
	if t.cond != nil {
		text = strings.Join(p.context(r)[t.key].Texts, "")
	}
	for _, unlike := range preferred {
		if !strings.ContainsRune(text, unlike) && p.takes(key, string(unlike)) {
			return []rep{r.set(key, string(unlike))}
		}
	}
	return nil
}

// set returns r with a free key at a value.
func (r rep) set(key, text string) rep {
	context := slices.DeleteFunc(slices.Clone(r.context), func(e entry) bool { return e.key == key })
	if len(context) == len(r.context) {
		r.optional++
	}
	value := policy.Text(text)
	value.List = policy.MultiValued(key)
	r.context = append(context, entry{key, value})
	return r
}
