package prove

import (
	"iter"
	"slices"

	"surety/policy"
	"surety/policy/internal/glob"
)

// maxChosen bounds the texts whose parts are tried: ARNs are shorter.
const maxChosen = 512

// choose sets a free key, a variable of the test, to a part of the text that
// the test looks at, so that a value matches.
func (p *proof) choose(t *test, key string, r rep) []rep {
	ctx := p.context(r)
	text := r.resource
	if t.cond != nil {
		v, ok := ctx[t.key]
		if !ok || len(v.Texts) != 1 {
			return nil
		}
		text = v.Texts[0]
	}
	if len(text) > maxChosen {
		return nil
	}
	for _, template := range t.templates(p) {
		for part := range p.parts(template, key, text, ctx) {
			if !p.takes(key, part) {
				continue
			}
			chosen := r.set(key, part)
			ctx := p.context(chosen)
			if !p.budget.compare(t.effort() + len(chosen.context)) {
				return nil
			}
			if t.cond != nil && t.cond.Matches(p.doc, t.effect, ctx, text) || t.cond == nil && t.holds(p, chosen, ctx) != t.resources.Negated {
				return []rep{chosen}
			}
		}
	}
	return nil
}

// parts yields the parts of a text that a variable may have to be for a template
// to match: the template up to the variable matches the text before the part, and
// the rest of it what follows. The rest is read as wide as any reading is, so some
// parts may not do. Parts further on come later, and of those that begin together
// the longest comes first.
func (p *proof) parts(template glob.Template, key, text string, ctx policy.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		at := slices.IndexFunc(template, func(part glob.Part) bool { return part.Variable && part.Key == key })
		if at < 0 {
			return
		}
		before, ok1 := p.loosened(template[:at], key, ctx)
		after, ok2 := p.loosened(template[at+1:], key, ctx)
		if !ok1 || !ok2 {
			return
		}
		after = append(after, glob.Symbol{Kind: glob.Star}) // a short ARN may be filled up
		for i := 0; i <= len(text); i++ {
			if !p.budget.compare(1+len(before)/64) || !before.Match(glob.FoldText(text[:i])) {
				continue
			}
			for j := len(text); j >= i; j-- {
				if p.budget.compare(1+len(after)/64) && after.Match(glob.FoldText(text[j:])) && !yield(text[i:j]) {
					return
				}
			}
		}
	}
}

// loosened is a piece of a template with a star for each further place of a key,
// in any letter case; false where another variable has no text.
func (p *proof) loosened(piece glob.Template, key string, ctx policy.Context) (glob.Pattern, bool) {
	piece = slices.Clone(piece)
	for i, part := range piece {
		if part.Variable && part.Key == key {
			piece[i] = glob.Part{Symbol: glob.Symbol{Kind: glob.Star}}
		}
	}
	pattern, ok := piece.Expand(func(key string) (string, bool) { return variableText(ctx, key) })
	return pattern.IgnoreCase(), ok
}
