package prove_test

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"surety/policy"
)

// families are keys that are decided together.
func families() [][]string {
	return [][]string{
		{"aws:PrincipalArn", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:userid", "aws:username", "lambda:SourceFunctionArn"},
		{"aws:PrincipalArn"},
		{"aws:SourceArn", "aws:SourceArn", "aws:SourceAccount"},
		{"aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceAccount"},
		{"aws:PrincipalOrgID", "aws:PrincipalOrgPaths"},
		{"aws:CurrentTime", "aws:EpochTime"},
		{"aws:SourceIp", "aws:VpcSourceIp", "aws:SourceVpc", "aws:SourceVpce"},
		{"custom:Key", "aws:TagKeys"},
		{"aws:PrincipalTag/team", "aws:username", "aws:PrincipalArn"},
		{"aws:CalledVia", "aws:CalledViaFirst", "aws:ViaAWSService"},
		{"lambda:EventSourceToken", "aws:PrincipalServiceName", "aws:PrincipalIsAWSService"},
		{"lambda:FunctionUrlAuthType", "lambda:InvokedViaFunctionUrl", "aws:PrincipalType"},
	}
}

// starred puts stars and question marks into a text.
func starred(t *rapid.T, text string) string {
	for range rapid.IntRange(0, 3).Draw(t, "stars") {
		i := rapid.IntRange(0, len(text)).Draw(t, "from")
		j := min(len(text), i+rapid.IntRange(0, 14).Draw(t, "length"))
		text = text[:i] + rapid.SampledFrom([]string{"*", "*", "*", "?", "*/*", "*:*", "/", "**/"}).Draw(t, "put") + text[j:]
	}
	return text
}

// knotted draws documents whose tests all look at keys that are decided
// together: one Allow for everybody, and Denies that leave little or nothing.
func knotted() *rapid.Generator[asked] {
	return rapid.Custom(func(t *rapid.T) asked {
		s := settings().Draw(t, "setting")
		names := rapid.SampledFrom(families()).Draw(t, "family")
		all := s.keys()
		keys := slices.DeleteFunc(slices.Clone(all), func(k keyed) bool { return !slices.Contains(names, k.key) })
		variables := chance(t, "variables", 15)
		condition := func() policy.Condition {
			k := rapid.SampledFrom(keys).Draw(t, "key")
			values := some(t, "values", 1, 2, k.texts...)
			for i := range values {
				if variables {
					values[i] = garbled(t, values[i], keys)
				} else if chance(t, "starred", 60) {
					values[i] = starred(t, values[i])
				}
			}
			c := policy.Condition{Operator: operator(t, values[0]), Key: k.key, Values: values}
			if strings.ContainsAny(values[0], "*?") && c.Operator.Comparison == policy.StringEquals {
				c.Operator.Comparison = policy.StringLike
			}
			if c.Operator.Comparison == policy.Null {
				c.Values = some(t, "null", 1, 1, "true", "false")
			}
			return c
		}
		everybody := policy.Principals{Entries: []policy.Principal{{Kind: policy.Everyone, Text: "*"}}}
		service := read(false, nil, []string{rapid.SampledFrom(serviceNames()).Draw(t, "service")})
		doc := &policy.Document{Version: policy.Version2012}
		for i := range rapid.IntRange(1, 4).Draw(t, "statements") {
			st := policy.Statement{Principals: everybody, Actions: policy.Patterns{Texts: []string{"lambda:InvokeFunction"}}, Resources: policy.Patterns{Texts: []string{"*"}}}
			if i > 0 && chance(t, "deny", 80) {
				st.Effect = policy.Deny
			} else if chance(t, "only a service", 25) {
				st.Principals = service
			}
			for range rapid.IntRange(1, 2).Draw(t, "conditions") {
				c := condition()
				if !slices.ContainsFunc(st.Conditions, func(o policy.Condition) bool { return o.Operator == c.Operator }) {
					st.Conditions = append(st.Conditions, c)
				}
			}
			doc.Statements = append(doc.Statements, st)
		}
		return asked{written(doc), s.question(t)}
	})
}
