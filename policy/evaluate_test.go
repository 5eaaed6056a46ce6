package policy

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

const orders = "arn:aws:lambda:us-east-1:111122223333:function:orders"

func TestResources(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/resources.txt")
	if err != nil {
		t.Fatal(err)
	}
	ctx := Context{"aws:username": Text("alice"), "custom:star": Text("*"), "custom:account": Text("111122223333")}
	count := 0
	for n, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		count++
		f := strings.Split(line, " | ")
		d := &Document{Version: Version2012}
		if len(f) == 4 && f[3] == "2008" {
			d.Version = Version2008
		} else if len(f) != 3 {
			t.Fatalf("line %d has %d columns", n+1, len(f))
		}
		for i := range 2 { // F begins a text or is none of it
			if strings.HasPrefix(f[i], "F") {
				f[i] = orders + f[i][1:]
			}
		}
		got := ""
		for _, negated := range []bool{false, true} {
			for _, effect := range []Effect{Allow, Deny} {
				in := Patterns{Negated: negated, Texts: []string{f[0]}}.MatchResource(d, effect, ctx, f[1])
				got += map[bool]string{true: "t", false: "f"}[in]
			}
		}
		if got != f[2] {
			t.Errorf("line %d: %s: %s", n+1, line, got)
		}
	}
	if count < 40 {
		t.Errorf("only %d resources read", count)
	}
}

// Texts are alternatives. One without a value spoils a Deny and a Not-element;
// in an Allow's Resource the others stand.
func TestResourceLists(t *testing.T) {
	t.Parallel()
	d := &Document{Version: Version2012}
	for _, c := range []struct {
		texts string
		want  string // as in TestResources
	}{
		{"", "fftt"}, {"x", "fftt"}, {"x " + orders, "ttff"}, {orders + " x", "ttff"}, {"* *", "ttff"},
		{"${none} " + orders, "tfff"}, {orders + " ${none}", "tfff"}, {"${none} ${none}", "ffff"}, {"x ${none}", "ffff"}, {"* ${none}", "tfff"},
	} {
		got := ""
		for _, negated := range []bool{false, true} {
			for _, effect := range []Effect{Allow, Deny} {
				in := Patterns{Negated: negated, Texts: strings.Fields(c.texts)}.MatchResource(d, effect, nil, orders)
				got += map[bool]string{true: "t", false: "f"}[in]
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.texts, got, c.want)
		}
	}
}

// Source: IAM User Guide, Action element.
func TestActions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		texts, action string
		want          bool
	}{
		{"lambda:InvokeFunction", "lambda:InvokeFunction", true},
		{"LAMBDA:invokefunction", "lambda:InvokeFunction", true},
		{"lambda:InvokeFunction", "LAMBDA:INVOKEFUNCTION", true},
		{"lambda:InvokeFunction", "lambda:InvokeFunctionUrl", false},
		{"lambda:Invoke*", "lambda:InvokeFunctionUrl", true},
		{"lambda:invoke*", "lambda:INVOKEAsync", true},
		{"lambda:I?voke*", "lambda:InvokeAsync", true},
		{"lambda:InvokeFunction?", "lambda:InvokeFunction", false},
		{"lambda:*", "lambda:InvokeFunction", true},
		{"l*n", "lambda:InvokeFunction", true},
		{"*", "lambda:InvokeFunction", true},
		{"*", "", true},
		{"*:*", "lambda:InvokeFunction", true},
		{"s3:*", "lambda:InvokeFunction", false},
		{"lam\u0432da:*", "lambda:InvokeFunction", false},
		{"lambda:Invo\u212ae*", "lambda:InvokeFunction", false},
		{"lambda:${aws:username}", "lambda:${aws:username}", true},
		{"lambda:InvokeFunction${*}", "lambda:InvokeFunction*", false},
		{"InvokeFunction", "lambda:InvokeFunction", false},
		{"s3:* lambda:Get* lambda:InvokeFunction", "lambda:InvokeFunction", true},
		{"", "lambda:InvokeFunction", false},
	} {
		p := Patterns{Texts: strings.Fields(c.texts)}
		if got := p.MatchAction(c.action); got != c.want {
			t.Errorf("%s on %s: %t", c.texts, c.action, got)
		}
		p.Negated = true
		if got := p.MatchAction(c.action); got == c.want {
			t.Errorf("not %s on %s: %t", c.texts, c.action, got)
		}
	}
}

