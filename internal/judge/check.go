package judge

import (
	"encoding/json"
	"slices"
	"strings"

	"surety/internal/check"
	"surety/internal/resource"
	"surety/internal/rule"
)

func (v *view) judge(res resource.Resource) Result {
	result := Result{Ref: res.Ref(), Checks: make([]check.Check, 0, len(v.Rules))}
	for _, r := range v.Rules {
		if r.Type != result.Ref.Type {
			continue
		}
		if one, applies := v.check(r, res); applies {
			result.Checks = append(result.Checks, one)
		} else {
			result.NotApplicable++
		}
	}
	return result
}

// check asks one rule about one resource. A fail stays a fail whatever was not
// read; a pass stands only when everything that it hangs on was.
func (v *view) check(r *rule.Rule, res resource.Resource) (check.Check, bool) {
	verdict := r.Judge(v, res)
	if verdict.Outcome == rule.NotApplicable {
		return check.Check{}, false
	}
	ref := res.Ref()
	c := check.Check{
		ID: check.ID(r.ID, ref.ID), Rule: r.ID, Name: r.Name, Status: check.Fail, Risk: r.Risk,
		Resource: ref.ID, Type: ref.Type, Account: ref.Account, Region: ref.Region,
		Message: verdict.Message, Evidence: evidence(verdict.Evidence),
	}
	if verdict.Outcome == rule.Fail {
		c.Causes = verdict.Causes
		return c, true
	}
	c.Status = check.Pass
	if missing := v.missing(r, ref, verdict.Gaps); len(missing) > 0 {
		c.Status, c.Gaps = check.Unknown, missing
		c.Message = unknownMessage(missing)
	}
	return c, true
}

// missing returns what was not read of all that a pass of the rule hangs on,
// each place once.
func (v *view) missing(r *rule.Rule, ref resource.Ref, own []resource.Gap) []check.Gap {
	found := slices.Clone(own)
	for _, f := range r.Reads {
		found = append(found, v.gaps.of(ref, f)...)
	}
	joined := v.joined[r.ID]
	if len(found) == 0 {
		return joined
	}
	return distinct(append(brief(found), joined...))
}

// joined returns the gaps of what a rule joins.
func (g *gaps) joined(r *rule.Rule) []check.Gap {
	var found []resource.Gap
	for _, f := range r.Joins {
		found = append(found, g.anywhere(f)...)
	}
	return distinct(brief(found))
}

func brief(gaps []resource.Gap) []check.Gap {
	short := make([]check.Gap, len(gaps))
	for i, g := range gaps {
		short[i] = check.Gap{Facet: g.Facet, Qualifier: g.Qualifier, Code: g.Code, Reason: g.Reason}
	}
	return short
}

// distinct drops repetitions, in place: a region's gap met twice is one.
func distinct(gaps []check.Gap) []check.Gap {
	slices.SortStableFunc(gaps, func(a, b check.Gap) int {
		return strings.Compare(string(a.Facet)+"\x00"+a.Qualifier+"\x00"+a.Code+"\x00"+a.Reason,
			string(b.Facet)+"\x00"+b.Qualifier+"\x00"+b.Code+"\x00"+b.Reason)
	})
	return slices.Compact(gaps)
}

func unknownMessage(missing []check.Gap) string {
	places := make([]string, 0, 3)
	for _, g := range missing {
		place := string(g.Facet)
		if g.Qualifier != "" {
			place += " of " + g.Qualifier
		}
		place += " (" + g.Code + ")"
		if slices.Contains(places, place) {
			continue
		}
		if len(places) == 3 {
			return "not known: could not read " + strings.Join(places, ", ") + " and more"
		}
		places = append(places, place)
	}
	return "not known: could not read " + strings.Join(places, ", ")
}

// evidence writes a rule's evidence. Rules give plain structs, so writing can
// only fail by a mistake in the rule, which is said rather than hidden.
func evidence(e any) json.RawMessage {
	if e == nil {
		return json.RawMessage("{}")
	}
	if raw, ok := e.(json.RawMessage); ok {
		return raw
	}
	raw, err := json.Marshal(e)
	if err != nil {
		raw, _ = json.Marshal(map[string]string{"error": "writing the evidence: " + err.Error()})
	}
	return raw
}
