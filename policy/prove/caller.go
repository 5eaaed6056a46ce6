package prove

import (
	"slices"

	"surety/policy"
)

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
	stranger := p.stranger()
	t := tape{
		blockRegion:   {allowed: func(r rune) bool { return lowerDigit(r) || r == '-' }, min: 1, max: 32, plain: p.target.region},
		blockAccount:  accountBlock(stranger),
		blockPath:     {allowed: func(r rune) bool { return '!' <= r && r <= 0x7f }, max: 510, tail: "/"},
		blockName:     {allowed: nameRune, min: 1, max: 64, plain: "a"},
		blockUnique:   {allowed: upperDigit, min: 17, max: 17, plain: "EXAMPLEEXAMPLE123"},
		blockSession:  {allowed: nameRune, min: 2, max: 64, plain: "s1"},
		blockFunction: {allowed: func(r rune) bool { return alphanumeric(r) || r == '-' || r == '_' }, min: 1, max: 64, plain: "f"},
	}
	account := p.accountPiece(blockAccount)
	iam, sts := "arn:"+p.target.partition+":iam::", "arn:"+p.target.partition+":sts::"
	u := tapeUnit{tape: t, views: append(make(views, 0, 5), keyView{"aws:principalaccount", view{account}})}
	switch s.kind {
	case root:
		u.views = append(u.views,
			keyView{"aws:principalarn", view{fixed(iam), account, fixed(":root")}},
			keyView{"aws:userid", view{account}})
	case user:
		u.views = append(u.views,
			keyView{"aws:principalarn", view{fixed(iam), account, fixed(":user/"), part(blockPath), part(blockName)}},
			keyView{"aws:userid", view{fixed("AIDA"), part(blockUnique)}},
			keyView{"aws:username", view{part(blockName)}})
	case roleSession:
		u.views = append(u.views,
			keyView{"aws:principalarn", view{fixed(iam), account, fixed(":role/"), part(blockPath), part(blockName)}},
			keyView{session, view{fixed(sts), account, fixed(":assumed-role/"), part(blockName), fixed("/"), part(blockSession)}})
		if p.named["aws:userid"] {
			u.views = append(u.views, keyView{"aws:userid", view{fixed("AROA"), part(blockUnique), fixed(":"), part(blockSession)}})
		}
		if p.named["lambda:sourcefunctionarn"] {
			u.views = append(u.views, keyView{"lambda:sourcefunctionarn", view{fixed("arn:" + p.target.partition + ":lambda:"), part(blockRegion),
				fixed(":"), account, fixed(":function:"), part(blockFunction)}})
			u.optional = []string{"lambda:sourcefunctionarn"}
		}
	case federated:
		arn := view{fixed(sts), account, fixed(":federated-user/"), part(blockName)}
		u.views = append(u.views, keyView{"aws:principalarn", arn}, keyView{session, arn},
			keyView{"aws:userid", view{account, fixed(":"), part(blockName)}})
	}
	u.trusted = p.trustedCallers(u)
	if stranger != "" {
		u.seeds = [][]string{t.plain()}
	}
	u.caller = func(text func(string) string) policy.Caller {
		c := policy.Caller{Type: policy.IAMCaller, Account: text("aws:principalaccount"), ARN: text("aws:principalarn")}
		if u.views.of(session) != nil {
			c.Session = text(session)
		}
		return c
	}
	return u
}

// accountPiece is the account of the caller, or behind a service, in a view.
func (p *proof) accountPiece(block int) piece {
	if p.scenario.home {
		return fixed(p.target.owner)
	}
	return part(block)
}

// trustedCallers are the lanes for the accounts and principals of the zone.
func (p *proof) trustedCallers(u tapeUnit) []lane {
	lanes := p.trustedAccounts(u.views.of("aws:principalaccount"))
	if len(p.Zone.Principals) > 0 {
		lanes = append(lanes, lane{view: u.views.of("aws:principalarn"), auto: p.trust.principals, role: p.trustedRole()})
		if v := u.views.of(session); v != nil {
			lanes = append(lanes, lane{view: v, auto: p.trust.principals, role: p.trustedRole()})
		}
	}
	return lanes
}

// trustedAccounts are the lanes for an account that is not the owner's, unless
// the scenario says that it is.
func (p *proof) trustedAccounts(v view) []lane {
	switch {
	case p.scenario.home:
		return nil
	case p.after == nil:
		return []lane{{view: v, auto: p.trust.accounts, role: bans}}
	}
	return []lane{
		{view: v, auto: newAccountSet(p.trust.index.accounts, ""), role: trusts},
		{view: v, auto: newTrie([]string{p.target.owner}), role: bans},
	}
}

// trustedRole is what becomes of those whom the zone trusts.
func (p *proof) trustedRole() role {
	if p.after != nil {
		return trusts
	}
	return bans
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
	var reps []rep
	if separate || !p.knownHome() {
		reps = append(reps, rep{}) // of none
	}
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

// knownHome reports whether the organisation is the owner's, and known.
func (p *proof) knownHome() bool { return p.scenario.home && p.Organization != "" }

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
	org := view{fixed("o-"), part(0)}
	if p.knownHome() {
		org = view{fixed(p.Organization)}
	}
	path := append(slices.Clone(org), fixed("/r-"), part(1), fixed("/"))
	for range depth {
		n := len(t)
		t = append(t, block{allowed: lowerDigit, min: 4, max: 32, plain: "root"}, block{allowed: lowerDigit, min: 8, max: 32, plain: "exampleu"})
		path = append(path, fixed("ou-"), part(n), fixed("-"), part(n+1), fixed("/"))
	}
	u := tapeUnit{tape: t, listed: paths, seeds: [][]string{t.plain()},
		views: views{{id, org}, {paths, path}}}
	if len(p.Zone.Organizations) > 0 {
		u.trusted = append(u.trusted, lane{view: org, auto: p.trust.organizations, role: p.trustedRole()})
	}
	for _, unit := range p.Zone.Units {
		u.trusted = append(u.trusted, lane{view: path, auto: newMatcher(prefix(unit), &p.budget), role: p.trustedRole()})
	}
	return u
}
