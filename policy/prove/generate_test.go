package prove_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"surety/policy"
	"surety/policy/prove"
)

// setting is where a drawn document lives.
type setting struct{ partition, region string }

func (s setting) function() string {
	return "arn:" + s.partition + ":lambda:" + s.region + ":111122223333:function:orders"
}

const (
	trustedAccount = "222233334444"
	foreignAccount = "999988887777"
	trustedOrg     = "o-a1b2c3d4e5"
	foreignOrg     = "o-f0f0f0f0f0"
	trustedUnit    = "o-f0f0f0f0f0/r-ab12/ou-ab12-11111111/"
)

func settings() *rapid.Generator[setting] {
	return rapid.SampledFrom([]setting{{"aws", "us-east-1"}, {"aws", "eu-west-1"}, {"aws-cn", "cn-north-1"}, {"aws-us-gov", "us-gov-west-1"}})
}

// some draws n to m of the values, in their order.
func some[T any](t *rapid.T, label string, n, m int, values ...T) []T {
	return rapid.SliceOfN(rapid.SampledFrom(values), n, m).Draw(t, label)
}

func chance(t *rapid.T, label string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(t, label) <= percent
}

func (s setting) zone(t *rapid.T) prove.Zone {
	z := prove.Zone{}
	if chance(t, "accounts", 60) {
		z.Accounts = some(t, "trusted", 1, 3, trustedAccount, "222233334440", "222233334445", "123456789012")
	}
	if chance(t, "orgs", 30) {
		z.Organizations = []string{trustedOrg}
	}
	if chance(t, "units", 20) {
		z.Units = []string{trustedUnit}
	}
	if chance(t, "principals", 25) {
		z.Principals = some(t, "principal", 1, 2, s.iam(foreignAccount, "role/partner"), s.iam(foreignAccount, "user/team/ann"), s.sts(foreignAccount, "assumed-role/a/s1"))
	}
	if chance(t, "services", 20) {
		z.Services = []string{"sns.amazonaws.com"}
	}
	if chance(t, "networks", 20) {
		z.Networks = prove.Networks{CIDRs: []string{"203.0.113.0/24", "2001:db8:1::/48"}, VPCs: []string{"vpc-1"}, Endpoints: []string{"vpce-1"}}
	}
	return z
}

func (s setting) iam(account, name string) string {
	return "arn:" + s.partition + ":iam::" + account + ":" + name
}
func (s setting) sts(account, name string) string {
	return "arn:" + s.partition + ":sts::" + account + ":" + name
}

func (s setting) question(t *rapid.T) prove.Question {
	q := prove.Question{Function: s.function(), Zone: s.zone(t)}
	q.Qualifier = rapid.SampledFrom([]string{"", "", "", "prod", "7", "$LATEST"}).Draw(t, "qualifier")
	q.Known = rapid.SampledFrom([][]string{nil, {"prod"}, {"prod", "7"}}).Draw(t, "known")
	q.Organization = rapid.SampledFrom([]string{"", "", trustedOrg, "o-owner00000"}).Draw(t, "organization")
	if chance(t, "now", 30) {
		q.Now = time.Date(2026, 11, 22, 9, 0, 0, 500_000_000, time.UTC)
	}
	return q
}

// keyed is a condition key with texts that mean something under it.
type keyed struct {
	key   string
	texts []string
}

