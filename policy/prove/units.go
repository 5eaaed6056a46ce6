package prove

import (
	"math/big"
	"slices"

	"surety/policy"
	"surety/policy/internal/glob"
)

// rep is one way to fill a unit, or several units together. For every way that
// a request of the space could fill them there is a rep that all tests answer
// alike, and that is trusted only if the other is.
type rep struct {
	context  []entry
	caller   *policy.Caller // of the caller's unit; nil where another fills it
	resource string         // of the resource's unit
	optional int            // keys that this caller's request need not carry
}

// who is the caller that the rep has; the zero Caller, which is nobody, where it
// has none.
func (r rep) who() policy.Caller {
	if r.caller == nil {
		return policy.Caller{}
	}
	return *r.caller
}

// entry is one key that a request carries.
type entry struct {
	key   string
	value policy.Value
}

func (r rep) with(s rep) rep {
	if len(r.context) == 0 {
		r.context = s.context // which nobody changes
	} else {
		r.context = slices.Concat(r.context, s.context)
	}
	if s.caller != nil {
		r.caller = s.caller
	}
	if s.resource != "" {
		r.resource = s.resource
	}
	r.optional += s.optional
	return r
}

// tapeUnit is a unit whose keys are views of one tape.
type tapeUnit struct {
	tape  tape
	views views
	// optional keys may be absent, each by itself; the others are always there.
	optional []string
	listed   string // key that holds a list of one: its view
	seeds    [][]string
	trusted  []lane
	caller   func(text func(key string) string) policy.Caller
}

// views are the views on one tape by their keys; "session" is the session's ARN.
type views []keyView

type keyView struct {
	key  string
	view view
}

// of returns the view of a key; nil when there is none.
func (v views) of(key string) view {
	for i := range v {
		if v[i].key == key {
			return v[i].view
		}
	}
	return nil
}

// session names the view on the session's ARN; it is no condition key.
const session = "session"

// reps fills the unit in every way that the tests on it tell apart.
func (p *proof) tapeReps(u tapeUnit, tests []*test) []rep {
	lanes := slices.DeleteFunc(slices.Clone(u.trusted), func(l lane) bool { return p.sure && l.role == trusts })
	for _, t := range tests {
		switch {
		case t.cond != nil:
			if v := u.views.of(t.key); v != nil {
				for _, a := range p.viewAutomata(u, t) {
					lanes = append(lanes, lane{view: v, auto: a})
				}
			}
		case t.principals != nil:
			lanes = append(lanes, p.principalLanes(u, t.principals)...)
		}
	}
	var present []string
	for _, key := range u.optional {
		asked := func(t *test) bool { return t.cond != nil && (t.key == key || slices.Contains(t.vars, key)) }
		if p.tells[key] || slices.ContainsFunc(tests, asked) {
			present = append(present, key)
		}
	}
	fillings := u.tape.walk(lanes, u.seeds, &p.budget)
	reps := make([]rep, 0, len(fillings)<<len(present))
	for _, filled := range fillings {
		for set := range 1 << len(present) {
			reps = append(reps, u.rep(p, filled, present, set))
		}
	}
	return reps
}

// rep turns a filled tape into keys; set says which optional keys are there.
func (u tapeUnit) rep(p *proof, filled, present []string, set int) rep {
	r := rep{}
	for _, v := range u.views {
		key := v.key
		if key == session || !p.named[key] && !p.tells[key] {
			continue
		}
		if slices.Contains(u.optional, key) {
			i := slices.Index(present, key)
			if i < 0 || set&(1<<i) == 0 {
				continue
			}
			r.optional++
		}
		value := policy.Text(u.tape.render(v.view, filled))
		if key == u.listed {
			value.List = true
		}
		r.context = append(r.context, entry{key, value})
	}
	if u.caller != nil {
		caller := u.caller(func(key string) string { return u.tape.render(u.views.of(key), filled) })
		r.caller = &caller
	}
	return r
}

