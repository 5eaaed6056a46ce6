package prove

import (
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/internal/glob"
)

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

// follow sets a free key to what the values of the test have become, and to a
// text that is none of that.
func (p *proof) follow(t *test, r rep) []rep {
	if t.cond == nil || !isFree(p.home(p.scenario, t.key).unit) {
		return nil
	}
	var reps []rep
	ctx := p.context(r)
	said, ones := "", 0
	for _, template := range t.templates() {
		pattern, ok := template.Expand(ctx.Variable)
		if !ok {
			continue
		}
		text := plainText(pattern)
		if p.takes(t.key, text) {
			reps = append(reps, r.set(t.key, text))
		}
		said, ones = said+text, max(ones, questionMarks(pattern))
	}
	if text, ok := p.unlike(t, ctx, said, ones+1); ok {
		reps = append(reps, r.set(t.key, text))
	}
	return reps
}

// unlike returns a text that no value of the test matches, if there is one. Of
// a text that no value matches, the letters may all be exchanged for one that no
// value says: then only wildcards could match it, and they would have matched
// the text that it was. So repeats of that letter are enough, up to one more
// than any value has question marks.
func (p *proof) unlike(t *test, ctx policy.Context, said string, longest int) (string, bool) {
	letter, ok := block{allowed: func(rune) bool { return true }}.other(bothCases(said))
	if !ok {
		return "", false
	}
	for n := longest; n >= 0; n-- {
		text := strings.Repeat(string(letter), n)
		if !p.budget.compare(t.effort()) {
			return "", false
		}
		if p.takes(t.key, text) && !t.cond.Matches(t.doc, t.effect, ctx, text) {
			return text, true
		}
	}
	return "", false
}

// questionMarks counts what stands for any one character.
func questionMarks(p glob.Pattern) int {
	n := 0
	for _, s := range p {
		if s.Kind == glob.One {
			n++
		}
	}
	return n
}

// bothCases returns the letters of a text and their other cases, sorted.
func bothCases(text string) []rune {
	all := []rune(text + strings.ToUpper(text) + strings.ToLower(text))
	slices.Sort(all)
	return all
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
	switch {
	case p.pinning(key):
		return !p.spelledOut(text)
	case text == "" && p.filled(key):
		return false
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
