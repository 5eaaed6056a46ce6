package iam_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surety/policy"
	"surety/services/iam"
)

// statements reads the statements of a document, one a line.
func statements(t interface{ Fatalf(string, ...any) }, lines ...string) []iam.Statement {
	d, err := iam.ParseDocument(`{"Version":"2012-10-17","Statement":[` + strings.Join(lines, ",") + `]}`)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return d.Statements
}

func allow(action, resource string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Action":%q,"Resource":%q}`, action, resource)
}

// What a statement allows beyond others: nothing only where that is certain.
func TestMissing(t *testing.T) {
	const bucket, group = "arn:aws:s3:::b/*", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*"
	for _, c := range []struct {
		name string
		want string // statement
		have []string
		miss []string
	}{
		{"the same", allow("s3:GetObject", bucket), []string{allow("s3:GetObject", bucket)}, nil},
		{"actions in any letter case", allow("s3:getobject", bucket), []string{allow("S3:GetObject", bucket)}, nil},
		{"resources not", allow("s3:GetObject", "arn:aws:s3:::B"), []string{allow("s3:GetObject", "arn:aws:s3:::b")}, []string{"s3:GetObject on arn:aws:s3:::B"}},
		{"wider action", allow("s3:GetObject", bucket), []string{allow("s3:Get*", bucket)}, nil},
		{"narrower action", allow("s3:Get*", bucket), []string{allow("s3:GetObject", bucket)}, []string{"s3:Get* on " + bucket}},
		{"everything", allow("s3:*", "*"), []string{allow("*", "*")}, nil},
		{"every star part of the ARN", allow("logs:PutLogEvents", group), []string{allow("logs:*", "arn:aws:logs:*:*:*")}, nil},
		{"too few parts are not sure", allow("logs:PutLogEvents", group), []string{allow("logs:*", "arn:aws:logs:*")}, []string{"logs:PutLogEvents on " + group}},
		{"one question mark for one character", allow("a:B", "arn:aws:x:::ab"), []string{allow("a:B", "arn:aws:x:::?b")}, nil},
		{"not for a star", allow("a:B", "arn:aws:x:::*b"), []string{allow("a:B", "arn:aws:x:::?b")}, []string{"a:B on arn:aws:x:::*b"}},
		{"not for half a character", allow("a:B", "arn:aws:x:::é"), []string{allow("a:B", "arn:aws:x:::??")}, []string{"a:B on arn:aws:x:::é"}},
		{"by two statements", `{"Effect":"Allow","Action":["a:B","a:C"],"Resource":"*"}`, []string{allow("a:B", "*"), allow("a:C", "*")}, nil},
		{"a Deny gives nothing", allow("a:B", "*"), []string{`{"Effect":"Deny","Action":"*","Resource":"*"}`}, []string{"a:B on any resource"}},
		{"all but others", allow("a:B", "*"), []string{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`}, nil},
		{"all but this", allow("iam:PassRole", "*"), []string{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`}, []string{"iam:PassRole on any resource"}},
		{"all but, of a pattern, is not sure", allow("i*:Get", "*"), []string{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`}, []string{"i*:Get on any resource"}},
		{"the same negation", `{"Effect":"Allow","NotAction":["b:*","a:*"],"Resource":"*"}`, []string{`{"Effect":"Allow","NotAction":["a:*","b:*"],"Resource":"*"}`}, nil},
		{"another negation", `{"Effect":"Allow","NotAction":"a:*","Resource":"*"}`, []string{`{"Effect":"Allow","NotAction":["a:*","b:*"],"Resource":"*"}`}, []string{"everything but a:* on any resource"}},
		{"all but a resource", allow("s3:GetObject", "arn:aws:s3:::b"), []string{`{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::secret*"}`}, nil},
		{"the resource", allow("s3:GetObject", "arn:aws:s3:::secrets"), []string{`{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::secret*"}`}, []string{"s3:GetObject on arn:aws:s3:::secrets"}},
		{"a variable may be anything", allow("s3:GetObject", "arn:aws:s3:::home/a"), []string{allow("s3:*", "arn:aws:s3:::home/${aws:username}")}, []string{"s3:GetObject on arn:aws:s3:::home/a"}},
		{"a variable is itself", allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}"), []string{allow("s3:*", "arn:aws:s3:::home/${aws:username}")}, nil},
		{"on a condition", allow("a:B", "*"), []string{`{"Effect":"Allow","Action":"a:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`}, []string{"a:B on any resource"}},
		{"on the same condition and more", `{"Effect":"Allow","Action":"a:B","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"k":["v"]}}}`,
			[]string{`{"Effect":"Allow","Action":"a:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, a := range statements(t, c.want)[0].Missing(statements(t, c.have...)) {
				got = append(got, a.String())
			}
			if d := cmp.Diff(c.miss, got); d != "" {
				t.Errorf("missing (-want +got):\n%s", d)
			}
		})
	}
}

// What of a wish a statement gives: a part of itself, never more.
func TestLimit(t *testing.T) {
	const queue = "arn:aws:sqs:us-east-1:111122223333:q"
	for _, c := range []struct{ name, have, wish, want string }{ // want "": nothing
		{"all of it", allow("sqs:*", "*"), allow("sqs:ReceiveMessage", queue), allow("sqs:ReceiveMessage", queue)},
		{"none of it", allow("sns:*", "*"), allow("sqs:ReceiveMessage", queue), ""},
		{"another queue", allow("sqs:*", queue+"2"), allow("sqs:ReceiveMessage", queue), ""},
		{"its own, where it is narrower", allow("sqs:Receive*", queue), allow("sqs:*", "*"), allow("sqs:Receive*", queue)},
		{"its own, where the two cross", allow("sqs:*", "arn:aws:sqs:*:111122223333:q"), allow("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:*:q"), allow("sqs:ReceiveMessage", "arn:aws:sqs:*:111122223333:q")},
		{"its own variable", allow("sqs:*", "arn:aws:sqs:us-east-1:111122223333:${aws:PrincipalTag/q}"), allow("sqs:ReceiveMessage", queue), allow("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:111122223333:${aws:PrincipalTag/q}")},
		{"all but", `{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:sqs:*:*:secret"}`, allow("sqs:ReceiveMessage", queue), allow("sqs:ReceiveMessage", queue)},
		{"all but, for a pattern", `{"Effect":"Allow","Action":"sqs:*","NotResource":"arn:aws:sqs:*:*:secret"}`, allow("sqs:ReceiveMessage", "*"), `{"Effect":"Allow","Action":"sqs:ReceiveMessage","NotResource":"arn:aws:sqs:*:*:secret"}`},
		{"a Deny", `{"Effect":"Deny","Action":"sqs:*","Resource":"*"}`, allow("sqs:ReceiveMessage", queue), ""},
		{"both conditions", `{"Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`,
			`{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"1"}}}`,
			`{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:ResourceAccount":"1"}}}`},
		{"its own condition, where both speak of one key", `{"Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:resourceaccount":"2"}}}`,
			`{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"1"}}}`,
			`{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*","Condition":{"StringEquals":{"aws:resourceaccount":"2"}}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := statements(t, c.have)[0].Limit(statements(t, c.wish)[0])
			if !ok && c.want == "" {
				return
			}
			if ok != (c.want != "") {
				t.Fatalf("%+v %v, want %q", got, ok, c.want)
			}
			if d := cmp.Diff(statements(t, c.want)[0], got); d != "" {
				t.Errorf("limit (-want +got):\n%s", d)
			}
		})
	}
}

// Texts of the old version that look like variables are not taken along into a
// document where they would be some.
func TestLimitOfAnOldDocument(t *testing.T) {
	d, err := iam.ParseDocument(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := d.Statements[0].Limit(statements(t, allow("s3:GetObject", "*"))[0]); ok {
		t.Errorf("it gives %+v", got)
	}
	if miss := statements(t, allow("s3:GetObject", "arn:aws:s3:::${aws:username}"))[0].Missing(d.Statements); len(miss) != 1 {
		t.Errorf("a variable counts as a text: %v", miss)
	}
}

// draw makes an Allow of few words, so that two of them meet often.
func draw(t *rapid.T, label string) string {
	texts := func(what string, of []string) string {
		list := rapid.SliceOfNDistinct(rapid.SampledFrom(of), 1, 2, rapid.ID[string]).Draw(t, label+what)
		raw, _ := json.Marshal(list)
		return string(raw)
	}
	action := rapid.SampledFrom([]string{"Action", "Action", "NotAction"}).Draw(t, label+"action")
	resource := rapid.SampledFrom([]string{"Resource", "Resource", "NotResource"}).Draw(t, label+"resource")
	condition := rapid.SampledFrom([]string{"", "", `,"Condition":{"StringEquals":{"k":"v"}}`, `,"Condition":{"StringEquals":{"K":"w"}}`, `,"Condition":{"StringLike":{"l":"v*"}}`}).Draw(t, label+"condition")
	return fmt.Sprintf(`{"Effect":"Allow",%q:%s,%q:%s%s}`, action, texts("actions", []string{"*", "a:*", "a:G*", "a:Get", "a:?et", "b:Put", "A:GET"}),
		resource, texts("resources", []string{"*", "arn:aws:a:::*", "arn:aws:a:::x*", "arn:aws:a:::xy", "arn:aws:a:::?y", "arn:aws:*:::xy", "arn:aws:a:::${k}", "arn:aws:b:::*y"}), condition)
}

// allowed asks the evaluator, which reads resource policies: everybody is meant.
func allowed(t *rapid.T, r policy.Request, statements ...iam.Statement) bool {
	for _, s := range statements {
		text, err := (&iam.Document{Version: iam.Variables, Statements: []iam.Statement{s}}).Text()
		if err != nil {
			t.Fatal(err)
		}
		d, err := policy.Parse([]byte(strings.Replace(text, `"Effect"`, `"Principal":"*","Effect"`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if policy.Evaluate(d, r).Outcome == policy.Allowed {
			return true
		}
	}
	return false
}

// Whatever is limited lies within, and where nothing is missing nothing is: the
// evaluator, which shares no line with these comparisons, says so for all requests
// of a small world.
func TestNothingIsGained(t *testing.T) {
	var requests []policy.Request
	for _, action := range []string{"a:Get", "a:Got", "a:Put", "b:Put"} {
		for _, on := range []string{"arn:aws:a:::x", "arn:aws:a:::xy", "arn:aws:a:::zy", "arn:aws:b:::xy", "arn:aws:a:::v", "arn:aws:a:::w"} {
			for _, k := range []string{"", "v", "w", "xy"} {
				r := policy.Request{Caller: policy.Caller{Type: policy.AnonymousCaller}, Action: action, Resource: on, Context: policy.Context{"l": policy.Text("v1")}}
				if k != "" {
					r.Context["k"] = policy.Text(k)
				}
				requests = append(requests, r)
			}
		}
	}
	gave, met := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		one, other := statements(t, draw(t, "one "))[0], statements(t, draw(t, "other "))[0]
		part, ok := one.Limit(other)
		covered := len(other.Missing([]iam.Statement{one})) == 0
		if ok {
			gave++
		}
		if covered {
			met++
		}
		for _, r := range requests {
			if ok && allowed(t, r, part) && !allowed(t, r, one) {
				t.Fatalf("%+v of %+v allows %+v", part, one, r)
			}
			if covered && allowed(t, r, other) && !allowed(t, r, one) {
				t.Fatalf("nothing of %+v is missing in %+v, which does not allow %+v", other, one, r)
			}
		}
	})
	if gave == 0 || met == 0 {
		t.Errorf("of the drawn pairs %d gave a part and %d were covered", gave, met)
	}
}

// A document is written as it was read; what is not understood is an error.
func TestDocument(t *testing.T) {
	const text = `{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"<a&b>","Effect":"Allow","NotAction":["a:*"],"Resource":["*"],"Condition":{"Bool":{"k":"true"}}},{"Effect":"Deny","Action":["*"],"NotResource":["x"]}]}`
	d, err := iam.ParseDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.Text(); err != nil || got != text {
		t.Errorf("%s %v", got, err)
	}
	for text, want := range map[string]string{
		``:                   "EOF",
		`<html>`:             "invalid character",
		`{"Statement":[{}]}`: "statement 1: the effect",
		`{"Statement":{"Effect":"Allow","Action":"a:b","NotAction":"c:d","Resource":"*"}}`: "exactly one of Action",
		`{"Statement":{"Effect":"Allow","Action":"a:b"}}`:                                  "exactly one of Resource",
		`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Principal":"*"}}`:   "Principal",
		`{"Statement":{"Effect":"Allow","Action":1,"Resource":"*"}}`:                       "statement 1",
	} {
		if _, err := iam.ParseDocument(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// A role must fit into the quotas; white space in documents is not counted.
func TestFits(t *testing.T) {
	long := `{"Statement":[` + strings.Repeat(" ", iam.MostInline) + `]}`
	eleven := slices.Repeat([]string{"arn:aws:iam::aws:policy/p"}, 11)
	for _, c := range []struct {
		name string
		role iam.Definition
		room iam.Room
		want string
	}{
		{"it fits", iam.Definition{Inline: map[string]string{"a": long}, Attached: eleven[:10]}, iam.Room{Roles: 1, Attached: 10}, ""},
		{"no more roles", iam.Definition{}, iam.Room{Attached: 10}, "RolesPerAccount"},
		{"too many policies", iam.Definition{Attached: eleven}, iam.Room{Roles: 1, Attached: 10}, "11 managed policies, and 10 are the most"},
		{"too long", iam.Definition{Inline: map[string]string{"a": `"` + strings.Repeat("é", 5119) + `"`, "b": `"` + strings.Repeat("x", 5118) + `"`}}, iam.Room{Roles: 1, Attached: 10}, "10241 characters, and 10240 are the most"},
		{"just not too long", iam.Definition{Inline: map[string]string{"a": `"` + strings.Repeat("é", 5118) + `"`, "b": `"` + strings.Repeat("x", 5118) + `"`}}, iam.Room{Roles: 1, Attached: 10}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.role.Fits(c.room)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
