package rules

import (
	"strings"
	"sync"

	"surety/internal/resource"
	"surety/internal/rule"
	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda"
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
	quiet  map[quiet]rule.Verdict
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
	return v.Once("Lambda-002: documents known to be closed", func() any { return newKnownClosed() }).(*knownClosed)
}

func newKnownClosed() *knownClosed {
	return &knownClosed{closed: map[string]bool{}, texts: map[string]bool{}, quiet: map[quiet]rule.Verdict{}}
}

// text reports whether a document of this text is known to let nobody in, and
// to be worth no note. Scope tells trust zones, organisations, owners and
// regions apart.
func (k *knownClosed) text(text, arn, scope string) bool {
	if strings.Contains(text, gone) {
		return false // no JSON, and not to be taken for some
	}
	var room [1 << 10]byte
	key := appendText(room[:0], text, arn, scope)
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.texts[string(key)]
}

// appendText appends what tells a text from others, but for the function's ARN.
func appendText(key []byte, text, arn, scope string) []byte {
	key = append(append(key, scope...), '\n')
	for {
		before, after, found := strings.Cut(text, arn)
		key = append(key, before...)
		if !found {
			return key
		}
		key, text = append(key, gone...), after
	}
}

// remember keeps the text of a document that was closed by widening. Only its
// resources may name the function, since these alone made no difference; a
// backslash could hide the name.
func (k *knownClosed) remember(text, arn, scope string, doc *policy.Document) {
	if k.full() || strings.Contains(text, `\`) {
		return
	}
	named := 0
	for _, s := range doc.Statements {
		for _, r := range s.Resources.Texts {
			named += strings.Count(r, arn)
		}
	}
	if strings.Count(text, arn) != named {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.texts) < mostTexts {
		k.texts[string(appendText(nil, text, arn, scope))] = true
	}
}

// full reports whether no further text is remembered.
func (k *knownClosed) full() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.texts) >= mostTexts
}

// document reports whether a document is proven closed by its widened form;
// false says nothing.
func (k *knownClosed) document(doc *policy.Document, q prove.Question, scope string) bool {
	var room [1 << 10]byte
	key, ok := appendWidened(append(room[:0], scope...), doc, q)
	if !ok {
		return false
	}
	k.mu.RLock()
	closed, found := k.closed[string(key)]
	k.mu.RUnlock()
	if found {
		return closed
	}
	q.Qualifier = "" // the function's own document is asked about every qualifier
	closed = prove.Outside(widen(doc), q).Verdict == prove.Pass
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.closed) < mostClosed {
		k.closed[string(key)] = closed
	}
	return closed
}

// quiet is what the verdict on a function hangs on whose documents let nobody in
// and are worth no note.
type quiet struct {
	account resource.Account
	alone   bool // nobody else is trusted
}

// nobody returns that verdict, which is one for all of them.
func (k *knownClosed) nobody(v rule.View, fn *lambda.Function, zone prove.Zone) rule.Verdict {
	of := quiet{fn.Account, empty(zone)}
	k.mu.RLock()
	verdict, found := k.quiet[of]
	k.mu.RUnlock()
	if found {
		return verdict
	}
	verdict = verdictOf(v, fn, zone, access{Grants: []accessGrant{}, Notes: []string{}})
	verdict.Evidence = written(verdict.Evidence)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.quiet[of] = verdict
	return verdict
}
