package prove

import "surety/policy/internal/glob"

// prefix is the pattern of all texts that begin with s.
func prefix(s string) glob.Pattern {
	return append(glob.Quote(s), glob.Symbol{Kind: glob.Star})
}

// Blocks of the source's tape.
const (
	blockSpace = iota // namespace of the ARN
	blockWhere        // its Region
	blockOwner        // the hidden account
	blockWhat         // what is left of the ARN
)

// sourceUnit is the tape of what stands behind a service call: an account that
// the call need not tell, and an ARN of its. The account is empty in the ARN of
// a bucket, and then anybody may own it.
func (p *proof) sourceUnit(s scenario) tapeUnit {
	owner := p.stranger()
	t := tape{
		blockSpace: {allowed: func(r rune) bool { return lowerDigit(r) || r == '-' }, min: 1, max: 64, plain: "service"},
		blockWhere: {allowed: func(r rune) bool { return printable(r) && r != ':' }, max: 32, plain: p.target.region},
		blockOwner: accountBlock(owner),
		blockWhat:  {allowed: printable, min: 1, max: -1, plain: "source"},
	}
	arn := view{fixed("arn:" + p.target.partition + ":")}
	if space := s.service.space; space != "" {
		arn = append(arn, fixed(space))
	} else {
		arn = append(arn, part(blockSpace))
	}
	arn = append(arn, fixed(":"), part(blockWhere), fixed(":"))
	if s.service.InARN {
		arn = append(arn, p.accountPiece(blockOwner))
	} else {
		t[blockWhere].plain = ""
	}
	arn = append(arn, fixed(":"), part(blockWhat))
	account := view{p.accountPiece(blockOwner)}
	u := tapeUnit{tape: t, optional: []string{"aws:sourceaccount", "aws:sourcearn"},
		views:   views{{"aws:sourceaccount", account}, {"aws:sourcearn", arn}},
		trusted: p.trustedAccounts(account)}
	if owner != "" {
		u.seeds = [][]string{t.plain()}
	}
	return u
}

func printable(r rune) bool { return r >= ' ' && r != 0x7f }
