package prove_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// permission is one call of AddPermission: what an administrator can say in a
// statement, and nothing else.
type permission struct {
	principal, action, arn, account, org, token, urlType string
	via                                                  bool
}

const (
	orders    = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	ownBucket = "arn:aws:s3:::orders-in"
	aSkill    = "amzn1.ask.skill.0000"
)

// statement returns what Lambda stores for a call.
func (p permission) statement(resource string) string {
	principal := `"` + p.principal + `"`
	switch {
	case strings.HasSuffix(p.principal, ".com"):
		principal = `{"Service":` + principal + `}`
	case p.principal != "*":
		principal = `{"AWS":` + principal + `}`
	}
	conditions := map[string]map[string]string{}
	put := func(operator, key, value string) {
		if value != "" {
			if conditions[operator] == nil {
				conditions[operator] = map[string]string{}
			}
			conditions[operator][key] = value
		}
	}
	put("ArnLike", "AWS:SourceArn", p.arn)
	put("StringEquals", "AWS:SourceAccount", p.account)
	put("StringEquals", "aws:PrincipalOrgID", p.org)
	put("StringEquals", "lambda:EventSourceToken", p.token)
	put("StringEquals", "lambda:FunctionUrlAuthType", p.urlType)
	if p.via {
		put("Bool", "lambda:InvokedViaFunctionUrl", "true")
	}
	text, _ := json.Marshal(conditions)
	return fmt.Sprintf(`{"Sid":"s","Effect":"Allow","Principal":%s,"Action":"%s","Resource":"%s","Condition":%s}`, principal, p.action, resource, text)
}

func document(statements ...string) *policy.Document {
	doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Id":"default","Statement":[` + strings.Join(statements, ",") + `]}`))
	if err != nil {
		panic(err)
	}
	return doc
}

// open says, from the meaning of each field, whether a stranger comes in. The
// zone trusts account 222233334444 and organisation o-a1b2c3d4e5.
func (p permission) open() bool {
	direct := p.action == "lambda:*" || p.action == "*" || p.action == "lambda:InvokeFunction"
	url := p.action == "lambda:*" || p.action == "*" || p.action == "lambda:InvokeFunctionUrl"
	async := p.action == "lambda:*" || p.action == "*"
	// The two keys of function URLs belong to different actions.
	direct = direct && p.urlType == ""
	url = url && !p.via
	async = async && p.urlType == "" && !p.via
	if !direct && !url && !async {
		return false
	}
	iam := p.principal == "*" || strings.HasPrefix(p.principal, "arn:") && !strings.Contains(p.principal, trustedAccount)
	if iam && p.arn == "" && p.account == "" && p.org != trustedOrg {
		return true
	}
	// The anonymous come by URL only; the type is NONE for them. They carry no
	// organisation, and a token if they like.
	if p.principal == "*" && p.arn == "" && p.account == "" && p.org == "" && (url && p.urlType != "AWS_IAM" || direct && p.urlType == "") {
		return true
	}
	if p.org != "" {
		return false // no service carries it
	}
	return p.service()
}

// service says whether a service comes in for a stranger.
func (p permission) service() bool {
	switch p.principal {
	case "alexa-appkit.amazon.com":
		return p.arn == "" && p.account == "" && p.token == "" // an exact skill id pins
	case "elasticloadbalancing.amazonaws.com":
		return false // AWS keeps it inside the account
	case "*":
		return p.token == "" && p.source("") || p.arn == "" && p.account == "" && p.token == ""
	case "s3.amazonaws.com":
		return p.token == "" && p.source("s3")
	case "sns.amazonaws.com":
		return p.token == "" && p.source("sns")
	case "apigateway.amazonaws.com":
		return p.token == "" && p.source("execute-api")
	}
	return false
}

// source says whether a stranger has a source that fits, with ARNs of a
// namespace ("" for any).
func (p permission) source(namespace string) bool {
	if p.account == "111122223333" || p.account == trustedAccount {
		return false
	}
	if p.arn == "" {
		return true
	}
	parts := strings.SplitN(p.arn, ":", 6)
	if namespace != "" && namespace != parts[2] {
		return false
	}
	switch parts[4] {
	case "": // a bucket: anybody's
		return namespace == "s3" || namespace == ""
	case "*":
		return namespace != "s3"
	case "111122223333", trustedAccount:
		return false
	case "22223333444?":
		return namespace != "s3" && (p.account == "" || strings.HasPrefix(p.account, "22223333444"))
	}
	return namespace != "s3" && (p.account == "" || p.account == parts[4])
}

