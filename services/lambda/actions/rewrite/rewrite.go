package rewrite

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"surety/policy"
	"surety/policy/prove"
)

// Strategy says how an open statement is cut.
type Strategy string

// The strategies.
const (
	// Revoke keeps what is trusted: a service is pinned to its source, a wildcard
	// gives way to names.
	Revoke Strategy = "revoke"
	// Narrow keeps a wildcard and pins it.
	Narrow Strategy = "narrow"
	// Replace gives what foreign accounts and their identities had to another
	// account, and does with all else as Revoke does.
	Replace Strategy = "replace"
)

// Order is what is wanted of a change.
type Order struct {
	Question prove.Question // whose document it is, and who is trusted
	Strategy Strategy       // "" is Revoke
	With     string         // Replace: the account, one that the zone trusts
}

// Edit is what becomes of one statement.
type Edit struct {
	Statement int // index in the document before
	Old       policy.Statement
	New       []policy.Statement // none: it goes; in order, the first in its place
}

// Change is a policy before and after.
type Change struct {
	After    string // "" when no statement is left
	Edits    []Edit // by statement; none: the policy is closed already
	Loses    []string
	Keeps    []string
	Proof    []string // what was proven, one sentence each
	Warnings []string // what the proof does not speak of
}

// A Refusal is why a policy cannot be mended: one sentence.
type Refusal struct{ Why string }

// Error implements error.
func (r *Refusal) Error() string { return r.Why }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Make works out the smallest change of a policy that is proven to let in nobody
// outside the zone and to keep who is trusted. An error is a [*Refusal].
func Make(s *Stored, o Order) (*Change, error) {
	if err := o.Question.Check(); err != nil {
		return nil, refuse("%v", err)
	}
	o.Question.Zone = o.Question.Zone.Prepare()
	if o.Strategy == "" {
		o.Strategy = Revoke
	}
	grants := prove.Grants(s.Document, o.Question)
	if len(grants) == 0 {
		return &Change{After: s.Text}, nil
	}
	c := &Change{}
	for i := range s.Statements {
		if !slices.ContainsFunc(grants, func(g prove.Grant) bool { return g.Statement == i }) {
			continue
		}
		cut := cutter{stored: s, order: o, statement: i}
		c.Edits = append(c.Edits, Edit{Statement: i, Old: s.Statements[i], New: cut.pieces()})
	}
	c.name(s)
	if err := c.assemble(s); err != nil {
		return nil, refuse("%v", err)
	}
	return c, c.prove(s, o, grants)
}

// name gives every new statement a Sid of its own: the first takes over the old
// one's where it has one. One that stands in the policy already, since an earlier
// plan was left half done, is not written twice.
func (c *Change) name(s *Stored) {
	for i := range c.Edits {
		e := &c.Edits[i]
		var named []policy.Statement
		for j, piece := range e.New {
			piece.Sid = e.Old.Sid
			stands := false
			if j > 0 {
				piece.Sid, stands = s.Free(e.Old, piece)
			}
			if !stands {
				named = append(named, piece)
			}
		}
		e.New = named
	}
}

// Free is [Derived], or where another statement has that Sid, one that none has.
// Stands: the piece itself is in the policy, under that Sid.
func (s *Stored) Free(old, piece policy.Statement) (sid string, stands bool) {
	for n := 2; ; n++ {
		piece.Sid = Derived(old, piece)
		at := slices.IndexFunc(s.Statements, func(st policy.Statement) bool { return st.Sid == piece.Sid })
		if at < 0 {
			return piece.Sid, false
		}
		if s.exact[at] && spelt(s.Statements[at]) == spelt(piece) {
			return piece.Sid, true
		}
		old.Sid = fmt.Sprintf("%.80s-%d", old.Sid, n)
	}
}

// Derived is the Sid of a piece that stands beside what it is a piece of:
// "<sid>-surety-<6 hex>", always the same for the same piece, 100 characters at most.
func Derived(old, piece policy.Statement) string {
	piece.Sid = ""
	text, _ := printed(piece) // what cannot be printed is refused when it is assembled
	sum := sha256.Sum256(append([]byte(old.Sid+"\n"), text...))
	sid := old.Sid
	if sid == "" {
		sid = "statement"
	}
	return fmt.Sprintf("%.86s-surety-%s", sid, hex.EncodeToString(sum[:3]))
}

// assemble writes the document after all edits.
func (c *Change) assemble(s *Stored) error {
	var all []json.RawMessage
	at := 0
	for i, raw := range s.Raw {
		if at == len(c.Edits) || c.Edits[at].Statement != i {
			all = append(all, raw)
			continue
		}
		for _, piece := range c.Edits[at].New {
			text, err := printed(piece)
			if err != nil {
				return err
			}
			all = append(all, text)
		}
		at++
	}
	var err error
	if c.After, err = s.with(all); err != nil {
		return err
	}
	if len(c.After) > LargestPolicy && len(c.After) > len(s.Text) {
		return fmt.Errorf("the policy would have %d characters, and Lambda keeps %d: trust organisations in place of single accounts, or take statements away first", len(c.After), LargestPolicy)
	}
	return nil
}

// prove shows that the result is closed and that nothing trusted was lost.
func (c *Change) prove(s *Stored, o Order, grants []prove.Grant) error {
	after := &policy.Document{Version: s.Version}
	if c.After != "" {
		var err error
		if after, _, err = policy.ParseStored(c.After); err != nil {
			return refuse("the policy after the change cannot be read: %v", err)
		}
	}
	if _, err := policy.Parse([]byte(s.Text)); err == nil && c.After != "" {
		if _, err := policy.Parse([]byte(c.After)); err != nil {
			return refuse("the policy after the change would be no policy: %v", err)
		}
	}
	answer := prove.Outside(after, o.Question)
	if answer.Verdict != prove.Pass {
		return refuse("after the change it would still not be proven closed: %s", answer.Why)
	}
	if err := Keeps(s.Document, after, o.Question); err != nil {
		return err
	}
	c.Proof = []string{
		"proved: nobody outside the trust zone can invoke afterwards: " + answer.Why,
		"proved: nobody trusted loses access: every request of theirs that the old policy allows, the new one allows",
		"every new statement is an old one with something narrower in it, so nobody gains access",
	}
	if o.Strategy == Replace {
		c.Proof[2] = "every new statement is an old one with something narrower in it, or with account " + o.With + " in the place of a stranger"
	}
	c.tell(grants)
	return nil
}

// Except says in the proof who keeps less than it tells.
func (c *Change) Except(whom string) { c.Proof[keptLine] += ", but for " + whom }

// keptLine is where the proof tells who keeps access.
const keptLine = 1

// Keeps proves that every trusted request that one document allows is allowed by
// another. An error is a [*Refusal].
func Keeps(before, after *policy.Document, q prove.Question) error {
	switch answer := prove.Keeps(before, after, q); answer.Verdict {
	case prove.Kept:
		return nil
	case prove.Lost:
		return refuse("%s would lose access that it has and that is trusted (%s): change the policy by hand, or narrow the trust zone", sayCaller(answer.Witness), statementName(answer.Statement, answer.Sid))
	default:
		return refuse("it is not proven that everybody who is trusted keeps access: %s", answer.Why)
	}
}
