package rules

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// TestKnownClosed: the memory never changes an answer. Documents are built of
// parts that collide often, so that a wrong share would soon be found.
func TestKnownClosed(t *testing.T) {
	parts := func(t *rapid.T, label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	rapid.Check(t, func(t *rapid.T) {
		memory := newKnownClosed()
		for range rapid.IntRange(2, 6).Draw(t, "documents") {
			arn := "arn:aws:lambda:us-east-1:" + owner + ":function:" + parts(t, "name", "a", "ab", "b")
			var statements []string
			for range rapid.IntRange(1, 2).Draw(t, "statements") {
				statements = append(statements, fmt.Sprintf(`{"Sid":"%s","Effect":"%s","Principal":%s,"Action":"%s","Resource":"%s","Condition":{%s}}`,
					parts(t, "sid", "x", arn),
					parts(t, "effect", "Allow", "Allow", "Allow", "Deny"),
					parts(t, "principal", `"*"`, `{"Service":"sns.amazonaws.com"}`, `{"AWS":"`+owner+`"}`, `{"AWS":"222233334444"}`, `{"AWS":"999988887777"}`),
					parts(t, "action", "lambda:InvokeFunction", "lambda:*", "lambda:GetFunction"),
					parts(t, "resource", arn, arn+":*", "*", "arn:aws:lambda:us-east-1:"+owner+":function:a*"),
					parts(t, "condition", "",
						`"StringEquals":{"aws:SourceAccount":"`+owner+`"}`,
						`"StringEquals":{"aws:SourceAccount":["`+owner+`","999988887777"]}`,
						`"StringEquals":{"aws:SourceAccount":"`+owner+`\nv999988887777"}`,
						`"StringEqualsIfExists":{"aws:SourceAccount":"`+owner+`"}`,
						`"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`,
						`"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:`+owner+`:t1"}`,
						`"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:*:t1"}`,
						`"ArnNotLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:`+owner+`:t2"}`,
						`"StringLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:`+owner+`:*"}`,
						`"ArnLike":{"aws:SourceArn":"`+arn+`"}`,
						`"ArnLike":{"lambda:FunctionArn":"`+arn+`"}`),
				))
			}
			text := `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
			doc, notes, err := policy.ParseStored([]byte(text))
			if err != nil || len(notes) > 0 {
				t.Fatal(err, notes)
			}
			q := prove.Question{Function: arn, Organization: "o-a1b2c3d4e5", Zone: prove.Zone{Accounts: []string{"222233334444"}, Organizations: []string{"o-a1b2c3d4e5"}}}
			known := memory.text(text, arn, "scope")
			closed := memory.document(doc, q, "scope")
			if closed {
				memory.remember(text, arn, "scope", doc)
			}
			if (known || closed) && len(prove.Grants(doc, q)) > 0 {
				t.Fatalf("taken for closed: %s\nwhich lets somebody in: %v", text, prove.Grants(doc, q)[0].Why)
			}
		}
	})
}

// A text that holds what separates texts is not taken for several of them: who
// writes one odd policy must not close another's eyes.
func TestKnownClosedTellsATextFromAList(t *testing.T) {
	arn := "arn:aws:lambda:us-east-1:" + owner + ":function:a"
	q := prove.Question{Function: arn}
	memory := newKnownClosed()
	for _, c := range []struct {
		values string
		closed bool
	}{
		{`"` + owner + `\nv999988887777"`, true},
		{`"` + owner + `v12:999988887777"`, true},
		{`["` + owner + `","999988887777"]`, false},
	} {
		doc, _, err := policy.ParseStored(`{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*",` +
			`"Condition":{"StringEquals":{"aws:SourceAccount":` + c.values + `}}}}`)
		if err != nil {
			t.Fatal(err)
		}
		if got := memory.document(doc, q, "scope"); got != c.closed {
			t.Errorf("%s: closed is %t", c.values, got)
		}
	}
}

// A text that is no JSON is not known, although it holds what stands in remembered
// ones for the function's ARN: what cannot be read is never a pass.
func TestKnownClosedKnowsNoGarbage(t *testing.T) {
	arn := "arn:aws:lambda:us-east-1:" + owner + ":function:a"
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + owner + `"},"Action":"lambda:*","Resource":"` + arn + `"}]}`
	doc, _, err := policy.ParseStored(text)
	if err != nil {
		t.Fatal(err)
	}
	memory := newKnownClosed()
	memory.remember(text, arn, "scope", doc)
	if !memory.text(text, arn, "scope") {
		t.Error("the text is not known again")
	}
	if garbage := strings.ReplaceAll(text, arn, gone); memory.text(garbage, arn, "scope") {
		t.Errorf("known: %q", garbage)
	}
}
