package prove

import (
	"strings"

	"surety/policy"
)

// unit names what is chosen together: keys of one unit depend on each other,
// units do not. A key that depends on nothing is a unit of its own, "key:" and
// its name.
type unit string

const (
	unitCaller    unit = "caller"    // account, ARN, session, user id
	unitOrg       unit = "org"       // organisation of the caller
	unitSource    unit = "source"    // account and ARN behind a service call
	unitSourceOrg unit = "sourceorg" // organisation of that account
	unitClock     unit = "clock"     // one instant
	unitNetwork   unit = "network"   // an address, or a VPC, or neither
	unitForwarded unit = "forwarded" // through another service, or not
	unitResource  unit = "resource"  // which qualifier
)

// home says where the value of a key comes from in a scenario.
type home struct {
	unit unit
	// always is a key whose value is the same in every request: a text, or
	// absent where it has none.
	always bool
	value  policy.Value
}

func constant(text string) home { return home{always: true, value: policy.Text(text)} }

var absent = home{always: true}

func in(u unit) home { return home{unit: u} }

// home places a condition key, given in lower case.
// Source: IAM User Guide, global condition context keys (availability);
// Service Authorization Reference, condition keys of Lambda.
func (p *proof) home(s scenario, key string) home {
	switch {
	case strings.HasPrefix(key, "aws:principal") || key == "aws:userid" || key == "aws:username":
		return p.callerHome(s, key)
	case strings.HasPrefix(key, "aws:multifactorauth") || key == "aws:tokenissuetime" || key == "aws:sourceidentity":
		return free(key, s.iam())
	case strings.HasPrefix(key, "lambda:"):
		return p.lambdaHome(s, key)
	case strings.HasPrefix(key, "aws:calledvia"):
		if !s.iam() {
			return absent
		}
		return in(unitForwarded)
	}
	switch key {
	case "aws:sourceaccount", "aws:sourcearn":
		return whenSourced(s, unitSource)
	case "aws:sourceorgid", "aws:sourceorgpaths":
		return whenSourced(s, unitSourceOrg)
	case "aws:securetransport":
		return constant("true")
	case "aws:requestedregion":
		return constant(p.target.region)
	case "aws:resourceaccount":
		return constant(p.target.owner)
	case "aws:resourceorgid":
		if p.Organization != "" {
			return constant(p.Organization)
		}
	case "aws:currenttime", "aws:epochtime":
		return in(unitClock)
	case "aws:viaawsservice":
		if !s.iam() {
			return constant("false")
		}
		return in(unitForwarded)
	case "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn",
		"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths":
		return in(unitNetwork)
	}
	return free(key, true)
}

func free(key string, can bool) home {
	if !can {
		return absent
	}
	return in("key:" + unit(key))
}

func whenSourced(s scenario, u unit) home {
	if s.kind != serviceCall || !s.service.sourced() {
		return absent
	}
	return in(u)
}

func (p *proof) callerHome(s scenario, key string) home {
	switch s.kind {
	case anonymous:
		switch key {
		case "aws:principalaccount", "aws:userid":
			return constant("anonymous")
		case "aws:principaltype":
			return constant("Anonymous")
		}
		return absent
	case serviceCall:
		switch key {
		case "aws:principalisawsservice":
			return constant("true")
		case "aws:principalservicename":
			return constant(s.service.named)
		case "aws:principalservicenameslist":
			return home{always: true, value: policy.List(s.service.named)}
		}
		return absent
	}
	switch key {
	case "aws:principalaccount":
		if s.home {
			return constant(p.target.owner)
		}
		return in(unitCaller)
	case "aws:userid":
		if s.home && s.kind == root {
			return constant(p.target.owner)
		}
		return in(unitCaller)
	case "aws:principalarn":
		return in(unitCaller)
	case "aws:username":
		if s.kind != user {
			return absent
		}
		return in(unitCaller)
	case "aws:principaltype":
		return constant([...]string{root: "Account", user: "User", roleSession: "AssumedRole", federated: "FederatedUser"}[s.kind])
	case "aws:principalisawsservice":
		return constant("false")
	case "aws:principalorgid", "aws:principalorgpaths":
		if key == "aws:principalorgid" && s.home && p.Organization != "" {
			return constant(p.Organization)
		}
		return in(unitOrg)
	case "aws:principalservicename", "aws:principalservicenameslist":
		return absent
	}
	return free(key, true)
}

func (p *proof) lambdaHome(s scenario, key string) home {
	switch key {
	case "lambda:functionurlauthtype":
		switch {
		case s.action != invokeFunctionURL:
			return absent
		case s.kind == anonymous:
			return constant("NONE")
		}
	case "lambda:invokedviafunctionurl":
		switch {
		case s.action != invokeFunction:
			return absent
		case s.kind == anonymous:
			return constant("true")
		}
	case "lambda:functionarn":
		if s.action != invokeFunctionURL {
			return absent
		}
		return constant(p.target.arn)
	case eventSourceToken:
		return free(key, s.kind != serviceCall || !s.service.sourced())
	case "lambda:sourcefunctionarn":
		if s.kind != roleSession {
			return absent
		}
		return in(unitCaller)
	}
	return free(key, true)
}

// mustCarry reports whether every request of the scenario has a value for a key
// of the unit "key:…"; choices are its values where it has only some.
func mustCarry(s scenario, key string) (must bool, choices []string) {
	switch key {
	case "aws:useragent":
		return true, nil
	case "lambda:functionurlauthtype":
		return true, []string{"AWS_IAM", "NONE"}
	case "lambda:invokedviafunctionurl":
		return false, []string{"false", "true"}
	}
	return false, nil
}

// single reports whether a free key has one value at most; any other may have many.
func single(key string) bool {
	switch key {
	case "aws:useragent", "aws:sourceidentity", "aws:tokenissuetime", eventSourceToken,
		"lambda:functionurlauthtype", "lambda:invokedviafunctionurl", "aws:resourceorgid",
		"aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn",
		"aws:vpceaccount", "aws:vpceorgid", "aws:calledviafirst", "aws:calledvialast":
		return true
	}
	return strings.HasPrefix(key, "aws:principaltag/") || strings.HasPrefix(key, "aws:multifactorauth")
}
