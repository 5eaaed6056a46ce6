package rewrite

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"surety/policy"
	"surety/policy/prove"
)

// most bounds the requests that are tried on one policy.
const most = 5_000

// search tries requests that are steered by a policy's own texts: those that it
// allows and that show by their keys that they are trusted must still be allowed
// afterwards. It returns the first that is not.
func search(before, after *policy.Document, q prove.Question) (lost *policy.Request, tested int) {
	t := trying{before: before, after: after, q: q, zone: q.Zone}
	t.owner = strings.SplitN(q.Function, ":", 6)[4]
	t.partition = strings.SplitN(q.Function, ":", 6)[1]
	for i := range before.Statements {
		s := &before.Statements[i]
		if s.Effect == policy.Allow && !s.Void {
			t.statement(s)
		}
	}
	return t.lost, t.tested
}

// trying is one search.
type trying struct {
	before, after    *policy.Document
	q                prove.Question
	zone             prove.Zone
	owner, partition string
	tested, tried    int
	lost             *policy.Request
}

// statement tries every caller that a statement may let in, with every value of
// its conditions at least once.
func (t *trying) statement(s *policy.Statement) {
	rounds := 1
	for _, c := range s.Conditions {
		rounds = max(rounds, min(len(c.Values), 64))
	}
	for _, caller := range t.callers(s) {
		for _, around := range t.surroundings(caller) {
			for _, action := range t.actions(s) {
				for _, resource := range t.resources(s) {
					for k := range rounds {
						t.try(t.request(s, caller, around, action, resource, k))
					}
				}
			}
		}
	}
}

func (t *trying) try(r policy.Request) {
	if t.tried++; t.tried > most || t.lost != nil || !t.shown(r) || policy.Evaluate(t.before, r).Outcome != policy.Allowed {
		return
	}
	t.tested++
	if policy.Evaluate(t.after, r).Outcome != policy.Allowed {
		t.lost = &r
	}
}

// callers are identities of every trusted account, of those that the statement
// names, everybody whom the zone names, and services.
func (t *trying) callers(s *policy.Statement) []policy.Caller {
	var all []policy.Caller
	accounts := append([]string{t.owner}, t.zone.Accounts...)
	services := slices.Clone(t.zone.Services)
	for _, e := range s.Principals.Entries {
		switch e.Kind {
		case policy.AccountPrincipal:
			accounts = append(accounts, e.Account)
		case policy.ARNPrincipal:
			all = append(all, t.identity(e.Text))
		case policy.ServicePrincipal:
			services = append(services, e.Text)
		case policy.Everyone, policy.EveryAWS:
			services = append(services, "sns.amazonaws.com", "s3.amazonaws.com")
		}
	}
	for _, arn := range t.zone.Principals {
		all = append(all, t.identity(arn))
	}
	slices.Sort(accounts)
	for _, a := range slices.Compact(accounts) {
		iam := "arn:" + t.partition + ":iam::" + a + ":"
		all = append(all, t.identity(iam+"root"), t.identity(iam+"user/ann"), t.identity(iam+"role/app"))
	}
	slices.Sort(services)
	for _, name := range slices.Compact(services) {
		all = append(all, policy.Caller{Type: policy.ServiceCaller, Service: name})
	}
	return append(all, policy.Caller{Type: policy.AnonymousCaller})
}

// identity makes a caller of an ARN of an account, a user, a role or a session.
func (t *trying) identity(arn string) policy.Caller {
	p := principal(arn)
	c := policy.Caller{Type: policy.IAMCaller, Account: p.Account, ARN: arn}
	name := after(arn)
	base := name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case strings.HasPrefix(name, "role/"):
		c.Session = "arn:" + p.Partition + ":sts::" + p.Account + ":assumed-role/" + base + "/s1"
	case strings.HasPrefix(name, "assumed-role/"):
		role, _, _ := strings.Cut(strings.TrimPrefix(name, "assumed-role/"), "/")
		c.Session, c.ARN = arn, "arn:"+p.Partition+":iam::"+p.Account+":role/"+role
	case strings.HasPrefix(name, "federated-user/"):
		c.Session = arn
	}
	return c
}

