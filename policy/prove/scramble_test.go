package prove_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// scrambledKeys are keys whose texts callers choose, and some that they are
// compared with.
func scrambledKeys() []string {
	return []string{"aws:PrincipalTag/x", "aws:PrincipalTag/y", "aws:RequestTag/z", "aws:UserAgent", "aws:username", "aws:PrincipalArn", "aws:userid",
		"aws:PrincipalAccount", "aws:SourceArn", "aws:SourceAccount", "aws:TagKeys", "lambda:FunctionUrlAuthType", "aws:PrincipalServiceName", "aws:SourceVpc",
		"aws:EpochTime", "aws:CalledVia", "aws:ViaAWSService", "aws:MultiFactorAuthPresent", "aws:ResourceOrgID"}
}

// scrambledValue is a value of a few pieces: variables of any of the keys, with
// and without a text in their place, wildcards, and what those keys may hold.
func scrambledValue(t *rapid.T, keys []string) string {
	var b strings.Builder
	for range rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(t, "pieces") {
		key := rapid.SampledFrom(keys).Draw(t, "variable")
		if chance(t, "is a variable", 50) {
			b.WriteString("${" + key + rapid.SampledFrom([]string{"}", "}", ", 'a'}", ", ''}"}).Draw(t, "default"))
			continue
		}
		b.WriteString(rapid.SampledFrom([]string{"*", "?", "true", "rue", "false", ":", "a", "b", "ab", "",
			"arn:aws:iam::" + foreignAccount + ":", "user/a", foreignAccount, trustedAccount, "NONE", "5", "1767225600"}).Draw(t, "piece"))
	}
	return b.String()
}

