package prove

import (
	"strings"

	"surety/policy"
	"surety/policy/internal/glob"
)

// serviceKey reports whether a key tells the name of a calling service.
func serviceKey(key string) bool {
	return key == "aws:principalservicename" || key == "aws:principalservicenameslist"
}

// otherServices returns names of services that are in no row, such that the
// conditions on names answer for every such name as for one of these; none where
// no condition asks. A row's service that AWS keeps within the owner's account
// has no other name, but for a Region in it.
func (p *proof) otherServices() []string {
	var names []string
	for _, domain := range policy.ServiceDomains(p.target.partition) {
		t := tape{{allowed: func(r rune) bool { return lowerDigit(r) || oneOf("-.")(r) }, min: 1, max: 128, plain: "unlisted"}}
		whole := view{part(0), fixed("." + domain)}
		lanes := p.nameLanes(whole)
		if lanes == nil {
			return nil
		}
		lanes = append(lanes, lane{view: whole, auto: labels{}})
		for _, row := range catalogue().rows {
			if row.inside() {
				lanes = append(lanes, p.rowLanes(whole, row)...)
			}
		}
		for _, filled := range t.walk(lanes, [][]string{t.plain()}, &p.budget) {
			if name := t.render(whole, filled); policy.IsService(name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// nameLanes are the conditions of the documents on names of services. What a
// variable brings is left open.
func (p *proof) nameLanes(whole view) []lane {
	open := filler{constant: func(string) (string, bool, bool) { return "", false, false }}
	var lanes []lane
	for _, d := range p.documents() {
		for _, s := range d.Statements {
			for _, c := range s.Conditions {
				if !serviceKey(lower(c.Key)) || !textTest(c.Operator.Comparison) {
					continue
				}
				var patterns []glob.Pattern
				for _, v := range c.Values {
					patterns = append(patterns, open.compile(c.Operator, v, d.Variables(), c.Operator.Wide(s.Effect))...)
				}
				for _, a := range p.budget.automata(patterns) {
					lanes = append(lanes, lane{view: whole, auto: a})
				}
			}
		}
	}
	return lanes
}

// rowLanes ban the names of a row, with any Region.
func (p *proof) rowLanes(whole view, row facts) []lane {
	var lanes []lane
	for _, name := range append([]string{row.Principal}, row.Aliases...) {
		service, domain, _ := strings.Cut(name, ".")
		for _, pattern := range []string{name + "*", service + ".*." + strings.TrimPrefix(domain, "R.") + "*"} {
			lanes = append(lanes, lane{view: whole, auto: newMatcher(glob.Wildcards(pattern), &p.budget), role: bans})
		}
	}
	return lanes
}

// labels is the automaton of the texts whose parts between points are neither
// empty nor begin or end with a hyphen. State 1 is the beginning of a label, 2
// its end where it may end, 3 a hyphen in it.
type labels struct{}

func (labels) start() int { return 1 }

func (labels) step(s int, r rune) int {
	switch {
	case r == '.' && s == 2:
		return 1
	case r == '-' && s != 1:
		return 3
	case lowerDigit(r):
		return 2
	}
	return 0
}

func (labels) accepts(s int) bool { return s == 2 }

func (labels) runes(_ int, told []rune) []rune { return append(told, '-', '.') }
