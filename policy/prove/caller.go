package prove

import "surety/policy"

// strangers are accounts for witnesses: the first that neither the zone nor the
// document names is taken, so that "any account" is seen to be meant.
var strangers = [...]string{"999988887777", "777788889999", "555566667777", "888877776666", "666677778888"}

// stranger returns an account that nobody names; "" when all are named.
func (p *proof) stranger() string {
	for _, a := range strangers {
		if !p.trust.account(a) && !p.mentions(a) {
			return a
		}
	}
	return ""
}

// Blocks of the caller's tape.
const (
	blockRegion = iota // of a calling function
	blockAccount
	blockPath
	blockName
	blockUnique
	blockSession
	blockFunction // name of a calling function
)

func accountBlock(plain string) block {
	return block{allowed: digit, min: 12, max: 12, plain: plain}
}

func nameRune(r rune) bool {
	return alphanumeric(r) || oneOf("+=,.@_-")(r)
}

// callerUnit is the tape of an IAM caller. Names and lengths are IAM's: names
// of 64 characters, paths of 512, session names of 2 to 64.
func (p *proof) callerUnit(s scenario) tapeUnit {
	account := p.stranger()
	t := tape{
		blockRegion:   {allowed: func(r rune) bool { return lowerDigit(r) || r == '-' }, min: 1, max: 32, plain: p.target.region},
		blockAccount:  accountBlock(account),
		blockPath:     {allowed: func(r rune) bool { return '!' <= r && r <= 0x7f }, max: 510, tail: "/"},
		blockName:     {allowed: nameRune, min: 1, max: 64, plain: "a"},
		blockUnique:   {allowed: upperDigit, min: 17, max: 17, plain: "EXAMPLEEXAMPLE123"},
		blockSession:  {allowed: nameRune, min: 2, max: 64, plain: "s1"},
		blockFunction: {allowed: func(r rune) bool { return alphanumeric(r) || r == '-' || r == '_' }, min: 1, max: 64, plain: "f"},
	}
	iam, sts := "arn:"+p.target.partition+":iam::", "arn:"+p.target.partition+":sts::"
	u := tapeUnit{tape: t, views: map[string]view{"aws:principalaccount": {part(blockAccount)}}}
	switch s.kind {
	case root:
		u.views["aws:principalarn"] = view{fixed(iam), part(blockAccount), fixed(":root")}
		u.views["aws:userid"] = view{part(blockAccount)}
	case user:
		u.views["aws:principalarn"] = view{fixed(iam), part(blockAccount), fixed(":user/"), part(blockPath), part(blockName)}
		u.views["aws:userid"] = view{fixed("AIDA"), part(blockUnique)}
		u.views["aws:username"] = view{part(blockName)}
	case roleSession:
		u.views["aws:principalarn"] = view{fixed(iam), part(blockAccount), fixed(":role/"), part(blockPath), part(blockName)}
		u.views[session] = view{fixed(sts), part(blockAccount), fixed(":assumed-role/"), part(blockName), fixed("/"), part(blockSession)}
		u.views["aws:userid"] = view{fixed("AROA"), part(blockUnique), fixed(":"), part(blockSession)}
		u.views["lambda:sourcefunctionarn"] = view{fixed("arn:" + p.target.partition + ":lambda:"), part(blockRegion),
			fixed(":"), part(blockAccount), fixed(":function:"), part(blockFunction)}
		u.optional = []string{"lambda:sourcefunctionarn"}
	case federated:
		u.views["aws:principalarn"] = view{fixed(sts), part(blockAccount), fixed(":federated-user/"), part(blockName)}
		u.views[session] = u.views["aws:principalarn"]
		u.views["aws:userid"] = view{part(blockAccount), fixed(":"), part(blockName)}
	}
	u.trusted = p.trustedCallers(u)
	if account != "" {
		u.seeds = [][]string{t.plain()}
	}
	u.caller = func(text func(string) string) policy.Caller {
		c := policy.Caller{Type: policy.IAMCaller, Account: text("aws:principalaccount"), ARN: text("aws:principalarn")}
		if u.views[session] != nil {
			c.Session = text(session)
		}
		return c
	}
	return u
}

// trustedCallers are the lanes for the accounts and principals of the zone.
func (p *proof) trustedCallers(u tapeUnit) []lane {
	lanes := []lane{{view: u.views["aws:principalaccount"], auto: p.trust.accounts, trust: true}}
	if len(p.Zone.Principals) > 0 {
		auto := p.trust.principals
		lanes = append(lanes, lane{view: u.views["aws:principalarn"], auto: auto, trust: true})
		if v := u.views[session]; v != nil {
			lanes = append(lanes, lane{view: v, auto: auto, trust: true})
		}
	}
	return lanes
}

// plain fills a tape with what nobody looks at.
func (t tape) plain() []string {
	filled := make([]string, len(t))
	for i, b := range t {
		filled[i] = b.plain
	}
	return filled
}

// maxUnits is how deep organisational units nest.
// Source: AWS Organizations User Guide, quotas.
const maxUnits = 5

// orgReps fills an organisation: none, or one id with one path. The keys of a
// caller's organisation are there together; those of a source each by itself.
func (p *proof) orgReps(id, paths string, separate bool, tests []*test) []rep {
	reps := []rep{{}}
	depth := -1 // nobody looks at the path
	if len(p.Zone.Units) > 0 || asks(tests, paths) {
		depth = maxUnits
	}
	for d := min(depth, 0); d <= depth; d++ {
		u := p.orgUnit(id, paths, d)
		if separate {
			u.optional = []string{id, paths}
		}
		for _, r := range p.tapeReps(u, tests) {
			if !separate {
				r.optional += len(r.context)
			}
			reps = append(reps, r)
		}
	}
	return reps
}

func asks(tests []*test, key string) bool {
	for _, t := range tests {
		if t.key == key {
			return true
		}
		for _, v := range t.vars {
			if v == key {
				return true
			}
		}
	}
	return false
}

// orgUnit is the tape of an organisation's id and a path of depth units; with a
// negative depth the root and all below are left as one.
// Source: AWS Organizations API reference, patterns of ids.
func (p *proof) orgUnit(id, paths string, depth int) tapeUnit {
	t := tape{
		{allowed: lowerDigit, min: 10, max: 32, plain: "exampleorg"},
		{allowed: lowerDigit, min: 4, max: 32, plain: "root"},
	}
	path := view{fixed("o-"), part(0), fixed("/r-"), part(1), fixed("/")}
	for range depth {
		n := len(t)
		t = append(t, block{allowed: lowerDigit, min: 4, max: 32, plain: "root"}, block{allowed: lowerDigit, min: 8, max: 32, plain: "exampleu"})
		path = append(path, fixed("ou-"), part(n), fixed("-"), part(n+1), fixed("/"))
	}
	u := tapeUnit{tape: t, listed: paths, seeds: [][]string{t.plain()},
		views: map[string]view{id: {fixed("o-"), part(0)}, paths: path}}
	if len(p.Zone.Organizations) > 0 {
		u.trusted = append(u.trusted, lane{view: u.views[id], auto: p.trust.organizations, trust: true})
	}
	for _, unit := range p.Zone.Units {
		u.trusted = append(u.trusted, lane{view: path, auto: newMatcher(prefix(unit), &p.budget), trust: true})
	}
	return u
}
