// Package plan holds a remediation as complete data: what will be changed, from
// what to what, under which guard, and what that does to whom. A plan that was
// written can be read, shown, applied, and turned round; nothing in it is worked
// out again when it is applied.
package plan

import (
	"encoding/json"
	"strings"
	"time"

	"surety/internal/resource"
)

// Schema is the number that plans carry. It grows only when a member changes
// its meaning.
const Schema = 1

// Plan is a remediation of one account. Its steps are done in order.
type Plan struct {
	Schema  int              `json:"schema"`
	ID      string           `json:"id"` // unique; a file name
	Created time.Time        `json:"created"`
	Program string           `json:"program,omitempty"` // "surety 0.1.0"
	Account resource.Account `json:"account"`
	Undoes  string           `json:"undoes,omitempty"` // the plan that this one rolls back
	Steps   []Step           `json:"steps"`
	// Withheld are steps that are not for this program to do, because something
	// else owns the resource: its owner is to make the change.
	Withheld []Step    `json:"withheld,omitempty"`
	Refused  []Refusal `json:"refused,omitempty"`
	Digest   string    `json:"digest"` // see Seal
}

// Step changes one resource from Before to After by one call, and only while
// the resource still is as Before says. One call a step means that a resource
// is never found half way: it is as Before, as After, or as somebody else made it.
type Step struct {
	Action    string      `json:"action"` // who carries it out: "lambda-policy"
	Resource  resource.ID `json:"resource"`
	Qualifier string      `json:"qualifier"` // alias or version; "" is the resource itself
	// Before and After are complete: rolling back exchanges them. What they look
	// like is the action's; null is "not there".
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
	// Guard is the revision that the service reported for Before; "" where the
	// service has none, or where an earlier step moves it. Before counts always.
	Guard      string `json:"guard"`
	Permission string `json:"permission"` // the IAM action that the call needs
	Reversible bool   `json:"reversible"`

	// Group ties steps together: when one is not done, the later ones of its
	// group are left alone.
	Group string `json:"group"`
	Rule  string `json:"rule,omitempty"` // that the step is for
	Call  Call   `json:"call"`
	// Detail is what the action judges the result by, in its own form.
	Detail json.RawMessage `json:"detail,omitempty"`

	Loses    []string `json:"loses,omitempty"`    // who loses access, or what power is lost
	Lost     []string `json:"lost,omitempty"`     // permissions that are lost, by name; giving them up is agreed to by itself
	Keeps    []string `json:"keeps,omitempty"`    // who keeps it
	Gains    []string `json:"gains,omitempty"`    // on the way back: who has access again
	Regains  []string `json:"regains,omitempty"`  // on the way back: permissions that are there again, by name
	Proof    []string `json:"proof,omitempty"`    // why that is so, one sentence each
	Warnings []string `json:"warnings,omitempty"` // what to know before agreeing
}

// Call is one API call, as it will be made but for the revision and for what an
// earlier step makes, such as the number of a version.
type Call struct {
	API   string          `json:"api"` // "lambda:PutResourcePolicy"
	Input json.RawMessage `json:"input,omitempty"`
}

// Refusal is a resource that fails a check and that this plan does not mend.
type Refusal struct {
	Resource  resource.ID `json:"resource"`
	Qualifier string      `json:"qualifier"`
	Rule      string      `json:"rule"`
	Why       string      `json:"why"` // one sentence: the reason, and what to do
}

// account is the account of an ARN; "" for any other name.
func account(id resource.ID) resource.Account {
	parts := strings.SplitN(string(id), ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return resource.Account(parts[4])
}

// Reverse returns the step that undoes s. Its call and permission are the
// action's to fill in. Who lost by s gains by it, and the other way round, so
// undoing what was undone takes away again only what is told.
func (s Step) Reverse() Step {
	return Step{
		Action: s.Action, Resource: s.Resource, Qualifier: s.Qualifier, Before: s.After, After: s.Before,
		Reversible: true, Group: s.Group, Rule: s.Rule,
		Loses: s.Gains, Gains: s.Loses, Lost: s.Regains, Regains: s.Lost,
	}
}
