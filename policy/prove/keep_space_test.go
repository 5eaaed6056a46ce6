package prove_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/prove"
)

// change is one document before and after, under one question.
type change struct {
	before, after *policy.Document
	q             prove.Question
}

func (c change) String() string { return fmt.Sprintf("%s\n%s\n%+v", c.before, c.after, c.q) }

// space is the request space of a change: both documents name keys, and trusted
// requests are in it.
func (c change) space() *space {
	s, after := newSpace(c.before, c.q), newSpace(c.after, c.q)
	s.trusting = true
	maps.Copy(s.named, after.named)
	maps.Copy(s.heard, after.heard)
	return s
}

// telling returns the space with the keys by which a request can show that it is
// trusted among those that are named.
func (c change) telling() *space {
	s, z := c.space(), c.q.Zone
	s.named["aws:sourceaccount"], s.named["aws:sourcearn"] = true, true
	for key, tells := range map[string]bool{
		"aws:principalorgid": z.Organizations != nil, "aws:sourceorgid": z.Organizations != nil,
		"aws:principalorgpaths": z.Units != nil, "aws:sourceorgpaths": z.Organizations != nil || z.Units != nil,
		"aws:sourceip": z.Networks.CIDRs != nil, "aws:sourcevpc": z.Networks.VPCs != nil, "aws:sourcevpce": z.Networks.Endpoints != nil,
	} {
		if tells {
			s.named[key] = true
		}
	}
	return s
}

// lost reports whether a change takes a request away from somebody trusted, told
// a second time: nobody untrusted can make the same request, however it is that
// a source which the request leaves open is chosen.
func (c change) lost(s *space, r policy.Request) bool {
	return policy.Evaluate(c.before, r).Outcome == policy.Allowed && policy.Evaluate(c.after, r).Outcome != policy.Allowed &&
		(s.trusted(r, told(r)) || s.pinned(r)) && s.possible(r) == nil
}

// pinned reports whether a call of Alexa is for a skill that the document spells
// out, letter for letter, which pins its caller.
func (s *space) pinned(r policy.Request) bool {
	v := r.Context["lambda:eventsourcetoken"]
	same := func(a, b string) bool { return a == b }
	return strings.HasSuffix(r.Caller.Service, ".amazon.com") && len(v.Texts) == 1 && s.spelled(v.Texts[0], same)
}

// possible reports what is wrong with a request of the owner's account, or for
// it: such requests are of no interest where strangers are sought.
func (s *space) possible(r policy.Request) error {
	get := func(key string) string {
		if v := r.Context[key]; len(v.Texts) == 1 {
			return v.Texts[0]
		}
		return ""
	}
	within := func(id, path string) bool {
		return s.q.Organization == "" || (id == "" || id == s.q.Organization) && (path == "" || strings.HasPrefix(path, s.q.Organization+"/"))
	}
	switch {
	case r.Caller.Type == policy.IAMCaller && r.Caller.Account == s.owner:
		id, path := get("aws:principalorgid"), get("aws:principalorgpaths")
		if !within(id, path) {
			return fmt.Errorf("the owner is in %s", s.q.Organization)
		}
		if s.q.Organization != "" && (s.named["aws:principalorgid"] && id == "" || s.named["aws:principalorgpaths"] && path == "") {
			return fmt.Errorf("the owner's organisation is missing")
		}
	case r.Caller.Type == policy.ServiceCaller:
		account := told(r).account
		inside := serviceRow(r.Caller.Service).inside
		if inside && (get("aws:sourceaccount") != "" || get("aws:sourcearn") != "") && account != s.owner {
			return fmt.Errorf("%s calls for the owner only", r.Caller.Service)
		}
		if (inside || account == s.owner) && !within(get("aws:sourceorgid"), get("aws:sourceorgpaths")) {
			return fmt.Errorf("the owner is in %s", s.q.Organization)
		}
	}
	return nil
}

// refuted reports what is wrong with the witness of a LOST.
func (c change) refuted(got prove.Answer) error {
	if got.Witness == nil {
		return fmt.Errorf("%s without a witness", got.Verdict)
	}
	w, s := *got.Witness, c.space()
	if d := policy.Evaluate(c.before, w); d.Outcome != policy.Allowed || d.Statement != got.Statement || d.Sid != got.Sid {
		return fmt.Errorf("the witness gets %+v, by statement %d", d, got.Statement)
	}
	if err := s.contains(w); err != nil {
		return fmt.Errorf("the witness is not of the space: %w", err)
	}
	if !c.lost(s, w) {
		return fmt.Errorf("the witness loses nothing, or is not trusted (%v)", s.possible(w))
	}
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	if again, err := policy.ParseRequest(text); err != nil || !c.lost(s, again) {
		return fmt.Errorf("the witness is lost when written: %s: %w", text, err)
	}
	for _, key := range slices.Sorted(maps.Keys(w.Context)) {
		less := w
		less.Context = maps.Clone(w.Context)
		delete(less.Context, key)
		if strings.HasPrefix(key, "aws:principalorg") {
			delete(less.Context, "aws:principalorgid")
			delete(less.Context, "aws:principalorgpaths")
		}
		if !s.heard[key] && s.contains(less) == nil && c.lost(s, less) {
			return fmt.Errorf("%s could be left out", key)
		}
	}
	return nil
}
