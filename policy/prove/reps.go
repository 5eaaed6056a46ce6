package prove

import (
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/internal/glob"
)

// reps fills one unit in every way that the tests on it tell apart.
func (p *proof) reps(u unit, tests []*test) []rep {
	s := p.scenario
	switch u {
	case unitCaller:
		return p.tapeReps(p.callerUnit(s), tests)
	case unitOrg:
		return p.orgReps("aws:principalorgid", "aws:principalorgpaths", false, tests)
	case unitSource:
		return p.tapeReps(p.sourceUnit(s), tests)
	case unitSourceOrg:
		return p.orgReps("aws:sourceorgid", "aws:sourceorgpaths", true, tests)
	case unitClock:
		return p.clockReps(tests)
	case unitNetwork:
		return p.networkReps(tests)
	case unitForwarded:
		return p.forwardedReps(tests)
	case unitResource:
		return p.resourceReps(tests)
	}
	return p.keyReps(string(u[len("key:"):]), tests)
}

// keyReps fills one free key: absent, each value, and where it may have many,
// each set of values that the tests tell apart.
func (p *proof) keyReps(key string, tests []*test) []rep {
	var reps []rep
	must, values := mustCarry(p.scenario, key)
	if values == nil {
		values = p.freeValues(key, tests)
		switch {
		case p.filled(key):
			values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
		case p.pinning(key):
			values = slices.DeleteFunc(values, p.spelledOut)
		case key == eventSourceToken && p.scenario.kind == serviceCall:
			values = distinct(append(values, p.tokens()...))
		}
	}
	if !must {
		reps = append(reps, rep{})
	}
	for _, v := range values {
		if policy.MultiValued(key) { // always a list
			break
		}
		r := rep{context: []entry{{key, policy.Text(v)}}, optional: 1}
		if must {
			r.optional = 0
		}
		reps = append(reps, r)
	}
	if !single(key) {
		reps = append(reps, p.lists(key, values, tests)...)
	}
	return reps
}

// filled reports whether a key is never an empty text: AWS fills it in, and a tag
// has a name.
func (p *proof) filled(key string) bool {
	u := p.home(p.scenario, key).unit
	return u == unitNetwork || u == unitForwarded || policy.MultiValued(key)
}

// pinning reports whether a key holds the skill of a stranger, which is none
// that the document spells out.
func (p *proof) pinning(key string) bool {
	return key == eventSourceToken && p.scenario.kind == serviceCall && p.after == nil
}

// spelledOut reports whether the document holds a skill id in full: then Alexa
// calls with it for the owner only (convention 7).
func (p *proof) spelledOut(token string) bool {
	return slices.ContainsFunc(p.tokens(), func(v string) bool { return lower(v) == lower(token) })
}

// tokens returns the skill ids that the document holds in full.
func (p *proof) tokens() []string {
	var full []string
	for i := range p.doc.Statements {
		for _, c := range p.doc.Statements[i].Conditions {
			if !strings.EqualFold(c.Key, eventSourceToken) {
				continue
			}
			wild := c.Operator.Comparison == policy.StringLike || c.Operator.Comparison == policy.ArnLike
			for _, v := range c.Values {
				if !wild || !strings.ContainsAny(v, "*?") {
					full = append(full, v)
				}
			}
		}
	}
	return full
}

// eventSourceToken is the key that holds the id of an Alexa skill.
const eventSourceToken = "lambda:eventsourcetoken"

// lists returns lists of the values that tests read otherwise than each of
// their values alone. A test on a list asks whether some value does, or whether
// all do, what it wants of one; so a list is known by what some of its values
// do and some do not, and the union of two lists by the union of that.
func (p *proof) lists(key string, values []string, tests []*test) []rep {
	type letter struct{ yes, no bits }
	n := len(tests)
	letters := map[string]int{}
	var lists [][]string
	var known []letter
	var id []byte
	add := func(l letter, list []string) {
		id = l.no.appendTo(l.yes.appendTo(id[:0]))
		if len(list) == 1 && list[0] == "" { // no value to some
			id = append(id, '-')
		}
		if _, ok := letters[string(id)]; !ok {
			letters[string(id)] = len(lists)
			lists, known = append(lists, list), append(known, l)
		}
	}
	for _, v := range values {
		l := letter{newBits(n), newBits(n)}
		for i, t := range tests {
			if t.cond == nil || t.key != key {
				continue
			}
			if t.cond.Matches(t.doc, t.effect, p.base, v) {
				l.yes.set(i)
			} else {
				l.no.set(i)
			}
		}
		add(l, []string{v})
	}
	singles := len(lists)
	for i := 0; i < len(lists); i++ {
		for j := range singles {
			if p.budget.beyond(len(lists), maxOutcomes, "the lists that one key can hold are more than 20000") {
				break
			}
			if !p.budget.compare(1) {
				break
			}
			if slices.Contains(lists[i], lists[j][0]) {
				continue
			}
			add(letter{or(known[i].yes, known[j].yes), or(known[i].no, known[j].no)}, append(slices.Clone(lists[i]), lists[j][0]))
		}
	}
	var reps []rep
	for _, list := range lists {
		reps = append(reps, rep{context: []entry{{key, policy.List(list...)}}, optional: 1})
	}
	return reps
}

func or(a, b bits) bits {
	c := slices.Clone(a)
	for i := range b {
		c[i] |= b[i]
	}
	return c
}

