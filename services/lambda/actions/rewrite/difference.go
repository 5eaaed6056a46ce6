package rewrite

import (
	"encoding/json"
	"fmt"
	"slices"

	"surety/policy"
)

// Difference returns the statements that only one of two stored policies has; ""
// is a policy without statements.
func Difference(before, after string) (removed, added []policy.Statement, err error) {
	one, err := opened(before)
	if err != nil {
		return nil, nil, err
	}
	two, err := opened(after)
	if err != nil {
		return nil, nil, err
	}
	return one.without(two), two.without(one), nil
}

func opened(text string) (*Stored, error) {
	if text == "" {
		head := []member{{"Version", quoted(string(policy.Version2012))}, {"Statement", json.RawMessage("[]")}}
		return &Stored{Document: &policy.Document{Version: policy.Version2012}, head: head, place: 1}, nil
	}
	return Open(text)
}

// without returns the statements that other does not have, as often as that is so.
func (s *Stored) without(other *Stored) []policy.Statement {
	have := other.normal()
	var all []policy.Statement
	for i, st := range s.Statements {
		if at := slices.Index(have, s.key(i)); at >= 0 {
			have = slices.Delete(have, at, at+1)
			continue
		}
		all = append(all, st)
	}
	return all
}

// Without returns the policy without its first statement of a Sid, "" when none
// is left.
func (s *Stored) Without(sid string) (string, error) {
	for i, st := range s.Statements {
		if st.Sid == sid {
			return s.with(slices.Delete(slices.Clone(s.Raw), i, i+1))
		}
	}
	return "", fmt.Errorf("taking statement %q out: there is none", sid)
}

// And returns the policy with one more statement at its end.
func (s *Stored) And(more policy.Statement) (string, error) {
	text, err := printed(more)
	if err != nil {
		return "", err
	}
	return s.with(append(slices.Clone(s.Raw), text))
}

// Unique reports whether exactly one statement has this Sid.
func (s *Stored) Unique(sid string) bool {
	n := 0
	for _, st := range s.Statements {
		if st.Sid == sid {
			n++
		}
	}
	return sid != "" && n == 1
}

// Reopen is [Open] for what may have no statement left: "".
func Reopen(text string) (*Stored, error) { return opened(text) }
