package prove_test

import (
	"fmt"
	"maps"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"surety/policy"
	"surety/policy/prove"
)

// space is the request space of one document under one question, told a second
// time from the words of docs and shared with no line of the prover: what the
// prover quantifies over must be what is said here.
type space struct {
	doc                      *policy.Document
	q                        prove.Question
	partition, region, owner string
	named                    map[string]bool // keys that the document names
	heard                    map[string]bool // variables of Bool, which AWS may or may not put in
	trusting                 bool            // of trusted requests as well
}

func newSpace(doc *policy.Document, q prove.Question) *space {
	parts := strings.Split(q.Function, ":")
	s := &space{doc: doc, q: q, partition: parts[1], region: parts[3], owner: parts[4], named: map[string]bool{}, heard: map[string]bool{}}
	variable := func(texts []string, named map[string]bool) {
		for _, text := range texts {
			for _, m := range variables.FindAllStringSubmatch(text, -1) {
				named[strings.ToLower(strings.TrimSpace(m[1]))] = true
			}
		}
	}
	for _, st := range doc.Statements {
		for _, c := range st.Conditions {
			s.named[strings.ToLower(c.Key)] = true
			switch {
			case doc.Version != policy.Version2012:
			case c.Operator.Comparison <= policy.ArnLike:
				variable(c.Values, s.named)
			case c.Operator.Comparison == policy.Bool:
				variable(c.Values, s.heard)
			}
		}
		if doc.Version == policy.Version2012 {
			variable(st.Resources.Texts, s.named)
		}
	}
	return s
}

