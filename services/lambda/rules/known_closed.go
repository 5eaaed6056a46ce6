package rules

import (
	"slices"
	"strings"
	"sync"

	"surety/internal/rule"
	"surety/policy"
	"surety/policy/prove"
)

// Most policies of an account are copies of a few that differ in names only.
// knownClosed proves one for all of them, and stays sound by proving more than
// is asked: a document is widened until the names are gone, so that it allows
// all that the original allows, and more. When the widened one lets nobody in,
// the original does not either. When it does let somebody in, that says nothing,
// and the original is proven as it is.
type knownClosed struct {
	mu     sync.RWMutex
	closed map[string]bool // by everything that the widened answer hangs on
	texts  map[string]bool // texts, less the function's ARN, whose document is closed so
}

// How many documents are remembered at most, for accounts where no two are
// alike. What is common shows up early.
const (
	mostClosed = 1 << 14
	mostTexts  = 1 << 12
)

// gone stands in a remembered text where the function's ARN stood. No JSON text
// holds it as it is, so equal texts had the ARN in the same places.
const gone = "\x00"

func closedBefore(v rule.View) *knownClosed {
	return v.Once("Lambda-002: documents known to be closed", func() any {
		return &knownClosed{closed: map[string]bool{}, texts: map[string]bool{}}
	}).(*knownClosed)
}

// text reports whether a document of this text is known to let nobody in, and
// to be worth no note. Scope tells trust zones, organisations, owners and
// regions apart.
func (k *knownClosed) text(text, arn, scope string) bool {
	key := scope + "\n" + strings.ReplaceAll(text, arn, gone)
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.texts[key]
}

// remember keeps the text of a document that was closed by widening. Only its
// resources may name the function, since these alone made no difference; a
// backslash could hide the name.
func (k *knownClosed) remember(text, arn, scope string, doc *policy.Document) {
	named := 0
	for _, s := range doc.Statements {
		for _, r := range s.Resources.Texts {
			named += strings.Count(r, arn)
		}
	}
	if strings.Contains(text, `\`) || strings.Count(text, arn) != named {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.texts) < mostTexts {
		k.texts[scope+"\n"+strings.ReplaceAll(text, arn, gone)] = true
	}
}

// document reports whether a document is proven closed by its widened form;
// false says nothing.
func (k *knownClosed) document(doc *policy.Document, q prove.Question, scope string) bool {
	wide, key, ok := widen(doc, q)
	if !ok {
		return false
	}
	key = scope + "\n" + key
	k.mu.RLock()
	closed, found := k.closed[key]
	k.mu.RUnlock()
	if found {
		return closed
	}
	q.Qualifier = "" // the function's own document is asked about every qualifier
	closed = prove.Outside(wide, q).Verdict == prove.Pass
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.closed) < mostClosed {
		k.closed[key] = closed
	}
	return closed
}

// widen returns a document that allows at least what doc allows, and a text that
// two documents share only when their widened forms are alike but for Sids. It
// declines what holds anything that it does not know, or that would not gain.
//
// What is dropped: the resources; and in a source ARN what stands behind the
// account. With these gone nothing in the document can tell one function of an
// account and region from another, since no key that widen takes does.
func widen(doc *policy.Document, q prove.Question) (wide *policy.Document, key string, ok bool) {
	wide = &policy.Document{Version: doc.Version, Statements: make([]policy.Statement, len(doc.Statements))}
	var b strings.Builder
	b.WriteString(string(doc.Version))
	for i, s := range doc.Statements {
		if s.Effect != policy.Allow || s.Principals.Negated || s.Actions.Negated || s.Resources.Negated {
			return nil, "", false
		}
		b.WriteString("\nstatement")
		for _, p := range s.Principals.Entries {
			if p.Account != "" && !strings.Contains(q.Function, ":"+p.Account+":") && !q.Zone.Trusts(p.Account) {
				return nil, "", false // a stranger: there is hardly a proof to be had
			}
			b.WriteString("\np" + string(rune('0'+p.Kind)) + p.Text)
		}
		for _, a := range s.Actions.Texts {
			b.WriteString("\na" + a)
		}
		wide.Statements[i] = s
		wide.Statements[i].Resources = policy.Patterns{Texts: []string{"*"}}
		if wide.Statements[i].Conditions, ok = widenConditions(&b, s.Conditions); !ok {
			return nil, "", false
		}
	}
	return wide, b.String(), true
}

// widenConditions widens what narrows by a source ARN, and copies the rest.
func widenConditions(key *strings.Builder, conditions []policy.Condition) ([]policy.Condition, bool) {
	wide := make([]policy.Condition, len(conditions))
	for i, c := range conditions {
		name := strings.ToLower(c.Key)
		if !slices.Contains([]string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:principalorgid", "aws:principalaccount"}, name) {
			return nil, false
		}
		wide[i] = policy.Condition{Operator: c.Operator, Key: name, Values: make([]string, len(c.Values))}
		key.WriteString("\nc" + c.Operator.String() + " " + name)
		for j, value := range c.Values {
			if strings.Contains(value, "$") {
				return nil, false
			}
			if name == "aws:sourcearn" && c.Operator.Comparison == policy.ArnLike && !c.Operator.Negated {
				value = widenARN(value)
			}
			wide[i].Values[j] = value
			key.WriteString("\nv" + value)
		}
	}
	return wide, true
}

// widenARN lets a pattern match every resource of its account.
func widenARN(pattern string) string {
	segments := strings.SplitN(pattern, ":", 6)
	if len(segments) < 6 {
		return pattern
	}
	return strings.Join(segments[:5], ":") + ":*"
}