// clockReps fills the instant, which two keys tell in two spellings.
func (p *proof) clockReps(tests []*test) []rep {
	var reps []rep
	for _, t := range tests {
		if t.cond != nil && (t.key == "aws:currenttime" || t.key == "aws:epochtime") && textTest(t.cond.Operator.Comparison) {
			t.unsure = true
		}
	}
	for _, t := range tests {
		p.budget.compare(t.effort())
	}
	for _, n := range moments(tests, p.Now) {
		iso, _ := isoTime(n)
		r := rep{}
		for key, text := range map[string]string{"aws:currenttime": iso, "aws:epochtime": epoch(n)} {
			if p.named[key] {
				r.context = append(r.context, entry{key, policy.Text(text)})
			}
		}
		reps = append(reps, r)
	}
	return reps
}

// networkReps fills where a call comes from: neither key, an address, or a VPC.
// A network of the zone makes the call trusted, so it is left out.
func (p *proof) networkReps(tests []*test) []rep {
	nets := p.Zone.Networks
	trusted := func(key string, c policy.Comparison, values []string) *test {
		return &test{doc: p.doc, key: key, cond: &policy.Condition{Operator: policy.Operator{Comparison: c}, Key: key, Values: values}}
	}
	all := append(slices.Clone(tests),
		trusted("aws:sourceip", policy.IPAddress, nets.CIDRs),
		trusted("aws:sourcevpc", policy.StringEquals, nets.VPCs),
		trusted("aws:sourcevpce", policy.StringEquals, nets.Endpoints))
	reps, vpc := []rep{{}}, []rep{{}}
	for _, key := range p.keysIn(unitNetwork, tests) {
		switch key {
		case "aws:sourceip":
			reps = append(reps, p.addressReps(key, all)...)
			continue
		case "aws:vpcsourceip":
			vpc = p.cross(vpc, append([]rep{{}}, p.addressReps(key, all)...))
			continue
		}
		vpc = p.cross(vpc, p.keyReps(key, all))
	}
	if len(vpc) > 1 { // a bound may have cut all of them off
		reps = append(reps, vpc[1:]...)
	}
	if p.after != nil {
		return reps
	}
	return slices.DeleteFunc(reps, func(r rep) bool { return p.trust.near(p.context(r)) })
}

// forwardedReps fills whether another service forwards the call of an IAM
// caller; only then do keys tell which.
func (p *proof) forwardedReps(tests []*test) []rep {
	via := func(text string) rep {
		if !p.named["aws:viaawsservice"] {
			return rep{}
		}
		return rep{context: []entry{{"aws:viaawsservice", policy.Text(text)}}}
	}
	reps := []rep{via("false")}
	forwarded := []rep{via("true")}
	for _, key := range p.keysIn(unitForwarded, tests) {
		if key == "aws:viaawsservice" {
			continue
		}
		forwarded = p.cross(forwarded, p.keyReps(key, tests))
	}
	return append(reps, forwarded...)
}

// keysIn returns the keys of a unit that tests look at, or that show trust, sorted.
func (p *proof) keysIn(u unit, tests []*test) []string {
	var keys []string
	for _, t := range tests {
		for _, key := range append([]string{t.key}, t.vars...) {
			if key != "" && key != resourceKey && p.home(p.scenario, key).unit == u {
				keys = append(keys, key)
			}
		}
	}
	for key := range p.tells {
		if p.home(p.scenario, key).unit == u {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// cross puts every rep of one list with every rep of another.
func (p *proof) cross(a, b []rep) []rep {
	all := make([]rep, 0, min(len(a)*len(b), maxOutcomes+1))
	for _, x := range a {
		for _, y := range b {
			if p.budget.beyond(len(all), maxOutcomes, "the keys of one cluster have more than 20000 outcomes") {
				return all
			}
			if !p.budget.compare(1 + (len(x.context)+len(y.context))/8) {
				return all
			}
			all = append(all, x.with(y))
		}
	}
	return all
}

// resourceKey stands for the resource where a test is named by its key.
const resourceKey = "resource"

// resourceReps fills the resource: the function itself and every qualifier it
// can have, or the one qualifier that the document belongs to.
func (p *proof) resourceReps(tests []*test) []rep {
	f := p.target.arn
	if p.Qualifier != "" {
		return []rep{{resource: f + ":" + p.Qualifier}}
	}
	qualified := view{fixed(f + ":"), part(0)}
	t := tape{{allowed: func(r rune) bool { return alphanumeric(r) || r == '-' || r == '_' }, min: 1, max: 128, plain: "a"}}
	var lanes []lane
	for _, test := range tests {
		if test.resources == nil {
			continue
		}
		mode := glob.Mode{Wild: true, Variables: test.doc.Variables()}
		var texts []string
		for _, text := range test.resources.Texts {
			if plain(text, mode) && !strings.HasPrefix(text, f+":") && glob.IsARN(text) {
				continue // names no qualifier of the function
			}
			texts = append(texts, text)
		}
		for _, a := range p.budget.automata(p.resourcePatterns(test, texts)) {
			lanes = append(lanes, lane{view: qualified, auto: a})
		}
	}
	fillings := t.walk(lanes, nil, &p.budget)
	texts := append(make([]string, 0, 3+len(p.Known)+len(fillings)), f)
	for _, q := range p.Known {
		texts = append(texts, f+":"+q)
	}
	for _, filled := range fillings {
		texts = append(texts, f+":"+filled[0])
	}
	texts = append(texts, f+":$LATEST", f+":$LATEST.PUBLISHED")
	reps := make([]rep, 0, len(texts))
	for _, text := range distinct(texts) {
		reps = append(reps, rep{resource: text})
	}
	return reps
}