// Each request meets statements that differ in one element.
func TestEvaluate(t *testing.T) {
	t.Parallel()
	statement := func(sid, effect, principal, action, resource, condition string) string {
		return `{"Sid": "` + sid + `", "Effect": "` + effect + `", "Principal": ` + principal + `, "Action": "` + action +
			`", "Resource": "` + resource + `", "Condition": {` + condition + `}}`
	}
	const here, us = `{"AWS": "222233334444"}`, `"StringEquals": {"aws:RequestedRegion": "us-east-1"}`
	allow := statement("a", "Allow", here, "lambda:Invoke*", orders, us)
	open := statement("o", "Allow", `"*"`, "*", "*", "")
	deny := statement("d", "Deny", `"*"`, "*", "*", "")
	for _, c := range []struct {
		name       string
		statements []string
		want       string
	}{
		{"nothing", nil, "NoMatch -1 "},
		{"allow", []string{allow}, "Allow 0 a"},
		{"deny", []string{deny}, "Deny 0 d"},
		{"first allow", []string{allow, open}, "Allow 0 a"},
		{"second allow", []string{statement("x", "Allow", here, "s3:*", orders, us), open}, "Allow 1 o"},
		{"deny after allow", []string{allow, deny}, "Deny 1 d"},
		{"deny before allow", []string{deny, allow}, "Deny 0 d"},
		{"first deny", []string{allow, deny, statement("e", "Deny", `"*"`, "*", "*", "")}, "Deny 1 d"},
		{"deny of others", []string{statement("x", "Deny", `{"AWS": "999988887777"}`, "*", "*", ""), allow}, "Allow 1 a"},
		{"other principal", []string{statement("x", "Allow", `{"AWS": "999988887777"}`, "*", "*", "")}, "NoMatch -1 "},
		{"other action", []string{statement("x", "Allow", here, "lambda:Get*", "*", "")}, "NoMatch -1 "},
		{"other resource", []string{statement("x", "Allow", here, "*", orders+":prod", "")}, "NoMatch -1 "},
		{"false condition", []string{statement("x", "Allow", here, "*", "*", `"StringEquals": {"aws:RequestedRegion": "eu-west-1"}`)}, "NoMatch -1 "},
		{"one of two keys", []string{statement("x", "Allow", here, "*", "*", `"StringEquals": {"aws:RequestedRegion": "us-east-1", "k": "v"}`)}, "NoMatch -1 "},
		{"one of two operators", []string{statement("x", "Allow", here, "*", "*", us+`, "Null": {"aws:RequestedRegion": "true"}`)}, "NoMatch -1 "},
		{"two operators", []string{statement("x", "Allow", here, "*", "*", us+`, "Null": {"aws:RequestedRegion": "false"}`)}, "Allow 0 x"},
	} {
		d, err := Parse([]byte(`{"Version": "2012-10-17", "Statement": [` + strings.Join(c.statements, ",") + `]}`))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		r := Request{Caller: iam("222233334444", role, session), Action: "lambda:InvokeFunction", Resource: orders, Context: Context{"aws:requestedregion": Text("us-east-1")}}
		got := Evaluate(d, r)
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		f := strings.SplitN(c.want, " ", 3)
		want := `{"decision":"` + f[0] + `","statement":` + f[1] + `,"sid":"` + f[2] + `"}`
		if string(b) != want {
			t.Errorf("%s: %s, want %s", c.name, b, want)
		}
	}
}

func TestVoidStatementsNeverApply(t *testing.T) {
	t.Parallel()
	d, err := Parse([]byte(`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	r := Request{Caller: Caller{Type: AnonymousCaller}, Action: "a:b", Resource: orders}
	if got := Evaluate(d, r).Outcome; got != Denied {
		t.Errorf("before: %s", got)
	}
	d.Statements[0].Void = true
	if got := Evaluate(d, r).Outcome; got != NoMatch {
		t.Errorf("after: %s", got)
	}
}

func TestVersionsAndEffects(t *testing.T) {
	t.Parallel()
	for version, want := range map[Version]bool{"": false, Version2008: false, Version2012: true} {
		if (&Document{Version: version}).Variables() != want {
			t.Errorf("%q has variables: %t", version, !want)
		}
	}
	if Allow.String() != "Allow" || Deny.String() != "Deny" {
		t.Errorf("effects are %s and %s", Allow, Deny)
	}
}
