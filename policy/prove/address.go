package prove

import (
	"net/netip"
	"slices"
	"strings"

	"surety/policy"
)

// addressReps fills a key that holds an address. Tests that compare it as text
// are answered over all IPv4 addresses, and over the IPv6 addresses that a
// value spells out, which are cuts in the ranges of the tests and of the zone;
// where a pattern could match other IPv6 addresses, the test becomes unsure.
func (p *proof) addressReps(key string, tests []*test) []rep {
	values := append(p.freeValues(key, tests), cutAddresses(key, tests)...)
	var lanes []lane
	t, whole := addressTape()
	u := tapeUnit{tape: t, views: views{{key, whole}}}
	for _, test := range tests {
		if test.cond == nil || test.key != key || !textTest(test.cond.Operator.Comparison) {
			continue
		}
		for _, a := range p.viewAutomata(u, test) {
			lanes = append(lanes, lane{view: whole, auto: a})
		}
		test.unsure = test.unsure || slices.ContainsFunc(test.cond.Values, maybeIPv6)
	}
	if lanes != nil {
		if key == "aws:sourceip" {
			lanes = append(lanes, p.trustedNetworks(whole)...)
		}
		lanes = append(lanes, lane{view: whole, auto: octets{}})
		for _, filled := range t.walk(lanes, nil, &p.budget) {
			values = append(values, t.render(whole, filled))
		}
	}
	var reps []rep
	for _, v := range distinct(values) {
		if isAddress(v) {
			reps = append(reps, rep{context: []entry{{key, policy.Text(v)}}, optional: 1})
		}
	}
	return reps
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// trustedNetworks are the lanes for the IPv4 networks of the zone.
func (p *proof) trustedNetworks(whole view) []lane {
	var lanes []lane
	for _, c := range p.Zone.Networks.CIDRs {
		if r, ok := policy.ParseRange(c); ok && r.Addr().Is4() {
			lanes = append(lanes, lane{view: whole, auto: network(r), role: p.trustedRole()})
		}
	}
	return lanes
}

// maybeIPv6 reports whether a value is a pattern that tells some IPv6 addresses
// from others. An IPv6 address with a point in it begins with a colon.
func maybeIPv6(value string) bool {
	switch {
	case !strings.ContainsAny(value, "*?$"), strings.Trim(value, "*") == "":
		return false
	case strings.Contains(value, "$"):
		return true
	}
	return !digit(rune(value[0])) || !strings.Contains(value, ".")
}

// addressTape is the tape of an IPv4 address, and the view of all of it.
func addressTape() (tape, view) {
	t := tape{}
	whole := view{}
	for i := range 4 {
		t = append(t, block{allowed: digit, min: 1, max: 3, plain: "9"})
		if i > 0 {
			whole = append(whole, fixed("."))
		}
		whole = append(whole, part(i))
	}
	return t, whole
}

// cutAddresses returns an address for each part of the two address spaces that
// the ranges on a key cut out, and a text that is none.
func cutAddresses(key string, tests []*test) []string {
	cuts := []netip.Addr{netip.AddrFrom4([4]byte{}), netip.IPv6Unspecified()}
	for _, t := range tests {
		if t.cond == nil || t.key != key {
			continue
		}
		for _, v := range t.cond.Values { // texts are cuts as well: other addresses must not be one of them
			if r, ok := policy.ParseRange(v); ok {
				cuts = append(cuts, r.Addr())
				if after := last(r).Next(); after.IsValid() {
					cuts = append(cuts, after)
				}
			}
		}
	}
	slices.SortFunc(cuts, netip.Addr.Compare)
	cuts = slices.Compact(cuts)
	values := []string{"198.51.100.1", "2001:db8::1"}
	for _, a := range cuts {
		values = append(values, a.String())
	}
	return values
}

// last returns the highest address of a range.
func last(r netip.Prefix) netip.Addr {
	a := r.Addr().AsSlice()
	for i := r.Bits(); i < 8*len(a); i++ {
		a[i/8] |= 0x80 >> (i % 8)
	}
	end, _ := netip.AddrFromSlice(a)
	return end
}
