// Package export writes a plan for other tools: a script of aws commands, a
// CloudFormation template, Terraform. It is pure.
package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"surety/internal/plan"
	"surety/policy"
	"surety/services/lambda/actions/rewrite"
)

// change is what a plan does to one resource from its first step on it to its
// last.
type change struct {
	plan.Step        // the last
	was              json.RawMessage
	steps            []plan.Step
	target, nickname string // of a policy: the ARN with qualifier; a name for its parts
}

// changes gathers the steps of a plan, those for owners too, by resource.
func changes(p *plan.Plan) []change {
	var all []change
	for _, s := range slices.Concat(p.Steps, p.Withheld) {
		target := string(s.Resource)
		if s.Qualifier != "" {
			target += ":" + s.Qualifier
		}
		at := slices.IndexFunc(all, func(c change) bool { return c.target == target && c.kind() == kindOf(s) })
		if at < 0 {
			at = len(all)
			all = append(all, change{was: s.Before, target: target, nickname: target[strings.LastIndexAny(string(s.Resource), ":/")+1:]})
		}
		all[at].Step = s
		all[at].steps = append(all[at].steps, s)
	}
	return all
}

// kindOf tells changes of policies, of functions' roles, of versions, of aliases
// and of roles apart.
func kindOf(s plan.Step) string {
	if s.Action == "lambda-permission" {
		return "lambda-policy"
	}
	return s.Action
}

func (c change) kind() string { return kindOf(c.Step) }

// grants are the statements that come and go with a policy's change. Those that
// come are as AddPermission writes them; ok is false where it has no words.
func (c change) grants() (come []rewrite.Permission, gone []policy.Statement, ok bool, err error) {
	var before, after *string
	if err := json.Unmarshal(c.was, &before); err != nil {
		return nil, nil, false, fmt.Errorf("reading the plan: %w", err)
	}
	if err := json.Unmarshal(c.After, &after); err != nil {
		return nil, nil, false, fmt.Errorf("reading the plan: %w", err)
	}
	removed, added, err := rewrite.Difference(text(before), text(after))
	if err != nil {
		return nil, nil, false, err
	}
	partition := strings.SplitN(c.target, ":", 3)[1]
	var writable []policy.Statement
	for _, s := range added {
		some, _, _ := rewrite.Writable(s, c.target)
		writable = append(writable, some...)
	}
	for _, s := range writable {
		words, said := rewrite.Permissions(s, c.target)
		if !said {
			return nil, removed, false, nil
		}
		for _, w := range words {
			one := w.Statement(c.target, partition)
			w.StatementId = rewrite.Derived(policy.Statement{Sid: s.Sid}, one)
			if strings.Contains(s.Sid, "-surety-") && len(words) == 1 {
				w.StatementId = s.Sid
			}
			come = append(come, w)
		}
	}
	return come, removed, true, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// label makes a name of letters and digits for a resource of a template.
func label(parts ...string) string {
	var b strings.Builder
	up := true
	for _, r := range strings.Join(parts, " ") {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			b.WriteRune(r)
			up = false
		case r >= 'a' && r <= 'z':
			if up {
				r += 'A' - 'a'
			}
			b.WriteRune(r)
			up = false
		default:
			up = true
		}
	}
	return b.String()
}
