package rules

import (
	"fmt"
	"strings"

	"surety/internal/resource"
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
		if id := contextText(g, "aws:sourceorgid"); id != "" {
			return "any account of organization " + id + " through " + through(g)
		}
		if id := contextText(g, "aws:principalorgid"); id != "" {
			return "any account of organization " + id
		}
		return "any account of a foreign organization"
	case "service-foreign-source":
		if a := sourceAccount(g); a != "" {
			return t.account(a) + " through " + through(g)
		}
		return "a foreign account through " + through(g)
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
	if name := t.AccountName(resource.Account(id)); name != "" {
		return fmt.Sprintf("account %s (%s)", id, name)
	}
	return "account " + id
}

// sourceAccount is the account that a service acts for in the witness.
func sourceAccount(g accessGrant) string {
	if a := contextText(g, "aws:sourceaccount"); a != "" {
		return a
	}
	if parts := strings.SplitN(contextText(g, "aws:sourcearn"), ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

func contextText(g accessGrant, key string) string {
	if g.Witness != nil {
		if texts := g.Witness.Context[key].Texts; len(texts) > 0 {
			return texts[0]
		}
	}
	return ""
}

// networked reports whether the access hangs on where the caller is: a witness
// holds no key that can be left out.
func networked(g accessGrant) bool {
	return contextText(g, "aws:sourceip") != "" || contextText(g, "aws:sourcevpc") != "" || contextText(g, "aws:sourcevpce") != ""
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
	if _, name, found := strings.Cut(contextText(g, "aws:sourcearn"), ":::"); found && name != "" {
		return "S3 bucket " + name
	}
	return "the named S3 bucket"
}
