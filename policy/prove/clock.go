package prove

import (
	"math/big"
	"slices"
	"strconv"
	"time"

	"surety/policy"
)

// cutDates is cutNumbers for instants, written as ISO 8601 where they fall into
// a year of four digits.
func cutDates(key string, tests []*test) []string {
	cuts := instants(tests, key)
	if len(cuts) == 0 {
		cuts = append(cuts, usual())
	}
	values := []string{"never"}
	for _, n := range between(cuts) {
		if text, ok := isoTime(n); ok {
			values = append(values, text)
		} else {
			values = append(values, epoch(n))
		}
	}
	return values
}

// usual is an instant as good as any other: the beginning of 2026.
func usual() *big.Rat { return big.NewRat(1767225600, 1) }

// instants returns the bounds of all tests on keys that tell the time.
func instants(tests []*test, keys ...string) []*big.Rat {
	var cuts []*big.Rat
	for _, t := range tests {
		if t.cond == nil || !slices.Contains(keys, t.key) {
			continue
		}
		f, _ := family(t.cond.Operator.Comparison)
		for _, v := range t.cond.Values {
			var n *big.Rat
			ok := false
			switch f {
			case dates:
				n, ok = policy.ParseTime(v, true)
			case numbers:
				n, ok = policy.ParseNumber(v)
			}
			if ok {
				cuts = append(cuts, n)
			}
		}
	}
	return cuts
}

// moments returns instants of a request, from now on (any time where now is
// zero) to the end of the year 9999, such that the tests answer at each other
// instant as at one of these. Those of our time come first.
func moments(tests []*test, now time.Time) []*big.Rat {
	first, end := big.NewRat(-62135596800, 1), big.NewRat(253402300799, 1) // years 1 and 9999
	plain := usual()
	if !now.IsZero() {
		first = new(big.Rat).Add(big.NewRat(now.Unix(), 1), big.NewRat(int64(now.Nanosecond()), 1e9))
		plain = first
	}
	outside := func(n *big.Rat) bool { return n.Cmp(first) < 0 || n.Cmp(end) > 0 }
	cuts := append(instants(tests, "aws:currenttime", "aws:epochtime"), plain, first, end)
	points := slices.DeleteFunc(between(slices.DeleteFunc(cuts, outside)), outside)
	ours := slices.IndexFunc(points, func(n *big.Rat) bool { return n.Cmp(plain) >= 0 })
	return slices.Concat(points[max(ours, 0):], points[:max(ours, 0)])
}

// isoTime writes seconds since 1970 as UTC.
func isoTime(n *big.Rat) (string, bool) {
	floor := new(big.Int).Div(n.Num(), n.Denom())
	if !floor.IsInt64() {
		return "", false
	}
	t := time.Unix(floor.Int64(), 0).UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return "", false
	}
	fraction := decimal(new(big.Rat).Sub(n, new(big.Rat).SetInt(floor)))
	return t.Format("2006-01-02T15:04:05") + fraction[1:] + "Z", true
}

// epoch writes seconds since 1970; four digits would be read as a year.
func epoch(n *big.Rat) string {
	text := decimal(n)
	if _, err := strconv.Atoi(text); err == nil && len(text) == 4 {
		text += ".0"
	}
	return text
}
