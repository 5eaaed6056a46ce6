package actions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/internal/plan"
	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda/actions/rewrite"
)

const mended = "arn:aws:lambda:us-east-1:111122223333:function:f"

// anyPermissions draws a policy as AddPermission writes it.
func anyPermissions() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		draw := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
		doc := policy.Document{Version: policy.Version2012}
		for i := range rapid.IntRange(1, 4).Draw(t, "statements") {
			p := rewrite.Permission{StatementId: fmt.Sprint("s", i), Action: draw("action", "lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:*"),
				Principal: draw("principal", "222233334444", "arn:aws:iam::999988887777:root", "arn:aws:iam::999988887777:role/partner", "*", "s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com")}
			if strings.HasSuffix(p.Principal, ".com") {
				p.SourceAccount = draw("account", "", "", "111122223333", "999988887777")
				p.SourceArn = draw("ARN", "", "", "arn:aws:s3:::uploads", "arn:aws:sns:us-east-1:111122223333:t", "arn:aws:events:eu-west-1:999988887777:rule/r")
			} else if p.Principal == "*" {
				p.PrincipalOrgID = draw("organisation", "", "o-a1b2c3d4e5", "o-zz99zz99zz")
				p.FunctionUrlAuthType = draw("auth", "", "NONE", "AWS_IAM")
			}
			doc.Statements = append(doc.Statements, p.Statement(mended, "aws"))
		}
		return doc.String()
	})
}

// stepsFor plans for a policy in the way asked for; none where it is closed or
// refused.
func stepsFor(t *rapid.T, before string, q prove.Question, whole bool) []plan.Step {
	stored, err := rewrite.Open(before)
	if err != nil {
		t.Fatal(err)
	}
	change, err := rewrite.Make(stored, rewrite.Order{Question: q})
	if err != nil || len(change.Edits) == 0 {
		return nil
	}
	of := plan.Step{Resource: mended, Rule: AccessRule, Before: content(before)}
	p := &Planner{}
	steps := []plan.Step{p.exchange(of, change)}
	if !whole {
		if steps, err = p.bySteps(of, stored, change, q, false); err != nil {
			return nil
		}
	}
	if steps, err = finish(steps, change, Trust{Zone: q.Zone}, ""); err != nil {
		t.Fatal(err)
	}
	return steps
}

// called returns the policy after the call of a step, worked out from what the
// call says and nothing else.
func called(t *rapid.T, s plan.Step, now string) string {
	stored, err := rewrite.Reopen(now)
	if err != nil {
		t.Fatal(err)
	}
	var input struct {
		Policy string
		rewrite.Permission
	}
	if err := json.Unmarshal(s.Call.Input, &input); err != nil {
		t.Fatal(err)
	}
	after := input.Policy
	switch s.Call.API {
	case "lambda:AddPermission":
		after, err = stored.And(input.Permission.Statement(mended, "aws"))
	case "lambda:RemovePermission":
		after, err = stored.Without(input.StatementId)
	case "lambda:DeleteResourcePolicy":
		after = ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// Whatever the policy and the zone: the calls of a plan make what its steps say,
// nobody trusted is without access in between, and the calls of the way back
// restore the policy: byte for byte where it is exchanged whole, else its
// statements.
func TestRollingBackRestores(t *testing.T) {
	t.Parallel()
	planned := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		before := anyPermissions().Draw(t, "policy")
		q := prove.Question{Function: mended, Zone: prove.Zone{Accounts: []string{"222233334444"}}}
		if rapid.Bool().Draw(t, "organisation") {
			q.Zone.Organizations = []string{"o-a1b2c3d4e5"}
		}
		whole := rapid.Bool().Draw(t, "whole")
		steps := stepsFor(t, before, q, whole)
		if len(steps) > 0 {
			planned[whole]++
		}
		narrowed := slices.ContainsFunc(steps, func(s plan.Step) bool { return len(s.Warnings) > 0 })
		now := before
		for _, s := range steps {
			now = called(t, s, now)
			if after, err := text(s.After); err != nil || !rewrite.Same(now, after) {
				t.Fatalf("%s makes %s, and the step says %s (%v)", s.Call.Input, now, after, err)
			}
			if narrowed {
				continue
			}
			if got := prove.Keeps(parsed(t, before), parsed(t, now), q); got.Verdict != prove.Kept {
				t.Fatalf("%s on the way\n%s\n%s", got.Why, before, now)
			}
		}
		for _, s := range slices.Backward(steps) {
			back := s.Reverse()
			var err error
			if whole {
				err = documents{}.Describe(&back)
			} else {
				err = permissions{}.Describe(&back)
			}
			if !s.Reversible {
				return // said beforehand
			}
			if err != nil {
				t.Fatal(err)
			}
			now = called(t, back, now)
		}
		if whole && now != before || !rewrite.Same(now, before) {
			t.Fatalf("was %s\nis %s", before, now)
		}
	})
	if planned[true] == 0 || planned[false] == 0 {
		t.Errorf("%v: the property said nothing", planned)
	}
	t.Log(planned)
}

func parsed(t *rapid.T, text string) *policy.Document {
	stored, err := rewrite.Reopen(text)
	if err != nil {
		t.Fatal(err)
	}
	return stored.Document
}
