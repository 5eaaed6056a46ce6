package rewrite_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda/actions/rewrite"
)

const owner, partner, stranger = "123412341234", "222233334444", "999988887777"

func anyZone() *rapid.Generator[prove.Zone] {
	return rapid.Custom(func(t *rapid.T) prove.Zone {
		var z prove.Zone
		pick := func(label string, list *[]string, values ...string) {
			if rapid.Bool().Draw(t, label) {
				*list = values
			}
		}
		pick("accounts", &z.Accounts, partner)
		pick("orgs", &z.Organizations, "o-a1b2c3d4e5")
		pick("units", &z.Units, "o-zz99zz99zz/r-ab12/ou-ab12-11111111/")
		pick("principals", &z.Principals, "arn:aws:iam::"+stranger+":role/partner", "arn:aws:sts::"+stranger+":assumed-role/other/s1")
		pick("services", &z.Services, "sns.amazonaws.com")
		pick("networks", &z.Networks.CIDRs, "203.0.113.0/24")
		pick("vpcs", &z.Networks.VPCs, "vpc-1")
		return z
	})
}

func anyStatement(i int) *rapid.Generator[policy.Statement] {
	return rapid.Custom(func(t *rapid.T) policy.Statement {
		s := policy.Statement{Sid: fmt.Sprint("s", i), Actions: policy.Patterns{Texts: []string{rapid.SampledFrom([]string{"lambda:InvokeFunction", "lambda:*", "lambda:InvokeFunctionUrl"}).Draw(t, "action")}}, Resources: policy.Patterns{Texts: []string{rapid.SampledFrom([]string{"*", function, function + ":*"}).Draw(t, "resource")}}}
		if rapid.IntRange(0, 9).Draw(t, "effect") == 0 {
			s.Effect = policy.Deny
		}
		switch rapid.IntRange(0, 4).Draw(t, "principal") {
		case 0:
			s.Principals.Entries = []policy.Principal{{Kind: policy.Everyone, Text: "*"}}
		case 1:
			s.Principals.Entries = []policy.Principal{{Kind: policy.EveryAWS, Text: "*"}}
		default:
			s.Principals.Entries = rapid.SliceOfNDistinct(rapid.SampledFrom([]policy.Principal{
				account(owner), account(partner), account(stranger), identity("arn:aws:iam::" + stranger + ":role/partner"), identity("arn:aws:iam::" + stranger + ":user/eve"),
				identity("arn:aws:iam::" + stranger + ":role/other"), identity("arn:aws:iam::" + partner + ":role/app"), service("s3.amazonaws.com"), service("sns.amazonaws.com"), service("events.amazonaws.com"),
			}), 1, 4, func(p policy.Principal) string { return p.Text }).Draw(t, "entries")
		}
		s.Conditions = rapid.SliceOfNDistinct(rapid.SampledFrom(conditions()), 0, 2, func(c policy.Condition) string { return strings.ToLower(c.Operator.String() + c.Key) }).Draw(t, "conditions")
		return s
	})
}