func scrambledCondition(t *rapid.T, keys []string) policy.Condition {
	name := rapid.SampledFrom([]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotLike", "ArnLike", "ArnNotLike", "Bool", "NumericEquals", "NumericLessThan", "Null"}).Draw(t, "operator")
	c := policy.Condition{Key: rapid.SampledFrom(keys).Draw(t, "key"), Values: []string{rapid.SampledFrom([]string{"true", "false", "false"}).Draw(t, "null")}}
	if name != "Null" {
		name = rapid.SampledFrom([]string{"", "", "", "ForAnyValue:", "ForAllValues:"}).Draw(t, "set") + name + rapid.SampledFrom([]string{"", "", "", "IfExists"}).Draw(t, "if exists")
		c.Values = nil
		for range rapid.IntRange(1, 2).Draw(t, "values") {
			c.Values = append(c.Values, scrambledValue(t, keys))
		}
	}
	c.Operator, _ = policy.ParseOperator(name)
	return c
}

// scrambled draws documents in which anything is compared with anything: an
// Allow and up to two Denies that look at three keys.
func scrambled() *rapid.Generator[asked] {
	return rapid.Custom(func(t *rapid.T) asked {
		keys := some(t, "keys", 2, 3, scrambledKeys()...)
		doc := &policy.Document{Version: policy.Version2012}
		for i := range rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(t, "statements") {
			st := policy.Statement{Principals: read(false, []string{"*"}, nil), Actions: policy.Patterns{Texts: []string{"lambda:InvokeFunction*"}}, Resources: policy.Patterns{Texts: []string{"*"}}}
			if i > 0 {
				st.Effect = policy.Deny
			}
			if chance(t, "resource", 25) {
				st.Resources.Texts = some(t, "resources", 1, 2, "*", orders, orders+":*", orders+":${"+keys[0]+"}", strings.TrimSuffix(orders, "orders")+"${"+keys[0]+"}")
			}
			if i == 0 {
				st.Principals = rapid.SampledFrom([]policy.Principals{st.Principals, read(false, nil, []string{"sns.amazonaws.com"}), read(false, []string{"arn:aws:iam::" + foreignAccount + ":user/a"}, nil)}).Draw(t, "principal")
			}
			seen := map[string]bool{}
			for range rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(t, "conditions") {
				if c := scrambledCondition(t, keys); !seen[c.Operator.String()] {
					seen[c.Operator.String()] = true
					st.Conditions = append(st.Conditions, c)
				}
			}
			doc.Statements = append(doc.Statements, st)
		}
		return asked{written(doc), prove.Question{Function: orders, Zone: prove.Zone{Accounts: []string{trustedAccount}}}}
	})
}

// scrambledRequest is some request of a stranger with a few short texts.
func scrambledRequest(s *space, d *rand.Rand) policy.Request {
	texts := []string{"", "a", "b", "c", "ab", "aa", "true", "false", "rue", "NONE", "AWS_IAM", "5", "4", foreignAccount, trustedAccount, "arn:aws:iam::" + foreignAccount + ":user/a", ":::::", "a:::::", "orders", "1767225600"}
	name := pick(d, "a", "b", "ab", "true", "NONE", "orders", foreignAccount)
	r := policy.Request{Action: pick(d, "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"), Resource: pick(d, orders, orders, orders+":a", orders+":true"), Context: policy.Context{}}
	known := map[string]string{"aws:epochtime": pick(d, "1767225600", "5.0", "0"), "aws:useragent": pick(d, texts...), "aws:viaawsservice": "false", "lambda:functionurlauthtype": pick(d, "NONE", "AWS_IAM")}
	switch d.IntN(3) {
	case 0:
		service := pick(d, "sns.amazonaws.com", "s3.amazonaws.com")
		r.Caller = policy.Caller{Type: policy.ServiceCaller, Service: service}
		known["aws:principalservicename"] = service
		known["aws:sourceaccount"] = pick(d, "", foreignAccount)
		known["aws:sourcearn"] = pick(d, "", "arn:aws:sns:us-east-1:"+foreignAccount+":a", "arn:aws:s3:::a")
	case 1:
		r.Caller = policy.Caller{Type: policy.IAMCaller, Account: foreignAccount, ARN: "arn:aws:iam::" + foreignAccount + ":root"}
		known["aws:userid"] = foreignAccount
	default:
		r.Caller = policy.Caller{Type: policy.IAMCaller, Account: foreignAccount, ARN: "arn:aws:iam::" + foreignAccount + ":user/" + name}
		known["aws:userid"], known["aws:username"] = "AIDAEXAMPLEEXAMPLE123", name
	}
	if r.Caller.Type == policy.IAMCaller {
		r.Context["aws:principalaccount"] = policy.Text(foreignAccount)
		known["aws:principalarn"], known["aws:viaawsservice"] = r.Caller.ARN, pick(d, "true", "false")
	}
	for key := range s.named {
		v, told := known[key]
		switch {
		case r.Context[key].Texts != nil, told && v == "" && key != "aws:useragent", !told && d.IntN(5) == 0:
		case told:
			r.Context[key] = policy.Text(v)
		case key == "aws:tagkeys" || key == "aws:calledvia" && (!s.named["aws:viaawsservice"] || known["aws:viaawsservice"] == "true"):
			r.Context[key] = policy.List(pick(d, texts...), pick(d, texts...))
		default:
			r.Context[key] = policy.Text(pick(d, texts...) + pick(d, "", "", "a", foreignAccount))
		}
	}
	return r
}

// No short text in any place stands beside a PASS.
func TestNoShortTextContradictsTheProver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := scrambled().Draw(t, "document")
		s, got := newSpace(a.doc, a.q), prove.Outside(a.doc, a.q)
		d := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for range 200 {
			if got.Verdict != prove.Pass {
				break
			}
			r := scrambledRequest(s, d)
			if policy.Evaluate(a.doc, r).Outcome == policy.Allowed && s.contains(r) == nil && !s.trusted(r, told(r)) {
				w, _ := json.Marshal(r)
				t.Fatalf("PASS (%s), and yet allowed and untrusted\n%s\n%s", got.Why, a, w)
			}
		}
	})
}