// keys are all keys that the request space knows, and one that it does not.
func (s setting) keys() []keyed {
	src := func(space, region, account, what string) string {
		return "arn:" + s.partition + ":" + space + ":" + region + ":" + account + ":" + what
	}
	arns := []string{s.iam(trustedAccount, "role/a"), s.iam(foreignAccount, "role/partner"), s.iam(foreignAccount, "role/x/y/partner"), s.iam(foreignAccount, "user/team/ann"),
		s.iam(foreignAccount, "root"), s.sts(foreignAccount, "federated-user/fed"), s.iam("*", "role/*"), "arn:*:iam::" + trustedAccount + ":role/*", "*:" + trustedAccount + ":*"}
	sources := []string{src("s3", "", "", "bucket"), src("sns", s.region, trustedAccount, "topic"), src("sns", s.region, foreignAccount, "topic"), src("execute-api", s.region, "111122223333", "abc/*/GET/x"),
		src("*", "*", "*", "*"), src("events", s.region, foreignAccount, "rule/r:1"), "arn:*:*:*:" + trustedAccount + ":*"}
	ids := []string{trustedOrg, foreignOrg, "o-a1b2c3d4e5f6", "o-*", "o-a1b2c3d4e5*"}
	paths := []string{trustedUnit, trustedUnit + "*", foreignOrg + "/*", foreignOrg + "/r-ab12/", foreignOrg + "/r-ab12/*/ou-ab12-22222222/", trustedOrg + "/*", "*/ou-ab12-11111111/*"}
	accounts := []string{"111122223333", trustedAccount, foreignAccount, "22223333444?", "2222*", "*", "anonymous"}
	words := []string{"a", "A", "ab", "a*", "*b", "x:y", "s1", "${*}", ""}
	addresses := []string{"203.0.113.0/24", "203.0.113.9", "0.0.0.0/0", "::/0", "2001:db8::/32", "198.51.100.0/25"}
	dates := []string{"2026-11-22T09:00:00Z", "2020-01-01T00:00:00Z", "2030-01-01", "1800000000", "2026-11-22T09:00:00.5Z", "1700000000.25"}
	flags := []string{"true", "false"}
	return []keyed{
		{"aws:PrincipalAccount", accounts}, {"aws:PrincipalArn", arns}, {"aws:PrincipalArn", arns}, {"aws:PrincipalOrgID", ids}, {"aws:PrincipalOrgPaths", paths},
		{"aws:SourceAccount", accounts}, {"aws:SourceArn", sources}, {"aws:SourceArn", sources}, {"aws:SourceOrgID", ids}, {"aws:SourceOrgPaths", paths},
		{"aws:PrincipalIsAWSService", flags}, {"aws:PrincipalServiceName", serviceNames()}, {"aws:PrincipalServiceNamesList", serviceNames()},
		{"aws:PrincipalType", []string{"User", "AssumedRole", "Account", "FederatedUser", "Anonymous", "*User"}},
		{"aws:userid", []string{foreignAccount, foreignAccount + ":fed", "AIDAEXAMPLEEXAMPLE123", "AROAEXAMPLEEXAMPLE123:s1", "AROA*:s1", "*:a*", "AIDA*"}},
		{"aws:username", words}, {"aws:PrincipalTag/team", words}, {"aws:SourceIdentity", words}, {"aws:UserAgent", words}, {"aws:referer", words},
		{"aws:SourceIp", addresses}, {"aws:VpcSourceIp", addresses}, {"aws:SourceVpc", []string{"vpc-1", "vpc-2", "vpc-*"}}, {"aws:SourceVpce", []string{"vpce-1", "vpce-*"}},
		{"aws:ViaAWSService", flags}, {"aws:CalledVia", []string{"athena.amazonaws.com", "*.amazonaws.com"}}, {"aws:CalledViaFirst", []string{"athena.amazonaws.com"}},
		{"aws:SecureTransport", flags}, {"aws:CurrentTime", dates}, {"aws:EpochTime", dates}, {"aws:RequestedRegion", []string{s.region, "us-*"}},
		{"aws:ResourceAccount", accounts}, {"aws:ResourceOrgID", ids}, {"aws:MultiFactorAuthPresent", flags}, {"aws:MultiFactorAuthAge", []string{"3600", "0", "1e3"}}, {"aws:TokenIssueTime", dates},
		{"lambda:FunctionUrlAuthType", []string{"NONE", "AWS_IAM", "*"}}, {"lambda:InvokedViaFunctionUrl", flags}, {"lambda:EventSourceToken", []string{"amzn1.ask.skill.1", "amzn1.ask.skill.*", "amzn1.ask.skill.2"}},
		{"lambda:FunctionArn", []string{s.function(), s.function() + "*"}}, {"lambda:SourceFunctionArn", []string{src("lambda", s.region, foreignAccount, "function:f"), src("lambda", "*", trustedAccount, "function:*")}},
		{"aws:TagKeys", words}, {"aws:ResourceTag/stage", words}, {"custom:Key", append([]string{"5", "QQ==", "10.0.0.1"}, words...)},
	}
}

