package rules

import (
	"strings"
	"time"

	"surety/policy"
	"surety/policy/prove"
)

type question struct {
	Function     string
	Qualifier    string
	Known        []string
	Organization string
	Zone         prove.Zone
	Now          time.Time
	Actions      []string
}

type grant struct {
	Statement int
	Sid       string
	Principal string
	Action    string
	Kind      string
	Door      string
	Witness   *policy.Request
	Undecided bool
	Why       string
}

func proveGrants(doc *policy.Document, q question) []grant {
	var all []grant
	for i, s := range doc.Statements {
		if s.Effect != policy.Allow {
			continue
		}
		for _, p := range s.Principals.Entries {
			g := grant{Statement: i, Sid: s.Sid, Principal: p.Text, Action: "lambda:InvokeFunction", Door: "direct"}
			w := &policy.Request{Action: g.Action, Resource: q.Function, Context: policy.Context{}}
			if q.Qualifier != "" {
				w.Resource += ":" + q.Qualifier
			}
			g.Witness = w
			for _, a := range s.Actions.Texts {
				if strings.HasSuffix(a, "Url") {
					g.Action, g.Door = a, "url"
					w.Action = a
				}
			}
			for _, c := range s.Conditions {
				if strings.EqualFold(c.Key, "lambda:InvokedViaFunctionUrl") {
					g.Door = "url"
				}
			}
			switch p.Kind {
			case policy.ServicePrincipal:
				g.Kind, g.Door = "service-unpinned", "service"
				w.Caller = policy.Caller{Type: policy.ServiceCaller, Service: p.Text}
			case policy.AccountPrincipal, policy.ARNPrincipal:
				if strings.Contains(q.Function, p.Account) || strings.Contains(strings.Join(q.Zone.Accounts, " "), p.Account) {
					continue
				}
				g.Kind = "foreign-account"
				w.Caller = policy.Caller{Type: policy.IAMCaller, Account: p.Account, ARN: "arn:aws:iam::" + p.Account + ":role/a"}
			case policy.UniqueID:
				continue
			default:
				g.Kind = "public"
				w.Caller = policy.Caller{Type: policy.IAMCaller, Account: "000000000000", ARN: "arn:aws:iam::000000000000:role/a"}
				if g.Door == "url" {
					w.Caller = policy.Caller{Type: policy.AnonymousCaller}
				}
			}
			if policy.Evaluate(doc, *w).Outcome == policy.Allowed || g.Door != "direct" {
				all = append(all, g)
			}
		}
	}
	return all
}