// surroundings are what is around a call and not of the statement: organisation,
// source, network.
func (t *trying) surroundings(c policy.Caller) []policy.Context {
	all := []policy.Context{{}}
	add := func(ctx policy.Context) { all = append(all, ctx) }
	switch c.Type {
	case policy.IAMCaller:
		for _, org := range t.zone.Organizations {
			add(policy.Context{"aws:principalorgid": policy.Text(org), "aws:principalorgpaths": policy.List(org + "/r-ab12/")})
		}
		for _, unit := range t.zone.Units {
			add(policy.Context{"aws:principalorgid": policy.Text(organisation(unit)), "aws:principalorgpaths": policy.List(unit)})
		}
	case policy.ServiceCaller:
		for _, a := range append([]string{t.owner}, t.zone.Accounts...) {
			add(policy.Context{"aws:sourceaccount": policy.Text(a)})
		}
		for _, org := range t.zone.Organizations {
			add(policy.Context{"aws:sourceaccount": policy.Text(t.owner), "aws:sourceorgid": policy.Text(org), "aws:sourceorgpaths": policy.List(org + "/r-ab12/")})
		}
	}
	for _, cidr := range t.zone.Networks.CIDRs {
		if p, err := netip.ParsePrefix(cidr); err == nil {
			add(policy.Context{"aws:sourceip": policy.Text(p.Addr().String())})
		}
	}
	for _, vpc := range t.zone.Networks.VPCs {
		add(policy.Context{"aws:sourcevpc": policy.Text(vpc)})
	}
	for _, endpoint := range t.zone.Networks.Endpoints {
		add(policy.Context{"aws:sourcevpce": policy.Text(endpoint)})
	}
	return all
}

func organisation(path string) string { org, _, _ := strings.Cut(path, "/"); return org }

func (t *trying) actions(s *policy.Statement) []string {
	var all []string
	for _, a := range prove.InvokeActions() {
		if s.Actions.MatchAction(a) {
			all = append(all, a)
		}
	}
	for _, a := range s.Actions.Texts {
		if !s.Actions.Negated && !strings.ContainsAny(a, "*?") && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

func (t *trying) resources(s *policy.Statement) []string {
	if t.q.Qualifier != "" {
		return []string{t.q.Function + ":" + t.q.Qualifier}
	}
	all := []string{t.q.Function}
	for _, r := range s.Resources.Texts {
		if strings.HasPrefix(r, t.q.Function+":") {
			all = append(all, filled(r, ""))
		}
	}
	return all
}

// request makes a request of one caller that meets the k-th value of every
// condition, as far as its own keys leave that open.
func (t *trying) request(s *policy.Statement, c policy.Caller, around policy.Context, action, resource string, k int) policy.Request {
	r := policy.Request{Caller: c, Action: action, Resource: resource, Context: t.own(c, action)}
	maps.Copy(r.Context, around)
	source := t.owner
	if v, is := r.Context["aws:sourceaccount"]; is {
		source = v.Texts[0]
	}
	for _, cond := range s.Conditions {
		key := strings.ToLower(cond.Key)
		if _, is := r.Context[key]; is || !demands(cond) || len(cond.Values) == 0 || c.Type != policy.ServiceCaller && serviceOnly(key) || c.Type != policy.IAMCaller && identityOnly(key) {
			continue
		}
		text := filled(cond.Values[k%len(cond.Values)], source)
		if key == "aws:sourceip" || key == "aws:vpcsourceip" {
			if p, err := netip.ParsePrefix(text); err == nil {
				text = p.Addr().String()
			}
		}
		if strings.HasSuffix(key, "orgpaths") {
			r.Context[key] = policy.List(text)
		} else {
			r.Context[key] = policy.Text(text)
		}
	}
	return r
}

// own are the keys that a caller carries whatever it asks.
func (t *trying) own(c policy.Caller, action string) policy.Context {
	now := t.q.Now
	if now.IsZero() {
		now = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	ctx := policy.Context{"aws:securetransport": policy.Text("true"), "aws:resourceaccount": policy.Text(t.owner), "aws:currenttime": policy.Text(now.UTC().Format(time.RFC3339))}
	switch c.Type {
	case policy.IAMCaller:
		ctx["aws:principalaccount"], ctx["aws:principalarn"] = policy.Text(c.Account), policy.Text(c.ARN)
		ctx["aws:principalisawsservice"] = policy.Text("false")
	case policy.ServiceCaller:
		ctx["aws:principalisawsservice"], ctx["aws:principalservicename"] = policy.Text("true"), policy.Text(c.Service)
	default:
		ctx["aws:principalaccount"] = policy.Text("anonymous")
	}
	if c.Type == policy.AnonymousCaller && strings.HasSuffix(action, "InvokeFunctionUrl") {
		ctx["lambda:functionurlauthtype"] = policy.Text("NONE")
	}
	return ctx
}

// filled turns a pattern into a text that it matches; an open account segment
// of an ARN becomes the source's.
func filled(pattern, account string) string {
	if segments := strings.SplitN(pattern, ":", 6); len(segments) == 6 && segments[4] == "*" && account != "" {
		segments[4] = account
		pattern = strings.Join(segments, ":")
	}
	return strings.NewReplacer("*", "x", "?", "x").Replace(pattern)
}
