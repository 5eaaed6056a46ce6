package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda"
)

// The actions behind the door of a function URL. Since November 2026 every URL
// needs both: InvokeFunctionUrl to be reached, and InvokeFunction, which is
// usually bound to calls that come through a URL. Source: Lambda developer
// guide, function URL authorization.
const (
	actionURL    = "lambda:InvokeFunctionUrl"
	actionInvoke = "lambda:InvokeFunction"
	keyViaURL    = "lambda:invokedviafunctionurl"
	keyAuthType  = "lambda:functionurlauthtype"

	keySourceFunction = "lambda:sourcefunctionarn" // of calls by the role of a function
)

// document is one resource policy of a function, and what is known around it.
type document struct {
	*policy.Document
	fn        *lambda.Function
	qualifier string
	urlsKnown bool
}

// live turns what was proven into evidence: the two halves of a URL grant
// become one, and what no URL serves today is marked dormant.
func (d *document) live(proven []prove.Grant) []accessGrant {
	var all []accessGrant
	for i, g := range proven {
		if d.halfOfAnother(i, proven) {
			continue
		}
		dormant, why := d.dormant(g, proven)
		if g.Kind == prove.KindUndecided {
			why = g.Why
		}
		one := accessGrant{
			Kind: string(g.Kind), Door: string(cmp.Or(g.Door, prove.DoorDirect)), Qualifier: d.qualifier, Statement: g.Statement, Sid: g.Sid,
			Principal: g.Principal, Action: g.Action, Dormant: dormant, Witness: g.Witness, Why: why,
			Digest: d.digest(g.Statement),
		}
		if r := d.anonymous(g); r != nil { // what is said of anyone is shown of anyone
			one.Witness, one.anonymous = r, true
		}
		all = append(all, one)
	}
	return all
}

func byURL(g prove.Grant) bool    { return g.Door == prove.DoorURL && g.Witness != nil }
func opensURL(g prove.Grant) bool { return byURL(g) && strings.EqualFold(g.Action, actionURL) }

// halfOfAnother reports whether grant i is the InvokeFunction half of a URL
// grant whose other half is told already.
func (d *document) halfOfAnother(i int, proven []prove.Grant) bool {
	g := proven[i]
	return byURL(g) && !opensURL(g) && slices.ContainsFunc(proven, func(other prove.Grant) bool {
		return opensURL(other) && d.sameCaller(other, g)
	})
}

// dormant reports whether a URL grant opens nothing today, and why: its other
// half is missing, or no URL is there for it. What cannot be told is not dormant.
func (d *document) dormant(g prove.Grant, proven []prove.Grant) (dormant bool, why string) {
	switch {
	case !byURL(g):
		return false, ""
	case !opensURL(g): // its other half would have hidden it
		return true, "dormant: " + actionURL + " is not granted"
	case !d.mayInvoke(g, proven):
		return true, "dormant: " + actionInvoke + " is not granted"
	case !d.hasURL(g):
		return true, "dormant: no URL serves it today"
	}
	return false, ""
}

// anonymous returns the request of a caller without credentials that a URL grant
// lets in as well; nil when there is none. Such a request carries none of the
// other keys of a principal.
func (d *document) anonymous(g prove.Grant) *policy.Request {
	if !byURL(g) {
		return nil
	}
	r := *g.Witness
	r.Caller = policy.Caller{Type: policy.AnonymousCaller}
	r.Context = maps.Clone(r.Context)
	maps.DeleteFunc(r.Context, func(key string, _ policy.Value) bool { return ofIdentity(key) })
	own := policy.Context{"aws:userid": policy.Text("anonymous"), "aws:principaltype": policy.Text("Anonymous")}
	if opensURL(g) {
		own[keyAuthType] = policy.Text("NONE")
	}
	if _, bound := r.Context["aws:viaawsservice"]; bound {
		r.Context["aws:viaawsservice"] = policy.Text("false")
	}
	maps.Copy(r.Context, own)
	r.Context["aws:principalaccount"] = policy.Text("anonymous")
	if policy.Evaluate(d.Document, r).Outcome != policy.Allowed {
		return nil
	}
	text := strings.ToLower(d.String())
	maps.DeleteFunc(r.Context, func(key string, _ policy.Value) bool {
		_, its := own[key]
		return its && !strings.Contains(text, key) // nothing hangs on what the document does not name
	})
	return &r
}

// ofIdentity holds for the keys that only a request with credentials carries.
// Source: IAM user guide, global condition context keys.
func ofIdentity(key string) bool {
	return slices.ContainsFunc([]string{
		"aws:principal", "aws:userid", "aws:username", "aws:multifactorauth", "aws:tokenissuetime", "aws:sourceidentity",
		"aws:calledvia", keySourceFunction,
	}, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// mayInvoke looks for the other half: a statement that allows InvokeFunction to
// the same caller, be it through a URL only or directly.
func (d *document) mayInvoke(g prove.Grant, proven []prove.Grant) bool {
	r := *g.Witness
	r.Action = actionInvoke
	r.Context = maps.Clone(r.Context)
	delete(r.Context, keyAuthType)
	r.Context[keyViaURL] = policy.Text("true")
	return policy.Evaluate(d.Document, r).Outcome == policy.Allowed || slices.ContainsFunc(proven, func(other prove.Grant) bool {
		return other.Action == actionInvoke && d.sameCaller(g, other)
	})
}

// sameCaller reports whether one caller could use both grants: the entries are
// equal, one lets everybody in, or both are of one account.
func (d *document) sameCaller(a, b prove.Grant) bool {
	if a.Principal == b.Principal || a.Principal == "*" || b.Principal == "*" {
		return true
	}
	account := callerAccount(a)
	return account != "" && account == callerAccount(b)
}

func callerAccount(g prove.Grant) string {
	if g.Witness == nil {
		return ""
	}
	return g.Witness.Caller.Account
}

// hasURL reports whether a URL that this document serves would let the grant's
// caller pass. An alias' document serves the URL of that alias alone; how far
// the function's own reaches is doubtful, so any URL counts.
func (d *document) hasURL(g prove.Grant) bool {
	if !d.urlsKnown {
		return true
	}
	return slices.ContainsFunc(d.fn.URLs, func(u lambda.URL) bool {
		return (d.qualifier == "" || u.Qualifier == d.qualifier) && d.passes(g, u.AuthType)
	})
}

// passes reports whether the grant holds at a URL of this auth type. A witness
// has no key that can be left out, so one without the key passes anywhere.
func (d *document) passes(g prove.Grant, authType string) bool {
	if _, bound := g.Witness.Context[keyAuthType]; !bound {
		return true
	}
	r := *g.Witness
	r.Context = maps.Clone(r.Context)
	r.Context[keyAuthType] = policy.Text(authType)
	return policy.Evaluate(d.Document, r).Outcome == policy.Allowed
}
