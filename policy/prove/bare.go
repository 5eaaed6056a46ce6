package prove

import (
	"maps"
	"slices"
	"strings"

	"surety/policy"
)

// bare leaves out of the witness of a grant what it can do without, and names the
// statement that lets it in. The search chooses keys for one statement; another may
// let the same caller in without them, or come first.
func (p *proof) bare(g *Grant) *Grant {
	w := *g.Witness
	for _, key := range slices.Sorted(maps.Keys(w.Context)) {
		if !p.optional(key) {
			continue
		}
		if !p.budget.compare(p.size()) {
			break
		}
		less := w
		less.Context = maps.Clone(w.Context)
		maps.DeleteFunc(less.Context, func(k string, _ policy.Value) bool { return goTogether(key, k) })
		if p.confirm(less) == "" {
			w = less
		}
	}
	by := policy.Evaluate(p.doc, w).Statement // the first that does
	if len(w.Context) == len(g.Witness.Context) && by == g.Statement {
		return g
	}
	plain := *g
	plain.Witness, plain.Statement = &w, by
	plain.Sid = p.doc.Statements[plain.Statement].Sid
	p.describe(&plain)
	return &plain
}

// size counts the values that a request is compared with.
func (p *proof) size() int {
	n := 0
	for _, d := range p.documents() {
		for i := range d.Statements {
			for _, c := range d.Statements[i].Conditions {
				n += len(c.Values)
			}
		}
	}
	return n
}

// optional reports whether some requests of the scenario are without a key that
// others have.
func (p *proof) optional(key string) bool {
	h := p.home(p.scenario, key)
	switch must, _ := mustCarry(p.scenario, key); {
	case h.always:
		return false
	case isFree(h.unit):
		return !must
	case h.unit == unitOrg:
		return !p.scenario.home || p.Organization == ""
	case h.unit == unitForwarded:
		return key != "aws:viaawsservice"
	}
	return h.unit == unitSource || h.unit == unitSourceOrg || h.unit == unitNetwork
}

// goTogether reports whether a request has both keys or neither: an account is in
// an organisation, and then in a unit of it, or in none.
func goTogether(a, b string) bool {
	const organization = "aws:principalorg"
	return a == b || strings.HasPrefix(a, organization) && strings.HasPrefix(b, organization)
}
