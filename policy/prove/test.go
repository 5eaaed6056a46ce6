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

// variables returns the templates of the values that may hold variables.
func (t *test) variables() []glob.Template {
	if !t.doc.Variables() {
		return nil
	}
	values := []string(nil)
	switch {
	case t.resources != nil:
		values = t.resources.Texts
	case t.cond != nil:
		values = t.cond.Values
	}
	if !slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, "${") }) {
		return nil
	}
	return t.templates()
}

// openVariables returns the keys of variables whose text is not the same in
// every request of the scenario, each once.
func (p *proof) openVariables(s scenario, t *test) []string {
	var keys []string
	for _, template := range t.variables() {
		for _, key := range template.Keys() {
			if policy.MultiValued(key) || p.home(s, key).always || slices.Contains(keys, key) {
				continue
			}
			keys = append(keys, key)
		}
	}
	return keys
}

// fill says how a walk reads the variables of t's values on a unit.
func (p *proof) fill(t *test, u tapeUnit) filler {
	account := ""
	if t.cond != nil {
		if key := accountKey(t.key); key != "" && p.aligned(t, key) {
			account = key
		}
	}
	return filler{account: account, constant: func(key string) (string, bool, bool) {
		if policy.MultiValued(key) {
			return "", false, true
		}
		if h := p.home(p.scenario, key); h.always {
			if len(h.value.Texts) != 1 || h.value.List {
				return "", false, true
			}
			return h.value.Texts[0], true, true
		}
		return "", false, false
	}}
}

// exact reports whether the reps of t's cluster answer t in every way that
// requests can, although its values hold open variables.
//
// Four shapes are exact. A value that is the key itself holds whenever the key
// is there. The account of an ARN, where the ARN has it, is 12 digits that agree. A variable that the caller is free to choose, and that nothing else
// looks at, is a run of any characters. A free key that nothing else looks at
// can be made to equal whatever the value becomes, or not to.
func (p *proof) exact(s scenario, t *test, all []*test) bool {
	if len(t.vars) == 0 {
		return true
	}
	if p.itself(t) || len(t.vars) == 1 && t.vars[0] == accountKey(t.key) && p.aligned(t, t.vars[0]) {
		return true
	}
	if t.cond != nil && isFree(p.home(s, t.key).unit) && p.lonely(t.key, t, all) {
		return !slices.Contains(t.vars, t.key)
	}
	if t.cond != nil && policy.MultiValued(t.key) || len(t.vars) != 1 || t.vars[0] == t.key {
		return false
	}
	if t.cond != nil && isFree(p.home(s, t.key).unit) && !single(t.key) {
		return false
	}
	return isFree(p.home(s, t.vars[0]).unit) && p.lonely(t.vars[0], t, all) && p.once(t)
}

func isFree(u unit) bool { return len(u) > 4 && u[:4] == "key:" }

// itself reports whether every value with an open variable is the key of the
// test and nothing but stars.
func (p *proof) itself(t *test) bool {
	for _, template := range t.variables() {
		variables := 0
		for _, part := range template {
			switch {
			case part.Variable && part.Key == t.key:
				variables++
			case part.Variable || part.Kind != glob.Star:
				variables += 2
			}
		}
		if len(template.Keys()) > 0 && variables != 1 {
			return false
		}
	}
	return true
}

// accountKey is the key that tells the account of an ARN in another key.
func accountKey(key string) string {
	switch key {
	case "aws:principalarn":
		return "aws:principalaccount"
	case "aws:sourcearn":
		return "aws:sourceaccount"
	}
	return ""
}

// aligned reports whether every variable on the account's key in t's values
// stands where the ARN has its account: it is the whole fifth segment of a value
// compared as an ARN.
func (p *proof) aligned(t *test, account string) bool {
	if t.cond.Operator.Comparison != policy.ArnLike {
		return false
	}
	for _, template := range t.variables() {
		segment, length := 0, 0
		for i, part := range template {
			switch {
			case part.Variable && part.Key == account:
				alone := length == 0 && (i+1 == len(template) || isColon(template[i+1]))
				if segment != 4 || !alone || part.HasDefault {
					return false
				}
				length++
			case part.Variable && segment < 4:
				return false // it may bring colons
			case isColon(part):
				segment, length = segment+1, 0
			default:
				length++
			}
		}
	}
	return true
}

func isColon(p glob.Part) bool {
	return !p.Variable && p.Kind == glob.Literal && p.Rune == ':'
}

// lonely reports whether no test but t looks at a key, nor who asks for trust.
func (p *proof) lonely(key string, t *test, all []*test) bool {
	if p.tells[key] {
		return false
	}
	for _, other := range all {
		if other != t && (other.cond != nil && other.key == key || slices.Contains(other.vars, key)) {
			return false
		}
	}
	return true
}

// once reports whether no value of t holds more than one open variable.
func (p *proof) once(t *test) bool {
	for _, template := range t.variables() {
		n := 0
		for _, key := range template.Keys() {
			if slices.Contains(t.vars, key) {
				n++
			}
		}
		if n > 1 {
			return false
		}
	}
	return true
}
