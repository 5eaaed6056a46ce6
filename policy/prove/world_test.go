package prove_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// In a small world tests only ask whether a key equals one of a few texts. Then
// these texts, one more and absence stand for all values, so that all requests
// can be listed and the prover must agree both ways.

// worldKeys are the keys of the small world and the texts to compare with.
func worldKeys() []keyed {
	return []keyed{
		{"aws:PrincipalAccount", []string{trustedAccount, foreignAccount, "111122223333", "anonymous"}},
		{"aws:PrincipalOrgID", []string{trustedOrg, foreignOrg}},
		{"aws:SourceAccount", []string{trustedAccount, foreignAccount, "111122223333"}},
		{"aws:SourceIp", []string{"203.0.113.0/24", "0.0.0.0/0", "203.0.113.9"}},
		{"custom:Key", []string{"a", "b"}},
		{"aws:PrincipalTag/team", []string{"a", "b"}},
		{"lambda:FunctionUrlAuthType", []string{"NONE", "AWS_IAM"}},
		{"lambda:InvokedViaFunctionUrl", []string{"true", "false"}},
		{"aws:PrincipalIsAWSService", []string{"true", "false"}},
	}
}

// worldValues returns every value that a key needs to have in a list of all
// requests; absence is added by the caller of it.
func worldValues(key string) []policy.Value {
	texts := func(all ...string) (values []policy.Value) {
		for _, text := range all {
			values = append(values, policy.Text(text))
		}
		return values
	}
	switch key {
	case "aws:principalorgid", "aws:sourceorgid":
		return texts(trustedOrg, foreignOrg, "o-otherother")
	case "aws:sourceorgpaths":
		return []policy.Value{policy.List(trustedOrg + "/r-ab12/"), policy.List(foreignOrg + "/r-ab12/")}
	case "aws:sourceaccount":
		return texts("111122223333", trustedAccount, foreignAccount, "777788889999")
	case "aws:sourcearn":
		return texts("arn:aws:s3:::b", "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/t",
			"arn:aws:sns:us-east-1:111122223333:t", "arn:aws:sns:us-east-1:"+trustedAccount+":t",
			"arn:aws:sns:us-east-1:"+foreignAccount+":t", "arn:aws:sns:us-east-1:777788889999:t")
	case "aws:sourceip":
		return texts("203.0.113.9", "203.0.113.10", "198.51.100.1", "2001:db8::1")
	case "custom:key":
		values := texts("a", "b", "c", "")
		for _, list := range [][]string{{""}, {"a"}, {"b"}, {"c"}, {"a", "b"}, {"a", "c"}, {"b", "c"}, {"a", "b", "c"}} {
			values = append(values, policy.List(list...))
		}
		return values
	case "aws:principaltag/team":
		return texts("a", "b", "c", "") // an empty text may be no value
	}
	return texts("NONE", "AWS_IAM", "true", "false")
}

func smallWorld() *rapid.Generator[asked] {
	return rapid.Custom(func(t *rapid.T) asked {
		keys := some(t, "keys", 1, 3, worldKeys()...)
		doc := &policy.Document{Version: policy.Version2012}
		for i := range rapid.IntRange(1, 4).Draw(t, "statements") {
			doc.Statements = append(doc.Statements, worldStatement(t, keys, i > 0 && chance(t, "deny", 70)))
		}
		return asked{written(doc), worldQuestion(t)}
	})
}

