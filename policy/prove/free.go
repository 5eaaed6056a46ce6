package prove

import (
	"math/big"
	"slices"

	"surety/policy"
	"surety/policy/internal/glob"
)

// freeValues returns values of a key that nothing else depends on, such that
// every value of it is answered by all tests as one of these is. Absence is
// left to the caller. Where a key is compared in two ways at once, as a pattern
// and as a number, the tests of the second way become unsure.
func (p *proof) freeValues(key string, tests []*test) (values []string) {
	var kinds [4]bool
	for _, t := range tests {
		if t.cond == nil || t.key != key {
			continue
		}
		if k, ok := family(t.cond.Operator.Comparison); ok {
			kinds[k] = true
		}
	}
	if kinds[texts] || kinds == [4]bool{} {
		values = append(values, p.freeTexts(key, tests)...)
	}
	if kinds[numbers] {
		values = append(values, cutNumbers(key, tests)...)
	}
	if kinds[dates] {
		values = append(values, cutDates(key, tests)...)
	}
	if kinds[addresses] {
		values = append(values, cutAddresses(key, tests)...)
	}
	values = append(values, "") // which is no value to some
	if mixed(key, tests, kinds) {
		return distinct(respelled(key, tests, values))
	}
	p.mark(key, tests, slices.Index(kinds[:], true))
	return distinct(values)
}

// mark makes the tests on a key unsure that are not of its first family, or
// that compare bytes where others compare text.
func (p *proof) mark(key string, tests []*test, first int) {
	bytes := p.binary(key, tests)
	for _, t := range tests {
		if t.cond == nil || t.key != key {
			continue
		}
		f, ok := family(t.cond.Operator.Comparison)
		if ok && f != first || bytes && t.cond.Operator.Comparison == policy.BinaryEquals {
			t.unsure = true
		}
	}
}

// distinct drops repeats and keeps the order.
func distinct(values []string) []string {
	if len(values) <= 16 { // a look at all costs less than a map
		kept := values[:0]
		for _, v := range values {
			if !slices.Contains(kept, v) {
				kept = append(kept, v)
			}
		}
		return kept
	}
	seen := make(map[string]bool, len(values))
	return slices.DeleteFunc(values, func(v string) bool {
		again := seen[v]
		seen[v] = true
		return again
	})
}

// The families of comparisons: what one of them tells apart another need not.
const (
	texts = iota
	numbers
	dates
	addresses
)

func family(c policy.Comparison) (int, bool) {
	switch {
	case textTest(c):
		return texts, true
	case numeric(c):
		return numbers, true
	case policy.DateEquals <= c && c <= policy.DateGreaterThanEquals:
		return dates, true
	case c == policy.IPAddress:
		return addresses, true
	}
	return 0, false
}

// binary reports whether a key is compared as bytes and as text at once: then a
// second spelling of the same bytes could matter.
func (p *proof) binary(key string, tests []*test) bool {
	bytes, text := false, false
	for _, t := range tests {
		if t.cond != nil && t.key == key {
			bytes = bytes || t.cond.Operator.Comparison == policy.BinaryEquals
			text = text || t.cond.Operator.Comparison != policy.BinaryEquals && t.cond.Operator.Comparison != policy.Null
		}
	}
	return bytes && text
}

// freeTexts walks over any text.
func (p *proof) freeTexts(key string, tests []*test) []string {
	t := tape{{allowed: func(rune) bool { return true }, min: 1, max: -1, plain: "a"}}
	whole := view{part(0)}
	u := tapeUnit{tape: t, views: views{{key, whole}}}
	lanes := []lane{}
	for _, test := range tests {
		if test.cond != nil && test.key == key && textTest(test.cond.Operator.Comparison) {
			for _, a := range p.viewAutomata(u, test) {
				lanes = append(lanes, lane{view: whole, auto: a})
			}
		}
	}
	if p.pinning(key) {
		for _, token := range p.tokens() {
			lanes = append(lanes, lane{view: whole, auto: newMatcher(glob.Quote(token).IgnoreCase(), &p.budget), role: bans})
		}
	}
	values := []string{}
	for _, filled := range t.walk(lanes, [][]string{{"a"}}, &p.budget) {
		values = append(values, filled[0])
	}
	return values
}

// cutNumbers returns the bounds of all numeric tests on a key, a number between
// and beyond them, and a text that is none.
func cutNumbers(key string, tests []*test) []string {
	var cuts []*big.Rat
	for _, t := range tests {
		if t.cond == nil || t.key != key || !numeric(t.cond.Operator.Comparison) {
			continue
		}
		for _, v := range t.cond.Values {
			if n, ok := policy.ParseNumber(v); ok {
				cuts = append(cuts, n)
			}
		}
	}
	values := []string{"none"}
	for _, n := range between(cuts) {
		values = append(values, decimal(n))
	}
	return values
}

// between returns the sorted cuts with a point before, between and after them.
func between(cuts []*big.Rat) []*big.Rat {
	slices.SortFunc(cuts, func(a, b *big.Rat) int { return a.Cmp(b) })
	cuts = slices.CompactFunc(cuts, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	if len(cuts) == 0 {
		return []*big.Rat{new(big.Rat)}
	}
	one := big.NewRat(1, 1)
	points := []*big.Rat{new(big.Rat).Sub(cuts[0], one)}
	for i, c := range cuts {
		points = append(points, c)
		if i+1 < len(cuts) {
			points = append(points, middle(c, cuts[i+1]))
		}
	}
	return append(points, new(big.Rat).Add(cuts[len(cuts)-1], one))
}

// middle returns a plain number between two: the next whole one if there is one.
func middle(a, b *big.Rat) *big.Rat {
	floor := new(big.Int).Div(a.Num(), a.Denom())
	next := new(big.Rat).SetInt(floor.Add(floor, big.NewInt(1)))
	if next.Cmp(b) < 0 {
		return next
	}
	sum := new(big.Rat).Add(a, b)
	return sum.Quo(sum, big.NewRat(2, 1))
}

// decimal writes a number exactly; halves of decimals have an end.
func decimal(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	digits, _ := n.FloatPrec()
	return n.FloatString(digits)
}