func serviceNames() []string {
	return []string{"s3.amazonaws.com", "sns.amazonaws.com", "apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com", "alexa-appkit.amazon.com",
		"logs.us-east-1.amazonaws.com", "madeup.amazonaws.com", "replicator.lambda.amazonaws.com", "events.amazonaws.com"}
}

// garbled changes a text a little: a star, a question mark, a variable, a
// character more or less somewhere.
func garbled(t *rapid.T, text string, keys []keyed) string {
	if chance(t, "plain", 55) {
		return text
	}
	i := rapid.IntRange(0, len(text)).Draw(t, "from")
	j := min(len(text), i+rapid.IntRange(0, 6).Draw(t, "length"))
	put := rapid.SampledFrom([]string{"*", "?", "**", "", "x", ":", "/", "*:*", "VARIABLE", "VARIABLE", "DEFAULT", "${*}"}).Draw(t, "put")
	key := strings.ToLower(rapid.SampledFrom(keys).Draw(t, "variable").key)
	switch put {
	case "VARIABLE":
		put = "${" + key + "}"
	case "DEFAULT":
		put = "${" + key + ", '" + text[i:j] + "'}"
	}
	if strings.Contains(put, "$") && chance(t, "whole", 40) {
		return put
	}
	return text[:i] + put + text[j:]
}

// operator draws an operator that suits a text; sometimes any.
func operator(t *rapid.T, text string) policy.Operator {
	names := []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "StringLike", "StringNotLike", "Null"}
	switch {
	case strings.HasPrefix(text, "arn:"):
		names = append(names, "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "ArnLike", "ArnNotLike")
	case strings.Contains(text, "/") || strings.Count(text, ".") == 3:
		names = append(names, "IpAddress", "NotIpAddress", "IpAddress", "NotIpAddress")
	case text == "true" || text == "false":
		names = append(names, "Bool", "Bool", "Bool")
	}
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		names = append(names, "DateLessThan", "DateGreaterThan", "DateEquals", "DateNotEquals", "DateLessThanEquals", "DateGreaterThanEquals",
			"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThan", "NumericLessThanEquals", "NumericGreaterThanEquals")
	}
	if chance(t, "any operator", 6) {
		names = append(names[:0], "Bool", "BinaryEquals", "IpAddress", "NumericEquals", "DateEquals", "ArnNotLike", "NumericLessThan", "DateGreaterThan")
	}
	name := rapid.SampledFrom(names).Draw(t, "operator")
	if name != "Null" {
		name = rapid.SampledFrom([]string{"", "", "", "ForAnyValue:", "ForAllValues:"}).Draw(t, "set") + name + rapid.SampledFrom([]string{"", "", "IfExists"}).Draw(t, "ifExists")
	}
	o, ok := policy.ParseOperator(name)
	if !ok {
		t.Fatalf("no operator %s", name)
	}
	return o
}

func (s setting) condition(t *rapid.T, keys []keyed) policy.Condition {
	k := rapid.SampledFrom(keys).Draw(t, "key")
	values := some(t, "values", 1, 3, k.texts...)
	for i := range values {
		values[i] = garbled(t, values[i], keys)
	}
	c := policy.Condition{Operator: operator(t, values[0]), Key: k.key, Values: values}
	if c.Operator.Comparison == policy.Null {
		c.Values = some(t, "null", 1, 1, "true", "false")
	}
	return c
}