func worldStatement(t *rapid.T, keys []keyed, deny bool) policy.Statement {
	st := policy.Statement{Actions: policy.Patterns{Texts: some(t, "action", 1, 1, "lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:*")},
		Resources: policy.Patterns{Texts: some(t, "resource", 1, 1, orders, "*", orders+":prod", orders+":*")}}
	if deny {
		st.Effect = policy.Deny
	}
	switch rapid.IntRange(0, 5).Draw(t, "principal") {
	case 0, 1, 2:
		st.Principals = policy.Principals{Entries: []policy.Principal{{Kind: policy.Everyone, Text: "*"}}}
	case 3:
		st.Principals = read(chance(t, "not", 50), []string{trustedAccount, "111122223333", "arn:aws:iam::" + foreignAccount + ":role/partner"}, nil)
	case 4:
		st.Principals = read(chance(t, "not", 30), nil, []string{"s3.amazonaws.com"})
	case 5:
		st.Principals = read(chance(t, "not", 30), []string{foreignAccount}, []string{"sns.amazonaws.com"})
	}
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		k := rapid.SampledFrom(keys).Draw(t, "key")
		c := policy.Condition{Key: k.key, Values: some(t, "values", 1, 2, k.texts...), Operator: policy.Operator{Comparison: policy.StringEquals, Negated: rapid.Bool().Draw(t, "negated"),
			IfExists: chance(t, "ifExists", 30), Set: rapid.SampledFrom([]policy.SetOperator{policy.NoSet, policy.NoSet, policy.ForAnyValue, policy.ForAllValues}).Draw(t, "set")}}
		switch {
		case chance(t, "null", 15):
			c.Operator, c.Values = policy.Operator{Comparison: policy.Null}, some(t, "absent", 1, 1, "true", "false")
		case k.key == "aws:SourceIp":
			c.Operator.Comparison = policy.IPAddress
		}
		if !slices.ContainsFunc(st.Conditions, func(o policy.Condition) bool { return o.Operator == c.Operator }) {
			st.Conditions = append(st.Conditions, c)
		}
	}
	return st
}

func worldQuestion(t *rapid.T) prove.Question {
	q := prove.Question{Function: orders, Zone: prove.Zone{Accounts: []string{trustedAccount}}, Qualifier: rapid.SampledFrom([]string{"", "", "prod"}).Draw(t, "qualifier")}
	if chance(t, "org", 40) {
		q.Zone.Organizations = []string{trustedOrg}
	}
	if chance(t, "network", 30) {
		q.Zone.Networks.CIDRs = []string{"203.0.113.0/24"}
	}
	if chance(t, "service", 30) {
		q.Zone.Services = []string{"s3.amazonaws.com"}
	}
	return q
}

// everyRequest calls yield with every request of the small world.
func (s *space) everyRequest(yield func(policy.Request, source) bool) {
	var callers []policy.Caller
	for _, account := range []string{"111122223333", trustedAccount, foreignAccount, "777788889999"} {
		for _, role := range []string{"partner", "x"} {
			callers = append(callers, policy.Caller{Type: policy.IAMCaller, Account: account, ARN: "arn:aws:iam::" + account + ":role/" + role,
				Session: "arn:aws:sts::" + account + ":assumed-role/" + role + "/s1"})
		}
	}
	callers = append(callers, policy.Caller{Type: policy.AnonymousCaller})
	for _, service := range []string{"s3.amazonaws.com", "sns.amazonaws.com", "unlisted.amazonaws.com", "elasticloadbalancing.amazonaws.com"} {
		callers = append(callers, policy.Caller{Type: policy.ServiceCaller, Service: service})
	}
	var keys []string
	for key := range s.named {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, c := range callers {
		sources := []string{""}
		if c.Type == policy.ServiceCaller {
			sources = []string{"111122223333", trustedAccount, foreignAccount, "777788889999"}
		}
		for _, action := range prove.InvokeActions() {
			for _, resource := range []string{orders, orders + ":prod", orders + ":x"} {
				for _, account := range sources {
					r := policy.Request{Caller: c, Action: action, Resource: resource, Context: policy.Context{}}
					if !s.each(r, keys, source{account: account}, yield) {
						return
					}
				}
			}
		}
	}
}

// bears reports whether a source of the account can show itself by a value.
func (src source) bears(key string, v policy.Value) bool {
	switch key {
	case "aws:sourceaccount":
		return v.Texts[0] == src.account
	case "aws:sourcearn":
		account := strings.Split(v.Texts[0], ":")[4]
		return account == "" || account == src.account
	}
	return true
}

// each fills the keys of a request in every way. What comes out may still be none
// of the space.
func (s *space) each(r policy.Request, keys []string, src source, yield func(policy.Request, source) bool) bool {
	rules, err := s.caller(r)
	if err != nil {
		return true
	}
	if len(keys) == 0 {
		if r.Caller.Type != policy.ServiceCaller {
			r.Context["aws:principalaccount"] = policy.Text(map[bool]string{true: r.Caller.Account, false: "anonymous"}[r.Caller.Type == policy.IAMCaller])
		}
		return yield(r, src)
	}
	key, rest := keys[0], keys[1:]
	rule := s.rule(r, rules, key)
	delete(r.Context, key)
	if !rule.must && !s.each(r, rest, src, yield) {
		return false
	}
	for _, v := range worldValues(key) {
		if key == "aws:principalaccount" || s.obeys(key, v, rule) != nil || !src.bears(key, v) {
			continue
		}
		r.Context[key] = v
		if !s.each(r, rest, src, yield) {
			return false
		}
	}
	if key == "aws:principalaccount" && !rule.never {
		return s.each(r, rest, src, yield)
	}
	delete(r.Context, key)
	return true
}

// The prover finds a request where there is one, and none where there is none.
func TestProverAgreesWithAListOfAllRequests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := smallWorld().Draw(t, "document")
		s := newSpace(a.doc, a.q)
		want, found := prove.Pass, policy.Request{}
		s.everyRequest(func(r policy.Request, src source) bool {
			if policy.Evaluate(a.doc, r).Outcome == policy.Allowed && !s.trusted(r, src) && s.contains(r) == nil {
				want, found = prove.Fail, r
				return false
			}
			return true
		})
		got := prove.Outside(a.doc, a.q)
		if got.Verdict != want {
			w, _ := json.Marshal(found)
			t.Fatalf("%s (%s), want %s\n%s\n%s", got.Verdict, got.Why, want, a, w)
		}
		if got.Verdict == prove.Fail {
			if err := s.witnessed(got); err != nil {
				t.Fatalf("%v\n%s", err, a)
			}
		}
	})
}