var (
	variables    = regexp.MustCompile(`\$\{([A-Za-z][A-Za-z0-9:/_-]*)\s*(?:,\s*'[^']*'\s*)?\}`)
	twelve       = regexp.MustCompile(`^[0-9]{12}$`)
	organisation = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	orgPath      = regexp.MustCompile(`^(o-[a-z0-9]{10,32})/r-[a-z0-9]{4,32}/(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}/)*$`)
	qualifier    = regexp.MustCompile(`^([0-9]+|[A-Za-z0-9_-]{1,128}|\$LATEST|\$LATEST\.PUBLISHED)$`)
	userID       = regexp.MustCompile(`^AIDA[A-Z0-9]{17}$`)
	roleID       = regexp.MustCompile(`^AROA[A-Z0-9]{17}:(.*)$`)
	name         = `[A-Za-z0-9+=,.@_-]{1,64}`
	path         = `((?:[!-\x7f]{1,510}/)?)`
	rootARN      = regexp.MustCompile(`^arn:([a-z-]+):iam::([0-9]{12}):root$`)
	userARN      = regexp.MustCompile(`^arn:([a-z-]+):iam::([0-9]{12}):user/` + path + `(` + name + `)$`)
	roleARN      = regexp.MustCompile(`^arn:([a-z-]+):iam::([0-9]{12}):role/` + path + `(` + name + `)$`)
	federatedARN = regexp.MustCompile(`^arn:([a-z-]+):sts::([0-9]{12}):federated-user/(` + name + `)$`)
	sessionARN   = regexp.MustCompile(`^arn:([a-z-]+):sts::([0-9]{12}):assumed-role/(` + name + `)/([A-Za-z0-9+=,.@_-]{2,64})$`)
	functionARN  = regexp.MustCompile(`^arn:([a-z-]+):lambda:[a-z0-9-]+:([0-9]{12}):function:[A-Za-z0-9_-]+$`)
	serviceName  = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com|amazonaws\.com\.cn|amazon\.com)$`)
)

// rule says what a request of the space carries under one key.
type rule struct {
	must, never bool
	list        bool // a list, else one value
	many        bool // either
	fits        func(text string) bool
}

func exactly(text string) rule {
	return rule{must: true, fits: func(s string) bool { return s == text }}
}

var never = rule{never: true}

func maybe(texts ...string) rule {
	return rule{fits: func(s string) bool { return len(texts) == 0 || slices.Contains(texts, s) }}
}

// contains reports what is wrong with a request as one of the space; nil when
// it is one.
func (s *space) contains(r policy.Request) error {
	if err := s.target(r); err != nil {
		return err
	}
	rules, err := s.caller(r)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(r.Context)) {
		if err := s.obeys(key, r.Context[key], s.rule(r, rules, key)); err != nil {
			return err
		}
	}
	for key := range s.named {
		if _, there := r.Context[key]; !there && s.rule(r, rules, key).must {
			return fmt.Errorf("%s is missing", key)
		}
	}
	if _, there := r.Context["aws:principalaccount"]; !there && r.Caller.Type != policy.ServiceCaller {
		return fmt.Errorf("aws:principalaccount is missing")
	}
	return s.together(r)
}

func (s *space) obeys(key string, v policy.Value, rule rule) error {
	switch {
	case rule.never:
		return fmt.Errorf("%s cannot be there", key)
	case len(v.Texts) == 0:
		return fmt.Errorf("%s is an empty list", key)
	case rule.list && !v.List:
		return fmt.Errorf("%s must be a list", key)
	case !rule.list && !rule.many && (v.List || len(v.Texts) > 1):
		return fmt.Errorf("%s must be one value", key)
	}
	for _, text := range v.Texts {
		if rule.fits != nil && !rule.fits(text) {
			return fmt.Errorf("%s cannot be %q", key, text)
		}
	}
	return nil
}

func (s *space) target(r policy.Request) error {
	actions := s.q.Actions
	if actions == nil {
		actions = []string{"lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync"}
	}
	if !slices.Contains(actions, r.Action) {
		return fmt.Errorf("%s is not asked about", r.Action)
	}
	if s.q.Qualifier != "" {
		if r.Resource != s.q.Function+":"+s.q.Qualifier {
			return fmt.Errorf("%s is not this qualifier", r.Resource)
		}
		return nil
	}
	if q, ok := strings.CutPrefix(r.Resource, s.q.Function+":"); ok && qualifier.MatchString(q) || r.Resource == s.q.Function {
		return nil
	}
	return fmt.Errorf("%s is not of the function", r.Resource)
}

// caller checks who calls and returns the rules of the keys that tell who.
func (s *space) caller(r policy.Request) (map[string]rule, error) {
	switch c := r.Caller; c.Type {
	case policy.AnonymousCaller:
		if r.Action != "lambda:InvokeFunctionUrl" && r.Action != "lambda:InvokeFunction" {
			return nil, fmt.Errorf("nobody without credentials can call %s", r.Action)
		}
		return map[string]rule{"aws:principalaccount": exactly("anonymous"), "aws:userid": exactly("anonymous"), "aws:principaltype": exactly("Anonymous")}, nil
	case policy.ServiceCaller:
		if !serviceName.MatchString(c.Service) {
			return nil, fmt.Errorf("%q is no service", c.Service)
		}
		return map[string]rule{"aws:principalisawsservice": exactly("true"), "aws:principalservicename": exactly(c.Service),
			"aws:principalservicenameslist": {must: true, list: true, fits: func(s string) bool { return s == c.Service }}}, nil
	case policy.IAMCaller:
		return s.iam(c)
	}
	return nil, fmt.Errorf("%q is no caller", r.Caller.Type)
}

func (s *space) iam(c policy.Caller) (map[string]rule, error) {
	rules := map[string]rule{
		"aws:principalaccount":          exactly(c.Account),
		"aws:principalarn":              exactly(c.ARN),
		"aws:principalisawsservice":     exactly("false"),
		"aws:principalservicename":      never,
		"aws:principalservicenameslist": never,
		"aws:username":                  never,
		"aws:principalorgid":            {fits: organisation.MatchString},
		"aws:principalorgpaths":         {list: true, fits: orgPath.MatchString},
	}
	if !twelve.MatchString(c.Account) {
		return nil, fmt.Errorf("%q is no account", c.Account)
	}
	bad := fmt.Errorf("%+v is nobody", c)
	ours := func(m []string) bool { return m != nil && m[1] == s.partition && m[2] == c.Account }
	kind := ""
	switch root, user, role, federated := rootARN.FindStringSubmatch(c.ARN), userARN.FindStringSubmatch(c.ARN), roleARN.FindStringSubmatch(c.ARN), federatedARN.FindStringSubmatch(c.ARN); {
	case ours(root) && c.Session == "":
		kind, rules["aws:userid"] = "Account", exactly(c.Account)
	case ours(user) && c.Session == "":
		kind, rules["aws:username"] = "User", exactly(user[4])
		rules["aws:userid"] = rule{must: true, fits: userID.MatchString}
	case ours(role):
		session := sessionARN.FindStringSubmatch(c.Session)
		if !ours(session) || session[3] != role[4] {
			return nil, bad
		}
		kind, rules["aws:userid"] = "AssumedRole", rule{must: true, fits: func(id string) bool {
			m := roleID.FindStringSubmatch(id)
			return m != nil && m[1] == session[4]
		}}
	case ours(federated) && c.Session == c.ARN:
		kind, rules["aws:userid"] = "FederatedUser", exactly(c.Account+":"+federated[3])
	default:
		return nil, bad
	}
	rules["aws:principaltype"] = exactly(kind)
	return rules, nil
}

// rule returns what the space says of one key in a request.
func (s *space) rule(r policy.Request, caller map[string]rule, key string) rule {
	if rule, ok := caller[key]; ok {
		return rule
	}
	iam := r.Caller.Type == policy.IAMCaller
	switch {
	case strings.HasPrefix(key, "lambda:"):
		return s.lambda(r, key)
	case strings.HasPrefix(key, "aws:source"):
		return s.source(r, key)
	case strings.HasPrefix(key, "aws:calledvia"):
		return rule{never: !iam, list: key == "aws:calledvia", fits: said}
	case strings.HasPrefix(key, "aws:principal") || key == "aws:userid" || key == "aws:username",
		strings.HasPrefix(key, "aws:multifactorauth"), key == "aws:tokenissuetime":
		return rule{never: !iam}
	}
	switch key {
	case "aws:securetransport":
		return exactly("true")
	case "aws:requestedregion":
		return exactly(s.region)
	case "aws:resourceaccount":
		return exactly(s.owner)
	case "aws:resourceorgid":
		if s.q.Organization != "" {
			return exactly(s.q.Organization)
		}
		return maybe()
	case "aws:currenttime", "aws:epochtime":
		return rule{must: true, fits: func(text string) bool {
			at, ok := policy.ParseTime(text, false)
			return ok && (s.q.Now.IsZero() || at.Cmp(new(big.Rat).SetFrac64(s.q.Now.UnixNano(), 1e9)) >= 0)
		}}
	case "aws:viaawsservice":
		if iam {
			return rule{must: true, fits: maybe("true", "false").fits}
		}
		return exactly("false")
	case "aws:useragent":
		return rule{must: true}
	case "aws:vpcsourceip":
		return rule{fits: isAddress}
	case "aws:vpceaccount", "aws:vpceorgid":
		return rule{fits: said}
	case "aws:tagkeys", "aws:resourceorgpaths", "aws:vpceorgpaths":
		return rule{list: true, fits: said}
	}
	return rule{many: true}
}

// said reports whether a text says anything.
func said(text string) bool { return text != "" }

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

// source is rule for the keys that begin with aws:source.
func (s *space) source(r policy.Request, key string) rule {
	switch key {
	case "aws:sourceip":
		return rule{fits: isAddress}
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn":
		return rule{fits: said}
	case "aws:sourceidentity":
		return rule{never: r.Caller.Type != policy.IAMCaller}
	case "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths":
		if r.Caller.Type != policy.ServiceCaller || strings.HasSuffix(r.Caller.Service, ".amazon.com") {
			return never
		}
	}
	switch key {
	case "aws:sourceaccount":
		return rule{fits: twelve.MatchString}
	case "aws:sourcearn":
		return rule{fits: func(text string) bool {
			p := strings.SplitN(text, ":", 6)
			row := serviceRow(r.Caller.Service)
			return len(p) == 6 && p[0] == "arn" && p[1] == s.partition && p[2] != "" && (row.namespace == "" || p[2] == row.namespace) &&
				(row.accountInARN && twelve.MatchString(p[4]) || !row.accountInARN && p[4] == "") && p[5] != ""
		}}
	case "aws:sourceorgid":
		return rule{fits: organisation.MatchString}
	case "aws:sourceorgpaths":
		return rule{list: true, fits: orgPath.MatchString}
	}
	return rule{many: true}
}

// lambda is rule for the keys of Lambda: which door has which.
func (s *space) lambda(r policy.Request, key string) rule {
	direct, url := r.Action == "lambda:InvokeFunction", r.Action == "lambda:InvokeFunctionUrl"
	anonymous := r.Caller.Type == policy.AnonymousCaller
	switch key {
	case "lambda:functionurlauthtype":
		switch {
		case !url:
			return never
		case anonymous:
			return exactly("NONE")
		}
		return rule{must: true, fits: maybe("AWS_IAM", "NONE").fits}
	case "lambda:invokedviafunctionurl":
		switch {
		case !direct:
			return never
		case anonymous:
			return exactly("true")
		}
		return maybe("true", "false")
	case "lambda:functionarn":
		if !url {
			return never
		}
		return exactly(s.q.Function)
	case "lambda:eventsourcetoken":
		switch {
		case r.Caller.Type != policy.ServiceCaller:
			return maybe()
		case !strings.HasSuffix(r.Caller.Service, ".amazon.com"):
			return never
		}
		return rule{fits: func(token string) bool { return s.trusting || !s.spelled(token, strings.EqualFold) }}
	case "lambda:sourcefunctionarn":
		role := strings.Contains(r.Caller.Session, ":assumed-role/")
		return rule{never: !role, fits: func(text string) bool {
			m := functionARN.FindStringSubmatch(text)
			return m != nil && m[1] == s.partition && m[2] == r.Caller.Account
		}}
	}
	return rule{many: true}
}

// spelled reports whether the document spells a skill id out in full: not as a
// pattern, in an operator that reads patterns. Ids are compared by same.
func (s *space) spelled(token string, same func(a, b string) bool) bool {
	for _, st := range s.doc.Statements {
		for _, c := range st.Conditions {
			patterns := c.Operator.Comparison == policy.StringLike || c.Operator.Comparison == policy.ArnLike
			if strings.EqualFold(c.Key, "lambda:eventsourcetoken") && slices.ContainsFunc(c.Values, func(v string) bool {
				return same(v, token) && !(patterns && strings.ContainsAny(v, "*?"))
			}) {
				return true
			}
		}
	}
	return false
}
