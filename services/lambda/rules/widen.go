package rules

import (
	"strconv"
	"strings"

	"surety/policy"
	"surety/policy/prove"
)

// widen returns a document that allows at least what doc allows, for the
// documents that [appendWidened] takes.
//
// What is dropped: the resources; and in a source ARN what stands behind the
// account. With these gone nothing in the document can tell one function of an
// account and region from another, since no key that is taken does.
func widen(doc *policy.Document) *policy.Document {
	wide := &policy.Document{Version: doc.Version, Statements: make([]policy.Statement, len(doc.Statements))}
	for i, s := range doc.Statements {
		conditions := make([]policy.Condition, len(s.Conditions))
		for j, c := range s.Conditions {
			values := make([]string, len(c.Values))
			for n, value := range c.Values {
				kept, star := widenValue(c, value)
				values[n] = kept + star
			}
			conditions[j] = policy.Condition{Operator: c.Operator, Key: strings.ToLower(c.Key), Values: values}
		}
		wide.Statements[i] = s
		wide.Statements[i].Resources = policy.Patterns{Texts: []string{"*"}}
		wide.Statements[i].Conditions = conditions
	}
	return wide
}

// appendWidened appends to a key what two documents share only when their widened
// forms are alike but for Sids. It declines what holds anything that it does not
// know, or that would not gain.
func appendWidened(key []byte, doc *policy.Document, q prove.Question) (_ []byte, ok bool) {
	key = appendPart(key, 'V', string(doc.Version), "")
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect != policy.Allow || s.Principals.Negated || s.Actions.Negated || s.Resources.Negated {
			return nil, false
		}
		key = append(key, 'S')
		for _, p := range s.Principals.Entries {
			if p.Account != "" && !strings.Contains(q.Function, ":"+p.Account+":") && !q.Zone.Trusts(p.Account) {
				return nil, false // a stranger: there is hardly a proof to be had
			}
			key = appendPart(append(key, '0'+byte(p.Kind)), 'p', p.Text, "")
		}
		for _, a := range s.Actions.Texts {
			key = appendPart(key, 'a', a, "")
		}
		for _, c := range s.Conditions {
			name := plainKey(c.Key)
			if name == "" {
				return nil, false
			}
			key = appendPart(appendPart(key, 'o', c.Operator.String(), ""), 'c', name, "")
			for _, value := range c.Values {
				if strings.Contains(value, "$") {
					return nil, false
				}
				kept, star := widenValue(c, value)
				key = appendPart(key, 'v', kept, star)
			}
		}
	}
	return key, true
}

// appendPart appends a text in two pieces with their length, so that no text can
// look like several.
func appendPart(key []byte, kind byte, text, more string) []byte {
	key = append(strconv.AppendInt(append(key, kind), int64(len(text)+len(more)), 10), ':')
	return append(append(key, text...), more...)
}

// plainKey returns a key that widening takes, in lower case; "" for any other.
func plainKey(key string) string {
	for _, name := range [...]string{sourceARN, "aws:sourceaccount", "aws:sourceorgid", "aws:principalorgid", "aws:principalaccount"} {
		if len(name) == len(key) && strings.EqualFold(name, key) { // of one length, hence ASCII
			return name
		}
	}
	return ""
}

const sourceARN = "aws:sourcearn"

// widenValue lets a pattern for source ARNs match every resource of its account:
// it returns what is kept of a value, and the star behind it.
func widenValue(c policy.Condition, value string) (kept, star string) {
	if c.Operator.Comparison != policy.ArnLike || c.Operator.Negated || plainKey(c.Key) != sourceARN {
		return value, ""
	}
	end := 0
	for range 5 {
		colon := strings.IndexByte(value[end:], ':')
		if colon < 0 {
			return value, ""
		}
		end += colon + 1
	}
	return value[:end], "*"
}
