package policy

import (
	"strings"

	"surety/policy/internal/glob"
)

// Outcome is what a policy says to a request.
type Outcome string

// The outcomes. The zero Outcome is none of them.
const (
	Allowed Outcome = "Allow"   // an Allow applies and no Deny does
	Denied  Outcome = "Deny"    // a Deny applies
	NoMatch Outcome = "NoMatch" // no statement applies
)

// Decision is the answer to one request.
type Decision struct {
	Outcome Outcome `json:"decision"`
	// Statement is the index of the first statement that decided: a Deny if
	// any applies, else an Allow; -1 for [NoMatch].
	Statement int    `json:"statement"`
	Sid       string `json:"sid"` // of that statement; "" where it has none
}

// Evaluate answers one request by one policy. The policies of the caller and
// of its organisation are not its concern, nor is who the owner is.
//
// Where AWS's documents leave room, an Allow applies to more and a Deny to less.
func Evaluate(d *Document, r Request) Decision {
	allow := -1
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Effect == Allow && allow >= 0 || !s.AppliesTo(d, r) {
			continue
		}
		if s.Effect == Deny {
			return Decision{Denied, i, s.Sid}
		}
		allow = i
	}
	if allow < 0 {
		return Decision{NoMatch, -1, ""}
	}
	return Decision{Allowed, allow, d.Statements[allow].Sid}
}

// AppliesTo reports whether the statement, one of d, applies to r: whether its
// principals, actions, resources and every condition match.
func (s *Statement) AppliesTo(d *Document, r Request) bool {
	if s.Void || !s.Actions.MatchAction(r.Action) {
		return false
	}
	partition, _ := arnPartition(r.Resource)
	if !s.Principals.Match(r.Caller, partition, s.Effect) {
		return false
	}
	if !s.Resources.MatchResource(d, s.Effect, r.Context, r.Resource) {
		return false
	}
	for _, c := range s.Conditions {
		if !c.Holds(d, s.Effect, r.Context) {
			return false
		}
	}
	return true
}

// MatchAction reports whether an Action or NotAction element takes action in:
// patterns over the whole text, without regard to ASCII case and without variables.
func (p Patterns) MatchAction(action string) bool {
	for _, text := range p.Texts {
		if matchAction(text, action) {
			return !p.Negated
		}
	}
	return p.Negated
}

func matchAction(text, action string) bool {
	if text == "*" {
		return true
	}
	if !strings.ContainsAny(text, "*?") {
		return equalFold(text, action)
	}
	return glob.Wildcards(text).IgnoreCase().Match(action)
}

// MatchResource reports whether a Resource or NotResource element, in a
// statement of that effect in d, takes resource in.
//
// A variable belongs behind the fifth colon; one before it is put in only where
// the reading is wide. A text with a variable that has no value matches no
// resource. It also takes NotResource, and the whole Resource element of a Deny, with it: AWS says that
// a statement may become invalid by such a variable.
// Source: IAM User Guide, policy variables with no value.
func (p Patterns) MatchResource(d *Document, e Effect, ctx Context, resource string) bool {
	wide := (e == Allow) != p.Negated
	one := p.Negated || e == Deny // one text without value decides for all
	matched := false
	for _, text := range p.Texts {
		match, valued := matchResource(text, resource, d.Variables(), wide, ctx)
		if !valued && one {
			return false
		}
		matched = matched || match
	}
	return matched != p.Negated
}

func matchResource(text, resource string, variables, wide bool, ctx Context) (match, valued bool) {
	if text == "*" {
		return true, true
	}
	if variables && strings.Contains(text, "${") {
		template := glob.Parse(text, glob.Mode{Wild: true, Variables: true})
		pattern, ok := template.Expand(ctx.Variable)
		if !ok {
			return false, false
		}
		if !wide && template.Early() {
			return false, true
		}
		pattern, ok = pattern.Resource(wide)
		return ok && pattern.Match(resource), true
	}
	if !strings.ContainsAny(text, "*?") && glob.IsARN(text) {
		return text == resource, true
	}
	pattern, ok := glob.Wildcards(text).Resource(wide)
	return ok && pattern.Match(resource), true
}
