package prove

import (
	"net/netip"
	"slices"
	"strings"

	"surety/policy"
)

// mixed reports whether a key is compared as text and in one other way, and as
// text with whole texts only. Then both can be told at once: a number or an
// instant has spellings without end, so one is none of those texts, and each
// of those texts is tried itself.
func mixed(key string, tests []*test, kinds [4]bool) bool {
	others := 0
	for _, k := range []int{numbers, dates, addresses} {
		if kinds[k] {
			others++
		}
	}
	return kinds[texts] && others == 1 && !slices.ContainsFunc(tests, func(t *test) bool {
		return t.cond != nil && t.key == key && textTest(t.cond.Operator.Comparison) && !t.literal()
	})
}

// literal reports whether the values of a text test are read as they stand.
func (t *test) literal() bool {
	o := t.cond.Operator
	mode := textMode(o, t.doc.Variables(), o.Wide(t.effect))
	return o.Comparison != policy.BinaryEquals && !slices.ContainsFunc(t.cond.Values, func(v string) bool { return !plain(v, mode) })
}

// respelled returns values of a mixed key, and for each that is a text of a test
// a spelling that is none. Texts that are compared without regard to case are
// given in either: an instant has capitals.
func respelled(key string, tests []*test, values []string) []string {
	said := map[string]bool{}
	for _, t := range tests {
		if t.cond == nil || t.key != key || !textTest(t.cond.Operator.Comparison) {
			continue
		}
		for _, v := range t.cond.Values {
			said[lower(v)] = true
			if t.cond.Operator.Comparison == policy.StringEqualsIgnoreCase {
				values = append(values, v, lower(v), strings.ToUpper(v))
			}
		}
	}
	for _, v := range slices.Clone(values) {
		if address, err := netip.ParseAddr(v); err == nil {
			values = append(values, address.StringExpanded())
			continue
		}
		for said[lower(v)] {
			v = respell(v)
		}
		values = append(values, v)
	}
	return values
}

// respell writes a number or an instant with one more zero behind its point, and
// any other text with one more letter.
func respell(v string) string {
	zero := ".0"
	if strings.Contains(v, ".") {
		zero = "0"
	}
	switch clock, zoned := strings.CutSuffix(v, "Z"); {
	case zoned && strings.Contains(clock, "T"):
		return clock + zero + "Z"
	case v != "" && digit(rune(v[len(v)-1])):
		return v + zero
	}
	return v + "e"
}