func (s setting) principals(t *rapid.T) policy.Principals {
	p := policy.Principals{Negated: chance(t, "not principal", 12)}
	switch n := rapid.IntRange(1, 10).Draw(t, "principals"); {
	case n <= 4:
		p.Entries = []policy.Principal{{Kind: policy.Everyone, Text: "*"}}
		if p.Negated && n > 1 {
			p.Negated = false
		}
		return p
	default:
		aws := some(t, "aws", min(1, n-5), 3, "*", trustedAccount, foreignAccount, "111122223333", s.iam(foreignAccount, "root"), s.iam(foreignAccount, "role/partner"), s.iam(foreignAccount, "role/x/y/partner"),
			s.iam(foreignAccount, "user/team/ann"), s.sts(foreignAccount, "assumed-role/a/s1"), s.sts(foreignAccount, "federated-user/fed"), "AIDAQ3EGRRDQ7EXAMPLE2", "arn:aws-iso:iam::"+foreignAccount+":root")
		services := some(t, "services", max(0, min(1, 6-n)), 2, serviceNames()...)
		return read(p.Negated, aws, services)
	}
}

// read lets the parser make the entries of a principal element.
func read(negated bool, aws, services []string) policy.Principals {
	quoted := func(texts []string) string { return `["` + strings.Join(texts, `","`) + `"]` }
	var members []string
	if len(aws) > 0 {
		members = append(members, `"AWS":`+quoted(aws))
	}
	if len(services) > 0 || len(aws) == 0 {
		members = append(members, `"Service":`+quoted(append(services, "s3.amazonaws.com")))
	}
	doc, err := policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Principal":{` + strings.Join(members, ",") + `},"Action":"*","Resource":"*"}}`))
	if err != nil {
		panic(err)
	}
	ps := doc.Statements[0].Principals
	ps.Negated = negated
	return ps
}

func (s setting) statement(t *rapid.T, keys []keyed) policy.Statement {
	f := s.function()
	st := policy.Statement{Sid: rapid.SampledFrom([]string{"", "s"}).Draw(t, "sid"), Principals: s.principals(t)}
	if chance(t, "deny", 35) {
		st.Effect = policy.Deny
	}
	st.Actions = policy.Patterns{Negated: chance(t, "not action", 8), Texts: some(t, "actions", 1, 2, "lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync", "lambda:*", "*", "lambda:invoke*", "lambda:InvokeFunction???", "lambda:GetFunction")}
	if !st.Actions.Negated && chance(t, "invoke", 60) {
		st.Actions.Texts = append(st.Actions.Texts, "lambda:InvokeFunction")
	}
	st.Resources = policy.Patterns{Negated: chance(t, "not resource", 8), Texts: some(t, "resources", 1, 2, f, f, f, "*", f+":*", f+"*", f+":prod", f+":p*", f+":?", f+":$LATEST", strings.Replace(f, "111122223333", "*", 1), f+":${aws:principaltag/team}", f+":${aws:username, 'prod'}")}
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		c := s.condition(t, keys)
		if !slices.ContainsFunc(st.Conditions, func(o policy.Condition) bool { return o.Operator == c.Operator }) {
			st.Conditions = append(st.Conditions, c)
		}
	}
	return st
}

// asked is one drawn document and question.
type asked struct {
	doc *policy.Document
	q   prove.Question
}

func (a asked) String() string { return fmt.Sprintf("%s\n%+v", a.doc, a.q) }

// written prints a document and reads it again, so that only what AWS would
// store is asked about.
func written(doc *policy.Document) *policy.Document {
	again, err := policy.Parse([]byte(doc.String()))
	if err != nil {
		panic(fmt.Sprintf("%v: %s", err, doc))
	}
	return again
}

// anyDocument draws from the whole language.
func anyDocument() *rapid.Generator[asked] {
	return rapid.Custom(func(t *rapid.T) asked {
		s := settings().Draw(t, "setting")
		keys := s.keys()
		// Few keys a document, so that its tests meet.
		few := some(t, "keys", 1, 4, keys...)
		doc := &policy.Document{Version: rapid.SampledFrom([]policy.Version{policy.Version2012, policy.Version2012, policy.Version2012, policy.Version2008, ""}).Draw(t, "version")}
		for range rapid.IntRange(1, 4).Draw(t, "statements") {
			doc.Statements = append(doc.Statements, s.statement(t, few))
		}
		return asked{written(doc), s.question(t)}
	})
}
