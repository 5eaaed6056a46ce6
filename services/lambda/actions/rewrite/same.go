package rewrite

import (
	"slices"
	"strings"

	"surety/policy"
)

// Same reports whether two stored policies hold the same statements, whatever
// their order and however they are spelt: an account by its digits or its root,
// one value alone or in a list, keys in whatever letters.
func Same(a, b string) bool {
	if a == b {
		return true
	}
	one, errOne := Open(a)
	two, errTwo := Open(b)
	if a == "" || b == "" || errOne != nil || errTwo != nil || one.Version != two.Version {
		return false
	}
	return slices.Equal(one.normal(), two.normal())
}

// normal is every statement in one spelling, sorted.
func (s *Stored) normal() []string {
	var all []string
	for i := range s.Statements {
		all = append(all, s.key(i))
	}
	slices.Sort(all)
	return all
}

// key is one statement in one spelling. Where it is not read in full, only the
// same text is the same.
func (s *Stored) key(i int) string {
	if !s.exact[i] {
		return string(s.Raw[i])
	}
	return spelt(s.Statements[i])
}

func spelt(s policy.Statement) string {
	s.Principals.Entries = slices.Clone(s.Principals.Entries)
	for i, e := range s.Principals.Entries {
		if e.Kind == policy.AccountPrincipal {
			s.Principals.Entries[i] = policy.Principal{Kind: e.Kind, Text: e.Account, Account: e.Account}
		}
	}
	s.Conditions = slices.Clone(s.Conditions)
	for i := range s.Conditions {
		s.Conditions[i].Key = strings.ToLower(s.Conditions[i].Key)
		s.Conditions[i].Operator.Equals = false
	}
	slices.SortFunc(s.Conditions, func(a, b policy.Condition) int {
		return strings.Compare(a.Operator.String()+a.Key, b.Operator.String()+b.Key)
	})
	text, _ := printed(s) // what was read can be printed
	return string(text)
}