func conditions() []policy.Condition {
	equals, like, arn := policy.Operator{Comparison: policy.StringEquals}, policy.Operator{Comparison: policy.StringLike}, policy.Operator{Comparison: policy.ArnLike}
	maybe, not := equals, equals
	maybe.IfExists, not.Negated = true, true
	return []policy.Condition{
		{Operator: equals, Key: "aws:SourceAccount", Values: []string{owner}},
		{Operator: equals, Key: "AWS:SourceAccount", Values: []string{stranger, partner}},
		{Operator: arn, Key: "aws:SourceArn", Values: []string{"arn:aws:s3:::uploads", "arn:aws:sns:us-east-1:" + owner + ":t"}},
		{Operator: arn, Key: "aws:SourceArn", Values: []string{"arn:aws:sns:*:*:t", "arn:aws:events:us-east-1:" + stranger + ":rule/*"}},
		{Operator: equals, Key: "aws:PrincipalOrgID", Values: []string{"o-a1b2c3d4e5", "o-zz99zz99zz"}},
		{Operator: equals, Key: "aws:PrincipalAccount", Values: []string{partner, stranger}},
		{Operator: arn, Key: "aws:PrincipalArn", Values: []string{"arn:aws:iam::*:role/app", "arn:aws:iam::" + stranger + ":role/*"}},
		{Operator: policy.Operator{Comparison: policy.IPAddress}, Key: "aws:SourceIp", Values: []string{"203.0.113.0/25", "198.51.100.0/24"}},
		{Operator: like, Key: "aws:PrincipalTag/team", Values: []string{"a*", "b"}},
		{Operator: maybe, Key: "aws:SourceAccount", Values: []string{owner}},
		{Operator: not, Key: "aws:PrincipalAccount", Values: []string{stranger}},
		{Operator: equals, Key: "lambda:FunctionUrlAuthType", Values: []string{"NONE", "AWS_IAM"}},
	}
}

func account(id string) policy.Principal {
	return policy.Principal{Kind: policy.AccountPrincipal, Text: id, Account: id}
}

func identity(arn string) policy.Principal {
	return policy.Principal{Kind: policy.ARNPrincipal, Text: arn, Partition: "aws", Account: strings.Split(arn, ":")[4]}
}

func service(name string) policy.Principal {
	return policy.Principal{Kind: policy.ServicePrincipal, Text: name}
}

// anyRequest draws one request and whether it shows that it is trusted, from
// texts of its own: nothing here is shared with the search of the package.
func anyRequest(t *rapid.T, z prove.Zone) (r policy.Request, trusted bool) {
	draw := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	r = policy.Request{Action: draw("call", prove.InvokeActions()...), Resource: function + draw("qualifier", "", "", ":prod"), Context: policy.Context{}}
	put := func(key, value string) {
		if value != "" {
			r.Context[key] = policy.Text(value)
		}
	}
	org, path := "", ""
	if o := draw("org", "", "o-a1b2c3d4e5", "o-zz99zz99zz"); o != "" {
		org, path = o, o+"/r-ab12/"+draw("unit", "", "ou-ab12-11111111/", "ou-ab12-22222222/")
	}
	inOrg := slices.Contains(z.Organizations, org) || slices.ContainsFunc(z.Units, func(u string) bool { return strings.HasPrefix(path, u) })
	who := draw("account", owner, partner, stranger)
	mine := who == owner || slices.Contains(z.Accounts, who)
	switch draw("caller", "role", "role", "user", "session", "service", "service", "anonymous") {
	case "role":
		name := draw("role", "app", "partner", "other")
		arn := "arn:aws:iam::" + who + ":role/" + name
		session := "arn:aws:sts::" + who + ":assumed-role/" + name + "/" + draw("session", "s1", "s2")
		r.Caller = policy.Caller{Type: policy.IAMCaller, Account: who, ARN: arn, Session: session}
		trusted = mine || inOrg || slices.Contains(z.Principals, arn) || slices.Contains(z.Principals, session)
	case "user":
		r.Caller = policy.Caller{Type: policy.IAMCaller, Account: who, ARN: "arn:aws:iam::" + who + ":user/eve"}
		trusted = mine || inOrg
	case "session":
		r.Caller = policy.Caller{Type: policy.IAMCaller, Account: who, ARN: "arn:aws:iam::" + who + ":root"}
		trusted = mine || inOrg
	case "service":
		r.Caller = policy.Caller{Type: policy.ServiceCaller, Service: draw("service", "s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com")}
		trusted = slices.Contains(z.Services, r.Caller.Service)
		if rapid.Bool().Draw(t, "tells account") {
			put("aws:sourceaccount", who)
			trusted = trusted || mine
		}
		if rapid.Bool().Draw(t, "tells ARN") {
			if r.Caller.Service == "s3.amazonaws.com" {
				put("aws:sourcearn", "arn:aws:s3:::uploads")
			} else {
				put("aws:sourcearn", "arn:aws:"+strings.Split(r.Caller.Service, ".")[0]+":us-east-1:"+who+":"+draw("source", "t", "rule/x"))
				trusted = trusted || mine
			}
		}
	default:
		r.Caller = policy.Caller{Type: policy.AnonymousCaller}
		put("aws:principalaccount", "anonymous")
	}
	if r.Caller.Type == policy.IAMCaller {
		put("aws:principalaccount", who)
		put("aws:principalarn", r.Caller.ARN)
		put("aws:principaltag/team", draw("tag", "", "abc", "b", "z"))
		if org != "" {
			put("aws:principalorgid", org)
			r.Context["aws:principalorgpaths"] = policy.List(path)
		}
	}
	if r.Action == "lambda:InvokeFunctionUrl" {
		put("lambda:functionurlauthtype", "NONE")
		if r.Caller.Type != policy.AnonymousCaller {
			put("lambda:functionurlauthtype", draw("auth", "NONE", "AWS_IAM"))
		}
	}
	switch draw("network", "", "ip", "vpc") {
	case "ip":
		ip := draw("address", "203.0.113.9", "198.51.100.7", "192.0.2.1")
		put("aws:sourceip", ip)
		trusted = trusted || len(z.Networks.CIDRs) > 0 && ip == "203.0.113.9"
	case "vpc":
		vpc := draw("vpc", "vpc-1", "vpc-2")
		put("aws:sourcevpc", vpc)
		trusted = trusted || slices.Contains(z.Networks.VPCs, vpc)
	}
	return r, trusted
}