// viewAutomata returns the automata for the test of one condition on a view.
// The test becomes unsure when its values are compared as something that no
// automaton here can follow.
func (p *proof) viewAutomata(u tapeUnit, t *test) (autos []automaton) {
	v, c := u.views.of(t.key), t.cond
	if c.Operator.Comparison == policy.Null {
		return nil
	}
	wide := c.Operator.Wide(t.effect)
	first := v[0]
	switch {
	case textTest(c.Operator.Comparison):
		var patterns []glob.Pattern
		fill, variables := p.fill(), t.doc.Variables()
		for _, value := range c.Values {
			patterns = append(patterns, fill.compile(c.Operator, value, variables, wide)...)
		}
		autos = p.budget.automata(patterns)
		// Other spellings of the same bytes matter where a text is looked at twice;
		// for a free key, mark sees to that.
		if autos != nil && c.Operator.Comparison == policy.BinaryEquals && first.block >= 0 && !isDigits(u.tape, v) && !isFree(p.home(p.scenario, t.key).unit) {
			t.unsure = true
		}
		return autos
	case isDigits(u.tape, v) && numeric(c.Operator.Comparison):
		var patterns []glob.Pattern
		for _, bound := range widest(c.Operator.Comparison, c.Values) {
			patterns = append(patterns, digitPatterns(c.Operator.Comparison, bound)...)
		}
		return append(autos, p.budget.automata(patterns)...)
	}
	t.unsure = !neverParses(c.Operator.Comparison, u.tape, v)
	return nil
}

// widest returns the bounds that say all about values that are alternatives: of
// those that a number may lie below the highest, of those that it may lie above
// the lowest, and otherwise each.
func widest(c policy.Comparison, values []string) []*big.Rat {
	var bounds []*big.Rat
	for _, value := range values {
		if bound, ok := policy.ParseNumber(value); ok {
			bounds = append(bounds, bound)
		}
	}
	if len(bounds) == 0 || c == policy.NumericEquals {
		return bounds
	}
	compare := (*big.Rat).Cmp
	if c == policy.NumericLessThan || c == policy.NumericLessThanEquals {
		return []*big.Rat{slices.MaxFunc(bounds, compare)}
	}
	return []*big.Rat{slices.MinFunc(bounds, compare)}
}

// neverParses reports whether no text of a view is a number, a date or an
// address: it begins with a letter, or is 12 digits and so no address.
func neverParses(c policy.Comparison, t tape, v view) bool {
	if c == policy.IPAddress && isDigits(t, v) {
		return true
	}
	first := v[0]
	if first.block >= 0 || first.text == "" {
		return false
	}
	begin := first.text[0]
	hex := 'a' <= begin && begin <= 'f' || 'A' <= begin && begin <= 'F'
	letter := 'a' <= begin && begin <= 'z' || 'A' <= begin && begin <= 'Z'
	// "arn:" and "AIDA" begin like an IPv6 address and are none for their r, I or R.
	return letter && (c != policy.IPAddress || !hex || len(first.text) > 1)
}

func numeric(c policy.Comparison) bool {
	return policy.NumericEquals <= c && c <= policy.NumericGreaterThanEquals
}

// isDigits reports whether a view is an account id and nothing else.
func isDigits(t tape, v view) bool {
	return len(v) == 1 && (v[0].block >= 0 && t[v[0].block].max == 12 || isAccount(v[0].text))
}

// principalLanes returns the tests of a Principal element on the caller's tape.
func (p *proof) principalLanes(u tapeUnit, ps *policy.Principals) []lane {
	var accounts, arns []string
	for _, e := range ps.Entries {
		switch e.Kind {
		case policy.AccountPrincipal:
			accounts = append(accounts, e.Account)
		case policy.ARNPrincipal:
			arns = append(arns, e.Text)
		}
	}
	var lanes []lane
	if accounts != nil {
		lanes = append(lanes, lane{view: u.views.of("aws:principalaccount"), auto: newTrie(accounts)})
	}
	if arns != nil {
		lanes = append(lanes, lane{view: u.views.of("aws:principalarn"), auto: newTrie(arns)})
		if v := u.views.of(session); v != nil {
			lanes = append(lanes, lane{view: v, auto: newTrie(arns)})
		}
	}
	return lanes
}