// Over a small alphabet every short text is tried against patterns: a text that
// gets through is found, and what is found gets through.
func TestPatternsAgreeWithAListOfAllTexts(t *testing.T) {
	t.Parallel()
	var texts []string
	for length, layer := 0, []string{""}; length <= 6; length++ {
		texts = append(texts, layer...)
		var next []string
		for _, text := range layer {
			next = append(next, text+"a", text+"b", text+":")
		}
		layer = next
	}
	piece := rapid.SampledFrom([]string{"*", "*", "?", "a", "b", ":", "ab", "*a*"})
	rapid.Check(t, func(t *rapid.T) {
		st := []string{}
		for i := range rapid.IntRange(1, 5).Draw(t, "tests") {
			effect, operator := "Deny", rapid.SampledFrom([]string{"StringLike", "StringLike", "StringNotLike", "StringEquals", "StringNotEquals"}).Draw(t, "operator")
			if i == 0 {
				effect, operator = "Allow", "StringLike"
			}
			values, _ := json.Marshal(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 1, 4).Draw(t, "pieces"), "") }), 1, 2).Draw(t, "values"))
			st = append(st, `{"Effect":"`+effect+`","Principal":"*","Action":"lambda:*","Resource":"*","Condition":{"`+operator+`":{"aws:SourceIdentity":`+string(values)+`}}}`)
		}
		doc := document(st...)
		q := prove.Question{Function: orders}
		got := prove.Outside(doc, q)
		r := policy.Request{Caller: policy.Caller{Type: policy.IAMCaller, Account: foreignAccount, ARN: "arn:aws:iam::" + foreignAccount + ":root"}, Action: "lambda:InvokeFunction", Resource: orders, Context: policy.Context{}}
		for _, text := range texts {
			r.Context["aws:sourceidentity"] = policy.Text(text)
			if policy.Evaluate(doc, r).Outcome == policy.Allowed && got.Verdict != prove.Fail {
				t.Fatalf("%s (%s), and yet %q is allowed\n%s", got.Verdict, got.Why, text, doc)
			}
		}
		switch got.Verdict {
		case prove.Fail:
			if err := newSpace(doc, q).witnessed(got); err != nil {
				t.Fatalf("%v\n%s", err, doc)
			}
		case prove.Undecided:
			t.Fatalf("undecided: %s\n%s", got.Why, doc)
		}
	})
}
