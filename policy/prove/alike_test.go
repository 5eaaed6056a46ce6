package prove_test

import (
	"testing"

	"surety/policy/prove"
)

// One service that constants shut out speaks for others like it only: a key that
// tells services apart, and the token that only Alexa brings, let one in that
// comes late in the list.
func TestOneServiceSpeaksForThoseAlike(t *testing.T) {
	for _, c := range []struct{ name, condition, service string }{
		{"by name", `"StringLike":{"aws:PrincipalServiceName":"sn?.amazonaws.com"}`, "sns.amazonaws.com"},
		{"by list of names", `"ForAnyValue:StringLike":{"aws:PrincipalServiceNamesList":"sn?.amazonaws.com"}`, "sns.amazonaws.com"},
		{"by token", `"Bool":{"aws:PrincipalIsAWSService":"true"},"Null":{"lambda:EventSourceToken":"false"}`, "alexa-appkit.amazon.com"},
		{"by organisation", `"Bool":{"aws:PrincipalIsAWSService":"true"},"StringLike":{"aws:PrincipalOrgID":"*"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := document(`{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + orders + `","Condition":{` + c.condition + `}}`)
			got := prove.Outside(doc, prove.Question{Function: orders})
			switch {
			case c.service == "" && got.Verdict != prove.Pass:
				t.Errorf("%s: %s", got.Verdict, got.Why)
			case c.service != "" && (got.Witness == nil || got.Witness.Caller.Service != c.service):
				t.Errorf("%s: %s, want a witness by %s", got.Verdict, got.Why, c.service)
			}
		})
	}
}