// Whatever the policy and the zone, what is made is proven closed, gains nothing,
// and keeps every trusted request; or it is refused.
func TestRevokeClosesAndKeeps(t *testing.T) {
	refused, changed, kept := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		doc := policy.Document{Version: policy.Version2012}
		for i := range rapid.IntRange(1, 3).Draw(t, "statements") {
			doc.Statements = append(doc.Statements, anyStatement(i).Draw(t, "statement"))
		}
		before := doc.String()
		s, err := rewrite.Open(before)
		if err != nil {
			t.Fatal(err)
		}
		order := rewrite.Order{Question: prove.Question{Function: function, Zone: anyZone().Draw(t, "zone")}}
		order.Strategy = rapid.SampledFrom([]rewrite.Strategy{rewrite.Revoke, rewrite.Revoke, rewrite.Narrow}).Draw(t, "strategy")
		change, err := rewrite.Make(s, order)
		var why *rewrite.Refusal
		if errors.As(err, &why) {
			refused++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		after := &policy.Document{Version: policy.Version2012}
		if change.After != "" {
			if after, err = policy.Parse([]byte(change.After)); err != nil {
				t.Fatalf("what was made is no policy: %v\n%s", err, change.After)
			}
		}
		if got := prove.Outside(after, order.Question); got.Verdict != prove.Pass {
			t.Fatalf("still open: %s\n%s\n%s", got.Why, before, change.After)
		}
		if change.After != before {
			changed++
		}
		for range 60 {
			r, trusted := anyRequest(t, order.Question.Zone)
			was, is := policy.Evaluate(s.Document, r).Outcome, policy.Evaluate(after, r).Outcome
			if is == policy.Allowed && was != policy.Allowed {
				t.Fatalf("gained by %+v:\n%s\n%s", r, before, change.After)
			}
			if trusted && was == policy.Allowed {
				kept++
				if is != policy.Allowed {
					t.Fatalf("lost by %+v, zone %+v:\n%s\n%s", r, order.Question.Zone, before, change.After)
				}
			}
		}
	})
	t.Logf("%d changed, %d refused, %d trusted requests kept", changed, refused, kept)
	if changed == 0 || kept == 0 {
		t.Errorf("%d changed, %d kept: the property said nothing", changed, kept)
	}
}
