package prove

import (
	"maps"
	"slices"
	"strings"

	"surety/policy"
)

// certain reports whether every request of a scenario is trusted, whatever it
// carries: an identity of the owner, a listed service, or one that AWS keeps
// within the owner's account.
func (p *proof) certain(s scenario) bool {
	if s.kind == serviceCall {
		return p.trust.service[s.service.named] || s.service.inside()
	}
	return s.home
}

// telling returns the keys by which a request of a scenario can show that it is
// trusted, where that is not certain and its caller does not say so.
func (p *proof) telling(s scenario) map[string]bool {
	keys := map[string]bool{}
	if p.certain(s) {
		return keys
	}
	z := p.Zone
	switch {
	case s.iam():
		keys["aws:principalorgid"] = len(z.Organizations) > 0
		keys["aws:principalorgpaths"] = len(z.Units) > 0
	case s.kind == serviceCall && s.service.sourced():
		keys["aws:sourceaccount"] = s.home || len(z.Accounts) > 0
		keys["aws:sourcearn"] = keys["aws:sourceaccount"] && s.service.InARN // may come without the account
		keys["aws:sourceorgid"] = len(z.Organizations) > 0
		keys["aws:sourceorgpaths"] = len(z.Organizations)+len(z.Units) > 0 // may come without the id
	case s.kind == serviceCall:
		keys[eventSourceToken] = len(p.tokens()) > 0
	}
	keys["aws:sourceip"] = len(z.Networks.CIDRs) > 0
	keys["aws:sourcevpc"] = len(z.Networks.VPCs) > 0
	keys["aws:sourcevpce"] = len(z.Networks.Endpoints) > 0
	maps.DeleteFunc(keys, func(_ string, tells bool) bool { return !tells })
	return keys
}

// shows reports whether a caller, or some keys of its request, show that the
// request is trusted: that nobody untrusted can make the same one.
func (p *proof) shows(c policy.Caller, ctx policy.Context) bool {
	account := only(ctx, "aws:sourceaccount")
	if parts := strings.SplitN(only(ctx, "aws:sourcearn"), ":", 6); account == "" && len(parts) == 6 {
		account = parts[4]
	}
	token := only(ctx, eventSourceToken)
	alexa := p.scenario.kind == serviceCall && !p.scenario.service.sourced()
	return p.trust.caller(c) || account != "" && p.trust.account(account) || p.trust.near(ctx) ||
		p.trust.member(only(ctx, "aws:principalorgid"), only(ctx, "aws:principalorgpaths")) ||
		p.trust.member(only(ctx, "aws:sourceorgid"), only(ctx, "aws:sourceorgpaths")) ||
		alexa && slices.Contains(p.tokens(), token)
}

// trim leaves out of a request what only shows that it is trusted, and needs not.
func (p *proof) trim(r policy.Request) policy.Request {
	for _, key := range slices.Sorted(maps.Keys(p.tells)) {
		v, there := r.Context[key]
		if !there || p.named[key] {
			continue
		}
		if delete(r.Context, key); !p.shows(r.Caller, r.Context) {
			r.Context[key] = v
		}
	}
	return r
}