// permissions are every combination of what AddPermission takes.
func permissions() []permission {
	all := []permission{{}}
	each := func(set func(p *permission, text string), texts ...string) {
		var next []permission
		for _, p := range all {
			for _, text := range texts {
				set(&p, text)
				next = append(next, p)
			}
		}
		all = next
	}
	each(func(p *permission, s string) { p.principal = s }, "*", "arn:aws:iam::"+foreignAccount+":root", "arn:aws:iam::"+trustedAccount+":root", "arn:aws:iam::"+foreignAccount+":role/partner",
		"s3.amazonaws.com", "sns.amazonaws.com", "apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com", "alexa-appkit.amazon.com")
	each(func(p *permission, s string) { p.action = s }, "lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:*", "*", "lambda:GetFunction")
	each(func(p *permission, s string) { p.arn = s }, "", ownBucket, "arn:aws:s3:::*", "arn:aws:sns:us-east-1:111122223333:*", "arn:aws:sns:*:"+foreignAccount+":t", "arn:aws:execute-api:us-east-1:22223333444?:*/*/GET/x", "arn:aws:execute-api:*:*:*")
	each(func(p *permission, s string) { p.account = s }, "", "111122223333", foreignAccount)
	each(func(p *permission, s string) { p.org = s }, "", trustedOrg, foreignOrg)
	each(func(p *permission, s string) { p.token = s }, "", aSkill)
	each(func(p *permission, s string) { p.urlType = s }, "", "NONE", "AWS_IAM")
	each(func(p *permission, s string) { p.via = s != "" }, "", "true")
	return all
}

func simpleZone() prove.Zone {
	return prove.Zone{Accounts: []string{trustedAccount}, Organizations: []string{trustedOrg}}
}

// Whatever AddPermission can write is decided, and as its fields mean.
func TestWhatAddPermissionWritesIsDecided(t *testing.T) {
	t.Parallel()
	q := prove.Question{Function: orders, Zone: simpleZone()}
	count := map[prove.Verdict]int{}
	for i, p := range permissions() {
		if i%stride != 0 {
			continue
		}
		q.Qualifier = ""
		resource := orders
		if i%7 == 0 {
			q.Qualifier = "prod"
			resource += ":prod"
		}
		doc := document(p.statement(resource))
		got := prove.Outside(doc, q)
		want := prove.Pass
		if p.open() {
			want = prove.Fail
		}
		if got.Verdict != want {
			t.Fatalf("%s (%s), want %s: %+v", got.Verdict, got.Why, want, p)
		}
		if got.Verdict == prove.Fail {
			if err := newSpace(doc, q).witnessed(got); err != nil {
				t.Fatalf("%v: %+v", err, p)
			}
		}
		count[got.Verdict]++
	}
	if count[prove.Pass] < 20 || count[prove.Fail] < 20 {
		t.Errorf("one-sided: %v", count)
	}
}

// Many statements are open where one of them is, and every open one has its
// grant.
func TestManyPermissionsAreAsOpenAsEach(t *testing.T) {
	t.Parallel()
	all := permissions()
	q := prove.Question{Function: orders, Zone: simpleZone()}
	rapid.Check(t, func(t *rapid.T) {
		var statements []string
		var open []int
		for i, at := range rapid.SliceOfN(rapid.IntRange(0, len(all)-1), 1, 8).Draw(t, "permissions") {
			statements = append(statements, all[at].statement(orders))
			if all[at].open() {
				open = append(open, i)
			}
		}
		doc := document(statements...)
		got := prove.Outside(doc, q)
		if want := map[bool]prove.Verdict{true: prove.Fail, false: prove.Pass}[len(open) > 0]; got.Verdict != want {
			t.Fatalf("%s (%s), want %s\n%s", got.Verdict, got.Why, want, doc)
		}
		s := newSpace(doc, q)
		if got.Verdict == prove.Fail {
			if err := s.witnessed(got); err != nil {
				t.Fatalf("%v\n%s", err, doc)
			}
		}
		var granted []int
		for _, g := range prove.Grants(doc, q) {
			granted = append(granted, g.Statement)
			if g.Witness == nil || s.contains(*g.Witness) != nil || s.trusted(*g.Witness, told(*g.Witness)) || !doc.Statements[g.Statement].AppliesTo(doc, *g.Witness) {
				t.Fatalf("no grant by statement %d: %+v\n%s", g.Statement, g, doc)
			}
		}
		if !slices.Equal(granted, open) {
			t.Fatalf("grants by %v, want %v\n%s", granted, open, doc)
		}
	})
}
