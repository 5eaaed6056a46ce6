// Package export writes a plan for other tools: a script of aws commands, a
// CloudFormation template, Terraform. It is pure.
//
// Names in a plan may have been chosen by anybody who can write a policy or a
// tag, so each form quotes every text by its own rules, and comments hold no
// character that could end them.
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

// changes gathers steps by resource.
func changes(steps []plan.Step) []change {
	var all []change
	for _, s := range steps {
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

// declaration is a text that declares what a plan brings: a template, a
// configuration.
type declaration interface {
	policy(c change) error
	functionRole(c change) // the function's own declaration is to name another role
	role(c change) error
	url(c change) error
	version(c change) error
	alias(c change) error
}

// declare writes changes in their order.
func declare(to declaration, all []change) error {
	for _, c := range all {
		var err error
		switch c.kind() {
		case "lambda-policy":
			err = to.policy(c)
		case "lambda-role":
			to.functionRole(c)
		case "lambda-url":
			err = to.url(c)
		case "iam-role":
			err = to.role(c)
		case "lambda-version":
			err = to.version(c)
		case "lambda-alias":
			err = to.alias(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// policies are the two policies of a change; "" for none.
func (c change) policies() (before, after string, err error) {
	for _, one := range []struct {
		content json.RawMessage
		to      *string
	}{{c.was, &before}, {c.After, &after}} {
		if err := json.Unmarshal(one.content, one.to); err != nil { // null leaves ""
			return "", "", fmt.Errorf("reading a policy of the plan: %w", err)
		}
	}
	return before, after, nil
}

// grants is a policy's change in statements. Those that come are as AddPermission
// writes them. Said is false where AddPermission and RemovePermission have no words
// for the change, and then there is nothing in come.
type grants struct {
	come  []rewrite.Permission
	gone  []policy.Statement
	said  bool
	after string // the whole policy; "" when none is left
}

func (c change) grants() (g grants, err error) {
	before, after, err := c.policies()
	if err != nil {
		return g, err
	}
	old, err := rewrite.Reopen(before)
	if err != nil {
		return g, err
	}
	gone, added, err := rewrite.Difference(before, after)
	g = grants{gone: gone, after: after}
	if err != nil || slices.ContainsFunc(gone, func(s policy.Statement) bool { return !old.Unique(s.Sid) || !rewrite.Removable(s.Sid) }) {
		return g, err
	}
	var come []rewrite.Permission
	for _, s := range added {
		some, said := c.permissions(s)
		if !said {
			return g, nil
		}
		come = append(come, some...)
	}
	g.come, g.said = come, true
	return g, nil
}

// permissions writes one new statement as AddPermission does; what that would let
// in less than the plan says is not said.
func (c change) permissions(s policy.Statement) (all []rewrite.Permission, said bool) {
	partition := strings.SplitN(c.target, ":", 3)[1]
	pieces, narrowed, ok := rewrite.Writable(s, c.target)
	if narrowed || !ok {
		return nil, false
	}
	for _, piece := range pieces {
		words, said := rewrite.Permissions(piece, c.target)
		if !said {
			return nil, false
		}
		for _, w := range words {
			w.StatementId = rewrite.Derived(policy.Statement{Sid: piece.Sid}, w.Statement(c.target, partition))
			if strings.Contains(piece.Sid, "-surety-") && len(words) == 1 {
				w.StatementId = piece.Sid
			}
			if !rewrite.ValidSid(w.StatementId) {
				return nil, false
			}
			all = append(all, w)
		}
	}
	return all, len(pieces) > 0
}

// function is the name and the qualifier of a function's ARN.
func (c change) function() (name, qualifier string) {
	parts := strings.SplitN(c.target, ":", 8)
	if len(parts) == 8 {
		qualifier = parts[7]
	}
	return parts[6], qualifier
}

// unqualified is the function's ARN.
func (c change) unqualified() string { return string(c.Resource) }

// region is where a change is to be made. A role has none: its own is that of the
// function it is made for, which the group of its steps names.
func (c change) region() string {
	arn := c.target
	if strings.Contains(c.Group, ":lambda:") {
		arn = c.Group
	}
	return strings.SplitN(arn, ":", 5)[3]
}

// regions are the regions of all changes, sorted.
func regions(all []change) []string {
	var found []string
	for _, c := range all {
		found = append(found, c.region())
	}
	slices.Sort(found)
	return slices.Compact(found)
}
