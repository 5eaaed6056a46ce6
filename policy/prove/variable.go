package prove

import (
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/internal/glob"
)

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
	if !holdsVariable(values) {
		return nil
	}
	return t.templates()
}

// holdsVariable reports whether a text may hold a variable.
func holdsVariable(texts []string) bool {
	return slices.ContainsFunc(texts, func(v string) bool { return strings.Contains(v, "${") })
}

// openVariables returns the keys of variables whose text is not the same in
// every request of the scenario, each once: of values that may have a text, and
// where there is something to compare them with.
func (p *proof) openVariables(s scenario, t *test) []string {
	if t.cond != nil && p.missing(s, t.key) {
		return nil
	}
	var keys []string
	for _, template := range t.variables() {
		if slices.ContainsFunc(template, func(v glob.Part) bool {
			return v.Variable && !v.HasDefault && (policy.MultiValued(v.Key) || p.missing(s, v.Key))
		}) {
			continue
		}
		for _, key := range template.Keys() {
			if !policy.MultiValued(key) && !p.home(s, key).always && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// missing reports whether no request of the scenario has a key.
func (p *proof) missing(s scenario, key string) bool {
	h := p.home(s, key)
	return h.always && len(h.value.Texts) == 0
}

// fill says how a walk reads the variables of values.
func (p *proof) fill() filler {
	return filler{constant: func(key string) (string, bool, bool) {
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
// is there. The account of an ARN, where the ARN has it, is 12 digits that
// agree. A variable that the caller is free to choose, and that nothing else
// looks at, is a run of any characters. A free key that nothing else looks at
// can be made to match whatever the value becomes, or not to, where every text
// that it can become is matched by something.
func (p *proof) exact(s scenario, t *test, all []*test) bool {
	if len(t.vars) == 0 {
		return true
	}
	if p.itself(t) || len(t.vars) == 1 && t.vars[0] == accountKey(t.key) && p.aligned(t, t.vars[0]) {
		return true
	}
	free := t.cond != nil && isFree(p.home(s, t.key).unit)
	if free && p.lonely(t.key, t, all) && !slices.Contains(t.vars, t.key) && p.anyText(t.key) && t.matchable() {
		return true
	}
	if t.cond != nil && policy.MultiValued(t.key) || len(t.vars) != 1 || t.vars[0] == t.key {
		return false
	}
	if free && !single(t.key) {
		return false
	}
	v := t.vars[0]
	return isFree(p.home(s, v).unit) && p.anyText(v) && p.lonely(v, t, all) && p.once(t)
}

// anyText reports whether a free key can hold any text that there is.
func (p *proof) anyText(key string) bool {
	_, choices := mustCarry(p.scenario, key)
	return choices == nil && !p.pinning(key)
}

// matchable reports whether each value with a variable matches some text,
// whatever the variable brings: as text always, as an ARN where the value has
// the colons of one, as a truth seldom.
func (t *test) matchable() bool {
	switch t.cond.Operator.Comparison {
	case policy.Bool:
		return false
	case policy.ArnLike:
		return !slices.ContainsFunc(t.variables(), func(template glob.Template) bool {
			colons := 0
			for _, part := range template {
				if isColon(part) {
					colons++
				}
			}
			return len(template.Keys()) > 0 && colons < maxColons
		})
	}
	return true
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

// couldHold reports whether some request that a rep stands for could make an
// unsure test hold, which the rep does not. None can where a positive test looks
// at a text that no value matches, whatever a variable brings.
func (p *proof) couldHold(t *test, r rep, ctx policy.Context) bool {
	if len(t.vars) == 0 || !p.once(t) {
		return true
	}
	if t.resources != nil {
		return t.resources.Negated || slices.ContainsFunc(p.resourcePatterns(t, t.resources.Texts), func(m glob.Pattern) bool { return m.Match(r.resource) })
	}
	if u := p.home(p.scenario, t.key).unit; t.cond.Operator.Negated || u == unitNetwork || u == unitClock {
		return true
	}
	v, there := ctx[t.key]
	if !there || v.List || len(v.Texts) != 1 { // lists are told apart without a look at variables
		return there
	}
	for _, value := range t.cond.Values {
		for _, m := range p.fill().compile(t.cond.Operator, value, t.doc.Variables(), t.cond.Operator.Wide(t.effect)) {
			if m.Match(v.Texts[0]) {
				return true
			}
		}
	}
	return false
}

// resourcePatterns returns what texts of t's Resource element can become.
func (p *proof) resourcePatterns(t *test, texts []string) []glob.Pattern {
	wide := (t.effect == policy.Allow) != t.resources.Negated
	var patterns []glob.Pattern
	mode := glob.Mode{Wild: true, Variables: t.doc.Variables()}
	for _, text := range texts {
		for _, pattern := range p.fill().read(text, mode, true) {
			if pattern, ok := pattern.Resource(wide); ok {
				patterns = append(patterns, pattern)
			}
		}
	}
	return patterns
}
