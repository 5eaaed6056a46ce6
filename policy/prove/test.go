package prove

import (
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/internal/glob"
)

// test is one element of a statement whose answer is open in a scenario: a
// condition, a Principal element, or a Resource element. It belongs to the
// cluster of the units that it looks at.
type test struct {
	rows   []int // rows of the scenario that need it to hold
	doc    *policy.Document
	effect policy.Effect

	cond *policy.Condition
	key  string   // of cond, in lower case; "resource" for resources
	vars []string // keys of variables in its values whose text is open

	units []unit // that the test looks at

	// unsure is set when the reps of its cluster may not show every answer
	// that the test can have.
	unsure bool

	principals *policy.Principals
	resources  *policy.Patterns
}

// holds asks the evaluator.
func (t *test) holds(p *proof, r rep, ctx policy.Context) bool {
	switch {
	case t.cond != nil:
		return t.cond.Holds(t.doc, t.effect, ctx)
	case t.principals != nil:
		return t.principals.Match(r.who(), p.target.partition, t.effect)
	default:
		return t.resources.MatchResource(t.doc, t.effect, ctx, r.resource)
	}
}

// same reports whether two tests of conditions or resources are one: whatever the
// request, they have one answer.
func (t *test) same(other *test) bool {
	switch {
	case t.effect != other.effect || t.key != other.key || t.doc.Variables() != other.doc.Variables():
		return false
	case t.cond != nil && other.cond != nil:
		return t.cond.Operator == other.cond.Operator && slices.Equal(t.cond.Values, other.cond.Values)
	}
	return t.resources != nil && other.resources != nil && samePatterns(*t.resources, *other.resources)
}

// effort is what one trial of the test costs: a comparison for each value, and
// more for long ones and for those that are read anew each time.
func (t *test) effort() int {
	switch {
	case t.cond != nil && textTest(t.cond.Operator.Comparison):
		return 1 + effort(t.cond.Values)
	case t.cond != nil: // numbers, dates, addresses are parsed each time
		return 1 + 4*effort(t.cond.Values)
	case t.principals != nil:
		return 1 + len(t.principals.Entries)
	}
	return 1 + effort(t.resources.Texts)
}

// effort counts values, long ones and those that may hold variables more.
func effort(values []string) int {
	n := 0
	for _, v := range values {
		cost := 1 + len(v)/64
		if strings.Contains(v, "${") { // it is read, filled and read again
			cost *= 8
		}
		n += cost
	}
	return n
}

// place sets the units that the test looks at.
func (t *test) place(p *proof, s scenario) {
	units := make([]unit, 0, 1+len(t.vars))
	switch {
	case t.resources != nil:
		units = append(units, unitResource)
	default:
		if h := p.home(s, t.key); !h.always {
			units = append(units, h.unit)
		}
	}
	for _, key := range t.vars {
		if u := p.home(s, key).unit; !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	t.units = units
}

// templates returns the texts of the test as the evaluator reads them, before
// variables; none where it does not read them as text.
func (t *test) templates() []glob.Template {
	values, mode := []string(nil), glob.Mode{Wild: true, Variables: t.doc.Variables()}
	switch {
	case t.resources != nil:
		values = t.resources.Texts
	case t.cond != nil && textTest(t.cond.Operator.Comparison):
		values = t.cond.Values
		mode = textMode(t.cond.Operator, t.doc.Variables(), t.cond.Operator.Wide(t.effect))
	}
	templates := make([]glob.Template, len(values))
	for i, v := range values {
		templates[i] = glob.Parse(v, mode)
	}
	return templates
}
