package awssim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Grant is the input of AddPermission.
type Grant struct {
	Qualifier             string `yaml:"qualifier" json:"-"` // alias or version; "" is the function
	StatementID           string `yaml:"sid"`
	Action                string `yaml:"action"`    // empty, in a world: lambda:InvokeFunction
	Principal             string `yaml:"principal"` // service, account, ARN or *
	SourceArn             string `yaml:"source_arn"`
	SourceAccount         string `yaml:"source_account"`
	PrincipalOrgID        string `yaml:"principal_org_id"`
	EventSourceToken      string `yaml:"event_source_token"`
	FunctionURLAuthType   string `yaml:"function_url_auth_type"`
	InvokedViaFunctionURL *bool  `yaml:"invoked_via_function_url"`
	RevisionID            string `yaml:"-"`
}

// storedStatement is a statement as Lambda writes it.
type storedStatement struct {
	Sid       string
	Effect    string
	Principal any
	Action    string
	Resource  string
	Condition *storedCondition `json:",omitempty"`
}

type storedCondition struct {
	StringEquals map[string]string `json:",omitempty"`
	ArnLike      map[string]string `json:",omitempty"`
	Bool         map[string]string `json:",omitempty"`
}

func (s *Sim) addPermission(c *call) (any, error) {
	var g Grant
	if err := c.json(&g); err != nil {
		return nil, err
	}
	f, revision, err := c.holder()
	if err != nil {
		return nil, err
	}
	if g.RevisionID != "" && g.RevisionID != *revision {
		return nil, stale()
	}
	g.Qualifier = c.qualifier
	statement, err := f.addPermission(c.account, c.region, g)
	if err != nil {
		return nil, err
	}
	return struct{ Statement string }{statement}, nil
}

// addPermission appends a grant to the policy of its qualifier and answers the
// statement that was stored.
func (f *Function) addPermission(a *Account, region string, g Grant) (string, error) {
	g.Action = cmp.Or(g.Action, "lambda:InvokeFunction")
	if err := g.check(); err != nil {
		return "", err
	}
	if f.revision(g.Qualifier) == nil {
		return "", notFound("Function not found: %s", g.resource(a, region, f.Name))
	}
	d := newDocument()
	if text, is := f.Policies[g.Qualifier]; is {
		var err error
		if d, err = parseDocument(text); err != nil {
			return "", err
		}
	}
	if d.has(g.StatementID) {
		return "", conflict("The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", g.StatementID)
	}
	statement := compact(storedStatement{Sid: g.StatementID, Effect: "Allow", Principal: principalOf(a, g.Principal),
		Action: g.Action, Resource: g.resource(a, region, f.Name), Condition: g.condition()})
	d.Statement = append(d.Statement, json.RawMessage(statement))
	text := d.String()
	if len(text) > largestPolicy {
		return "", &failure{status: 400, code: "PolicyLengthExceededException", message: "The final policy size is bigger than the limit (20480)."}
	}
	f.setPolicy(g.Qualifier, text)
	return statement, nil
}

// condition writes the conditions that AddPermission knows, keys spelled as
// Lambda spells them; nil for none.
func (g *Grant) condition() *storedCondition {
	c := &storedCondition{StringEquals: map[string]string{}}
	for _, kv := range [...][2]string{
		{"AWS:SourceAccount", g.SourceAccount}, {"aws:PrincipalOrgID", g.PrincipalOrgID},
		{"lambda:EventSourceToken", g.EventSourceToken}, {"lambda:FunctionUrlAuthType", g.FunctionURLAuthType}} {
		if kv[1] != "" {
			c.StringEquals[kv[0]] = kv[1]
		}
	}
	if g.SourceArn != "" {
		c.ArnLike = map[string]string{"AWS:SourceArn": g.SourceArn}
	}
	if g.InvokedViaFunctionURL != nil {
		c.Bool = map[string]string{"lambda:InvokedViaFunctionUrl": map[bool]string{true: "true", false: "false"}[*g.InvokedViaFunctionURL]}
	}
	if len(c.StringEquals)+len(c.ArnLike)+len(c.Bool) == 0 {
		return nil
	}
	return c
}

// principalOf is how Lambda stores a principal: 12 digits become the account's
// root, an ARN or a unique id stands under AWS, a dotted name under Service, the
// star stays bare.
func principalOf(a *Account, p string) any {
	switch {
	case p == "*":
		return p
	case isAccount(p):
		return map[string]string{"AWS": "arn:" + a.partition() + ":iam::" + p + ":root"}
	case !strings.HasPrefix(p, "arn:") && strings.Contains(p, "."):
		return map[string]string{"Service": p}
	}
	return map[string]string{"AWS": p}
}

// check refuses what the model of AddPermission refuses (SDK, AddPermission).
func (g *Grant) check() error {
	for _, m := range [...]struct {
		member, value string
		fits          bool
	}{
		{"statementId", g.StatementID, g.StatementID != "" && made(g.StatementID, letters+digits+"-_", 100)},
		{"action", g.Action, isAction(g.Action)},
		{"principal", g.Principal, g.Principal != "" && len(g.Principal) <= 2048 && !strings.ContainsAny(g.Principal, " \t\r\n")},
		{"sourceArn", g.SourceArn, g.SourceArn == "" || isSourceARN(g.SourceArn)},
		{"sourceAccount", g.SourceAccount, g.SourceAccount == "" || isAccount(g.SourceAccount)},
		{"principalOrgID", g.PrincipalOrgID, g.PrincipalOrgID == "" || isOrganization(g.PrincipalOrgID)},
		{"functionUrlAuthType", g.FunctionURLAuthType, slices.Contains([]string{"", "NONE", "AWS_IAM"}, g.FunctionURLAuthType)},
		{"eventSourceToken", g.EventSourceToken, made(g.EventSourceToken, letters+digits+"._-", 256)},
	} {
		if !m.fits {
			return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern",
				m.value, m.member)
		}
	}
	if p := g.Principal; p != "*" && !isAccount(p) && !strings.Contains(p, ".") && !strings.HasPrefix(p, "arn:") && !isUniqueID(p) {
		return invalid("The provided principal was invalid. Please check the principal and try again.")
	}
	return nil
}

const (
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters  = capitals + "abcdefghijklmnopqrstuvwxyz"
	digits   = "0123456789"
)

// made tells whether a text consists of those characters, no more than most.
func made(text, of string, most int) bool { return len(text) <= most && strings.Trim(text, of) == "" }

func isAction(a string) bool {
	verb, is := strings.CutPrefix(a, "lambda:")
	return a == "*" || is && (verb == "*" || verb != "" && made(verb, letters, 100))
}

// isSourceARN follows the pattern of AddPermission's SourceArn: service and region
// are no wildcards, region and account may be empty.
func isSourceARN(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && parts[2] != "" && made(parts[2], letters+digits+"-", 64) &&
		!strings.ContainsAny(parts[3], "*?") && (parts[4] == "" || isAccount(parts[4]))
}

func isOrganization(id string) bool {
	rest, is := strings.CutPrefix(id, "o-")
	return is && len(rest) >= 10 && made(rest, strings.ToLower(capitals)+digits, 32)
}

// isUniqueID tells an id that IAM shows in place of a principal that is gone.
func isUniqueID(p string) bool {
	return len(p) >= 16 && strings.HasPrefix(p, "A") && made(p, capitals+digits, 128)
}
