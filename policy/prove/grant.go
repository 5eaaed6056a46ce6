package prove

import (
	"fmt"
	"slices"
	"strings"

	"surety/policy"
)

// Kind says what sort of stranger a grant lets in.
type Kind string

// The kinds.
const (
	KindForeignAccount Kind = "foreign-account"        // an account that the document names
	KindForeignOrg     Kind = "foreign-org"            // an organisation that it names
	KindPublic         Kind = "public"                 // anybody
	KindForeignSource  Kind = "service-foreign-source" // a service, for an account that the document names
	KindUnpinned       Kind = "service-unpinned"       // a service, for anybody
	KindBucket         Kind = "bucket-without-account" // a service whose source names no account, such as a bucket
	KindUndecided      Kind = "undecided"
)

// Door says how the stranger comes in.
type Door string

// The doors.
const (
	DoorDirect  Door = "direct"
	DoorURL     Door = "url"
	DoorService Door = "service"
)

// Grant is one way in for the untrusted.
type Grant struct {
	Statement int    // index in the document
	Sid       string // "" where it has none
	Principal string // the entry as written
	Action    string
	Kind      Kind
	Door      Door
	Witness   *policy.Request // nil when undecided
	Why       string          // one sentence
}

// describe names the kind and the door of a grant from its witness.
func (p *proof) describe(g *Grant) {
	w := g.Witness
	if p.after != nil {
		g.Why = fmt.Sprintf("statement %d allows %s to call %s, and nothing does after the change", g.Statement, sayTrusted(w), w.Action)
		return
	}
	switch {
	case p.scenario.kind == serviceCall:
		g.Door = DoorService
		g.Kind = p.serviceKind(w)
	case w.Action == invokeFunctionURL || isTrue(w.Context["lambda:invokedviafunctionurl"]):
		g.Door = DoorURL
		g.Kind = p.callerKind(w)
	default:
		g.Door = DoorDirect
		g.Kind = p.callerKind(w)
	}
	g.Why = fmt.Sprintf("statement %d allows %s to call %s", g.Statement, p.sayWho(w, g.Kind), w.Action)
}

func isTrue(v policy.Value) bool { return len(v.Texts) == 1 && strings.EqualFold(v.Texts[0], "true") }

func (p *proof) callerKind(w *policy.Request) Kind {
	org := w.Context["aws:principalorgid"]
	paths := w.Context["aws:principalorgpaths"]
	switch {
	case w.Caller.Type == policy.IAMCaller && p.mentions(w.Caller.Account):
		return KindForeignAccount
	case len(org.Texts) == 1 && p.mentions(org.Texts[0]), len(paths.Texts) == 1 && p.mentions(strings.SplitN(paths.Texts[0], "/", 2)[0]):
		return KindForeignOrg
	}
	return KindPublic
}

func (p *proof) serviceKind(w *policy.Request) Kind {
	account := w.Context["aws:sourceaccount"]
	arn := w.Context["aws:sourcearn"]
	org := w.Context["aws:sourceorgid"]
	for _, v := range []policy.Value{account, org} {
		if len(v.Texts) == 1 && p.mentions(v.Texts[0]) {
			return KindForeignSource
		}
	}
	if len(arn.Texts) == 1 {
		owner := strings.SplitN(arn.Texts[0], ":", 6)[4]
		switch {
		case owner == "":
			return KindBucket
		case p.mentions(owner):
			return KindForeignSource
		}
	}
	return KindUnpinned
}

// sayWho says who comes in, for people.
func (p *proof) sayWho(w *policy.Request, k Kind) string {
	switch {
	case k == KindForeignAccount:
		return "account " + w.Caller.Account
	case k == KindForeignOrg:
		return "a foreign organisation"
	case k == KindPublic && w.Caller.Type == policy.AnonymousCaller:
		return "anybody, without credentials,"
	case k == KindPublic:
		return "any AWS account"
	case k == KindBucket:
		return w.Caller.Service + ", for a source whose ARN names no account,"
	case k == KindForeignSource:
		return w.Caller.Service + ", for a foreign account that the statement names,"
	}
	return w.Caller.Service + ", for any account,"
}

// sayTrusted says who would lose, for people.
func sayTrusted(w *policy.Request) string {
	switch w.Caller.Type {
	case policy.ServiceCaller:
		return w.Caller.Service + ", for a trusted source,"
	case policy.IAMCaller:
		return w.Caller.ARN
	}
	return "anybody of a trusted network"
}

// reason is why a statement lets nobody in.
type reason struct {
	keys []string // condition keys of the cluster that alone keeps it shut
	deny bool     // it takes a Deny
}

// shut keeps the reason why a statement stayed shut in one scenario.
func (p *proof) shut(statement int, b *board, wall *cluster) {
	r := &p.closed[statement]
	if wall == nil {
		r.deny = r.deny || len(b.bars) > 0 && len(r.keys) == 0
		return
	}
	for _, t := range wall.tests {
		if t.cond != nil && t.effect == policy.Allow {
			r.add(t.cond.Key)
		}
	}
}

func (r *reason) add(key string) {
	if !slices.Contains(r.keys, key) {
		r.keys = append(r.keys, key)
	}
}

// why says in one sentence why nobody untrusted is let in.
func (p *proof) why() string {
	allows, open := 0, 0
	var keys []string
	deny := false
	for i := range p.doc.Statements {
		s := &p.doc.Statements[i]
		if s.Effect != policy.Allow || s.Void {
			continue
		}
		allows++
		r := p.closed[i]
		if len(r.keys) > 0 || r.deny {
			open++
		}
		deny = deny || r.deny
		for _, k := range r.keys {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	switch {
	case allows == 0:
		return "no statement allows anything"
	case open == 0:
		return "no Allow statement names anybody outside the trust zone for these actions on this function"
	case deny && len(keys) == 0:
		return "every untrusted request that is allowed is also denied"
	case deny:
		return "every untrusted request fails a condition on " + strings.Join(keys, ", ") + " or is denied"
	}
	return "every untrusted request fails a condition on " + strings.Join(keys, ", ")
}

// doubt names what could not be decided exactly.
func (p *proof) doubt(b *board) string {
	var keys []string
	for _, t := range b.tests {
		if t.unsure && !slices.Contains(keys, t.key) {
			keys = append(keys, t.key)
		}
	}
	slices.Sort(keys)
	return "the tests on " + strings.Join(keys, ", ") + " compare one key in ways that cannot be combined exactly"
}

// notes names dead principals; they let nobody in.
func (p *proof) notes() []string {
	var notes []string
	for i := range p.doc.Statements {
		for _, e := range p.doc.Statements[i].Principals.Entries {
			if e.Kind == policy.UniqueID {
				notes = append(notes, fmt.Sprintf("statement %d names %s, what is left of a deleted user or role: it matches nobody", i, e.Text))
			}
		}
	}
	return notes
}
