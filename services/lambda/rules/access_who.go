package rules

import (
	"fmt"
	"strings"

	"surety/internal/resource"
	"surety/policy"
)

// who names the caller that a grant lets in.
func (t teller) who(g accessGrant) string {
	switch g.Kind {
	case "public":
		if g.anonymous {
			return "anyone on the internet"
		}
		return "any AWS account"
	case "foreign-org":
		return "any account of organization " + organizationOf(g.Witness)
	case "service-foreign-source":
		if a := sourceAccount(g.Witness); a != "" {
			return t.account(a) + " through " + through(g)
		}
		return "any account of organization " + organizationOf(g.Witness) + " through " + through(g)
	case "service-unpinned":
		if strings.HasSuffix(service(g), ".amazon.com") {
			return "anyone through " + through(g)
		}
		return "any AWS account through " + through(g)
	case "bucket-without-account":
		return "whoever owns " + bucket(g) + " (now or later)"
	}
	return t.caller(g)
}

// caller names an IAM caller as finely as the statement does.
func (t teller) caller(g accessGrant) string {
	id := callerOf(g)
	account := t.account(id)
	if _, rest, found := strings.Cut(g.Principal, "::"+id+":"); found && rest != "root" {
		kind, name, _ := strings.Cut(rest, "/")
		if kind == "assumed-role" {
			kind = "session"
		}
		return fmt.Sprintf("%s %s of %s", kind, name, account)
	}
	return account
}

func callerOf(g accessGrant) string {
	if g.Witness == nil {
		return ""
	}
	return g.Witness.Caller.Account
}

func (t teller) account(id string) string {
	var known []string
	if name := t.AccountName(resource.Account(id)); name != "" {
		known = append(known, name)
	}
	if unit := t.AccountUnit(resource.Account(id)); unit != "" {
		known = append(known, "unit "+unit+" of the own organization")
	}
	if len(known) == 0 {
		return "account " + id
	}
	return fmt.Sprintf("account %s (%s)", id, strings.Join(known, ", "))
}

// sourceAccount is the account that a service acts for in the witness.
func sourceAccount(r *policy.Request) string {
	if a := contextText(r, "aws:sourceaccount"); a != "" {
		return a
	}
	if parts := strings.SplitN(contextText(r, "aws:sourcearn"), ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// contextText is the first value of a key; "" without a request, or without the key.
func contextText(r *policy.Request, key string) string {
	if r != nil {
		if texts := r.Context[key].Texts; len(texts) > 0 {
			return texts[0]
		}
	}
	return ""
}

// networked reports whether the access hangs on where the caller is: a witness
// holds no key that can be left out.
func networked(g accessGrant) bool {
	return contextText(g.Witness, "aws:sourceip") != "" || contextText(g.Witness, "aws:sourcevpc") != "" || contextText(g.Witness, "aws:sourcevpce") != ""
}

// service is the principal of the service that calls.
func service(g accessGrant) string {
	if g.Witness != nil && g.Witness.Caller.Service != "" {
		return g.Witness.Caller.Service
	}
	return g.Principal
}

// through names what a service's customer would use, where there is a word for
// it that is clearer than the service's principal.
func through(g accessGrant) string {
	name, _, _ := strings.Cut(service(g), ".")
	switch name {
	case "s3":
		return "its own S3 bucket"
	case "apigateway":
		return "its own API Gateway API"
	case "sns":
		return "its own SNS topic"
	case "events":
		return "its own EventBridge rule"
	case "cloudfront":
		return "its own CloudFront distribution"
	case "alexa-appkit", "alexa-connectedhome":
		return "an Alexa skill of their own"
	}
	return service(g)
}

// bucket names the bucket that a source ARN without account names.
func bucket(g accessGrant) string {
	if _, name, found := strings.Cut(contextText(g.Witness, "aws:sourcearn"), ":::"); found && name != "" {
		return "S3 bucket " + name
	}
	return "the named S3 bucket"
}
