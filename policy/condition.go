package policy

import (
	"math/big"
	"slices"
	"strings"

	"surety/policy/internal/glob"
)

// Wide reports whether a comparison that AWS's documents leave in doubt counts
// as a match for o in a statement of that effect: where a match makes an Allow
// apply or a Deny not apply.
func (o Operator) Wide(e Effect) bool { return (e == Allow) != o.Negated }

// Missing is the truth of a condition whose key the request does not have. It
// is not for [Null], whose values say which truth they want.
//
// Without qualifiers a positive test is false and a negated one true; IfExists
// and ForAllValues make it true, ForAnyValue false. ForAnyValue with IfExists
// is in doubt and true in an Allow only.
func (o Operator) Missing(e Effect) bool {
	switch {
	case o.Set == ForAllValues:
		return true
	case o.Set == ForAnyValue:
		return o.IfExists && e == Allow
	}
	return o.IfExists || o.Negated
}

// MultiValued reports whether a condition key, in any letter case, is one that
// always holds a list: as a variable it has no text.
// Source: IAM User Guide, multivalued context keys.
func MultiValued(key string) bool {
	for _, k := range [...]string{
		"aws:principalorgpaths", "aws:sourceorgpaths", "aws:resourceorgpaths", "aws:vpceorgpaths",
		"aws:principalservicenameslist", "aws:calledvia", "aws:tagkeys",
	} {
		if equalFold(k, key) {
			return true
		}
	}
	return false
}

// lookup returns the value of a key in any letter case; false when it is absent.
func (c Context) lookup(key string) (Value, bool) {
	var room [64]byte
	folded := append(room[:0], key...)
	for i, b := range folded {
		folded[i] = byte(glob.Fold(rune(b)))
	}
	v := c[string(folded)]
	return v, len(v.Texts) > 0
}

// Variable returns the text that a key, in any letter case, brings as a policy
// variable; false where it is absent, holds a list or always does.
// Source: IAM User Guide, policy variables (keys of one value only).
func (c Context) Variable(key string) (string, bool) {
	v, ok := c.lookup(key)
	if !ok || v.List || len(v.Texts) != 1 || MultiValued(key) {
		return "", false
	}
	return v.Texts[0], true
}

// empty reports whether every text of v is the empty one: what AWS calls a null
// data set where it tells about set operators.
func (v Value) empty() bool {
	return !slices.ContainsFunc(v.Texts, func(text string) bool { return text != "" })
}

// Holds reports whether the condition is true for a request with context ctx,
// in a statement of that effect in d. To a set operator an empty text is one, or
// none at all, whichever allows more.
// Source: IAM User Guide, set operators for multivalued context keys.
func (c Condition) Holds(d *Document, e Effect, ctx Context) bool {
	v, present := ctx.lookup(c.Key)
	o := c.Operator
	switch {
	case o.Comparison == Null:
		return c.asksFor(!present)
	case !present:
		return o.Missing(e)
	case o.Set == ForAllValues && e == Allow && v.empty():
		return true
	case o.Set == ForAnyValue && e == Deny && v.empty():
		return false
	}
	every := o.Set == ForAllValues || o.Set == NoSet && o.Negated
	for _, text := range v.Texts {
		if holds := c.Matches(d, e, ctx, text) != o.Negated; holds != every {
			return holds
		}
	}
	return every
}

// asksFor reports whether one value of a Null test is that truth.
func (c Condition) asksFor(absent bool) bool {
	for _, value := range c.Values {
		if want, ok := ParseBool(value); ok && want == absent {
			return true
		}
	}
	return false
}

// Matches reports whether one of c's values matches one text of its key, after
// variables. Negation, set operators and absence are left to [Condition.Holds];
// Null has no texts to compare and never matches.
func (c Condition) Matches(d *Document, e Effect, ctx Context, text string) bool {
	wide := c.Operator.Wide(e)
	for _, value := range c.Values {
		if c.Operator.Comparison.match(value, text, d.Variables(), wide, ctx) {
			return true
		}
	}
	return false
}

func (c Comparison) match(value, text string, variables, wide bool, ctx Context) bool {
	switch c {
	case StringEquals, StringEqualsIgnoreCase, StringLike, ArnLike:
		return c.matchText(value, text, variables, wide, ctx)
	case Bool:
		if variables && wide && strings.Contains(value, "${") {
			p, ok := glob.Parse(value, glob.Mode{Variables: true}).Expand(ctx.Variable)
			if !ok {
				return false
			}
			value, _ = p.Exact()
		}
		want, ok1 := ParseBool(value)
		got, ok2 := ParseBool(text)
		return ok1 && ok2 && want == got
	case BinaryEquals:
		return sameBytes(value, text)
	case IPAddress:
		network, ok1 := ParseRange(value)
		address, ok2 := parseAddress(text)
		return ok1 && ok2 && network.Contains(address)
	case Null:
		return false
	}
	return c.matchNumber(value, text, wide)
}

// matchText compares by the operators on strings and ARNs.
func (c Comparison) matchText(value, text string, variables, wide bool, ctx Context) bool {
	wild := c == StringLike || c == ArnLike
	if variables && strings.Contains(value, "${") {
		p, ok := glob.Parse(value, glob.Mode{Wild: wild, Variables: true}).Expand(ctx.Variable)
		return ok && c.matchPattern(p, text, wide)
	}
	if wild && strings.ContainsAny(value, "*?") {
		return c.matchPattern(glob.Wildcards(value), text, wide)
	}
	switch c { // an ordinary text, as most are
	case StringEqualsIgnoreCase:
		return equalFold(value, text)
	case ArnLike:
		return value == text && glob.IsARN(text)
	}
	return value == text
}

func (c Comparison) matchPattern(p glob.Pattern, text string, wide bool) bool {
	switch c {
	case StringEqualsIgnoreCase:
		return p.IgnoreCase().Match(text)
	case ArnLike:
		if len(p) == 1 && p[0].Kind == glob.Star {
			return wide
		}
		bound, ok := p.ARN()
		return ok && bound.Match(text)
	}
	return p.Match(text)
}

// matchNumber compares by the operators on numbers and dates; both are points
// of one line. What does not parse matches nothing.
func (c Comparison) matchNumber(value, text string, wide bool) bool {
	parse := ParseNumber
	if c >= DateEquals {
		parse = func(s string) (*big.Rat, bool) { return ParseTime(s, wide) }
	}
	bound, ok := parse(value)
	if !ok {
		return false
	}
	got, ok := parse(text)
	if !ok {
		return false
	}
	order := got.Cmp(bound)
	switch c {
	case NumericEquals, DateEquals:
		return order == 0
	case NumericLessThan, DateLessThan:
		return order < 0
	case NumericLessThanEquals, DateLessThanEquals:
		return order <= 0
	case NumericGreaterThan, DateGreaterThan:
		return order > 0
	case NumericGreaterThanEquals, DateGreaterThanEquals:
		return order >= 0
	}
	return false
}
