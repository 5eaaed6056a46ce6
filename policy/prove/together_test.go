package prove_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"surety/policy"
	"surety/policy/prove"
)

// together checks the keys that depend on each other.
func (s *space) together(r policy.Request) error {
	get := func(key string) string {
		if v := r.Context[key]; len(v.Texts) == 1 {
			return v.Texts[0]
		}
		return ""
	}
	has := func(key string) bool { _, there := r.Context[key]; return there }
	for _, keys := range [][2]string{{"aws:principalorgid", "aws:principalorgpaths"}, {"aws:sourceorgid", "aws:sourceorgpaths"}} {
		id, paths := get(keys[0]), get(keys[1])
		if has(keys[1]) && paths == "" {
			return fmt.Errorf("%s has not one path", keys[1])
		}
		if id != "" && paths != "" && !strings.HasPrefix(paths, id+"/") {
			return fmt.Errorf("%s is not in %s", paths, id)
		}
	}
	if a, b := "aws:principalorgid", "aws:principalorgpaths"; s.named[a] && s.named[b] && has(a) != has(b) {
		return fmt.Errorf("one of the organisation's keys is missing")
	}
	if now, epoch := get("aws:currenttime"), get("aws:epochtime"); now != "" && epoch != "" {
		a, _ := policy.ParseTime(now, false)
		b, ok := policy.ParseTime(epoch, false)
		if !ok || a.Cmp(b) != 0 {
			return fmt.Errorf("two clocks: %s and %s", now, epoch)
		}
	}
	if arn, account := get("aws:sourcearn"), get("aws:sourceaccount"); arn != "" && account != "" {
		if in := strings.SplitN(arn, ":", 6)[4]; in != "" && in != account {
			return fmt.Errorf("%s is not of %s", arn, account)
		}
	}
	for key := range r.Context {
		switch {
		case has("aws:sourceip") && (strings.HasPrefix(key, "aws:sourcevpc") || strings.HasPrefix(key, "aws:vpc")):
			return fmt.Errorf("%s beside aws:sourceip", key)
		case strings.HasPrefix(key, "aws:calledvia") && has("aws:viaawsservice") && get("aws:viaawsservice") != "true":
			return fmt.Errorf("%s on a call that nobody forwarded", key)
		}
	}
	return nil
}

// source is what stands behind a service call, told or not.
type source struct{ account, path string } // path of the organisation, "" for none

// told returns what the keys of a request tell of its source; what they leave
// open is a stranger's.
func told(r policy.Request) source {
	src := source{account: "314159265358"}
	if v := r.Context["aws:sourcearn"]; len(v.Texts) == 1 {
		if p := strings.SplitN(v.Texts[0], ":", 6); len(p) == 6 && p[4] != "" {
			src.account = p[4]
		}
	}
	if v := r.Context["aws:sourceaccount"]; len(v.Texts) == 1 {
		src.account = v.Texts[0]
	}
	if v := r.Context["aws:sourceorgid"]; len(v.Texts) == 1 {
		src.path = v.Texts[0] + "/r-root/"
	}
	if v := r.Context["aws:sourceorgpaths"]; len(v.Texts) == 1 {
		src.path = v.Texts[0]
	}
	return src
}

// trusted reports whether the trust zone takes in a request with that source.
// A caller's organisation is the one that its keys tell, or none.
func (s *space) trusted(r policy.Request, src source) bool {
	z := s.q.Zone
	owners := append([]string{s.owner}, z.Accounts...)
	switch c := r.Caller; c.Type {
	case policy.IAMCaller:
		path := ""
		if v := r.Context["aws:principalorgid"]; len(v.Texts) == 1 {
			path = v.Texts[0] + "/"
		}
		if v := r.Context["aws:principalorgpaths"]; len(v.Texts) == 1 {
			path = v.Texts[0]
		}
		if slices.Contains(owners, c.Account) || s.home(path) || slices.Contains(z.Principals, c.ARN) ||
			c.Session != "" && slices.Contains(z.Principals, c.Session) {
			return true
		}
	case policy.ServiceCaller:
		if slices.Contains(z.Services, c.Service) || serviceRow(c.Service).inside {
			return true
		}
		if !strings.HasSuffix(c.Service, ".amazon.com") && (slices.Contains(owners, src.account) || s.home(src.path)) {
			return true
		}
	}
	return s.near(r)
}

// home reports whether an organisation path is in the zone.
func (s *space) home(path string) bool {
	org, _, _ := strings.Cut(path, "/")
	return path != "" && (slices.Contains(s.q.Zone.Organizations, org) ||
		slices.ContainsFunc(s.q.Zone.Units, func(u string) bool { return strings.HasPrefix(path, u) }))
}

// near reports whether a request comes from a network of the zone.
func (s *space) near(r policy.Request) bool {
	nets := s.q.Zone.Networks
	one := func(key string) string {
		if v := r.Context[key]; len(v.Texts) == 1 {
			return v.Texts[0]
		}
		return ""
	}
	if slices.Contains(nets.VPCs, one("aws:sourcevpc")) || slices.Contains(nets.Endpoints, one("aws:sourcevpce")) {
		return true
	}
	at, err := netip.ParseAddr(one("aws:sourceip"))
	return err == nil && slices.ContainsFunc(nets.CIDRs, func(c string) bool { return netip.MustParsePrefix(c).Contains(at) })
}

// row is what the table of services says of one.
type row struct {
	namespace            string
	accountInARN, inside bool
}

var table = sync.OnceValue(func() []map[string]any {
	data, err := os.ReadFile("services.json")
	if err != nil {
		panic(err)
	}
	var file struct{ Services []map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		panic(err)
	}
	return file.Services
})

// serviceRow finds a service in the table by one of its names, else by its name
// without the Region in it.
func serviceRow(service string) row {
	service = strings.TrimSuffix(service, ".cn")
	if r, ok := rowOf(service); ok {
		return r
	}
	r, _ := rowOf(regional.ReplaceAllString(service, "."))
	return r
}

var regional = regexp.MustCompile(`\.[a-z]{2}(-[a-z]+)+-[0-9]\.`)

// rowOf finds a service by one of its names, in which R is any Region.
func rowOf(service string) (row, bool) {
	for _, fields := range table() {
		names := []any{fields["principal"]}
		if more, ok := fields["aliases"].([]any); ok {
			names = append(names, more...)
		}
		for _, n := range names {
			before, after, regional := strings.Cut(n.(string), ".R.")
			middle, ok := strings.CutPrefix(service, before+".")
			middle, ok2 := strings.CutSuffix(middle, "."+after)
			if service != n && !(regional && ok && ok2 && strings.Count(middle, "-") > 1 && !strings.Contains(middle, ".")) {
				continue
			}
			r := row{accountInARN: fields["account_in_arn"] == true, inside: fields["stranger"] == "no"}
			if shape, ok := fields["source_arn_shape"].(string); ok {
				r.namespace = strings.Split(shape, ":")[2]
			}
			return r, true
		}
	}
	return row{accountInARN: true}, false
}

// witnessed reports what is wrong with an answer's witness; nil when it is a
// request of the space that the document allows, that nobody trusts, and from
// which no key can be left out.
func (s *space) witnessed(got prove.Answer) error {
	if got.Witness == nil {
		return fmt.Errorf("%s without a witness", got.Verdict)
	}
	w := *got.Witness
	if d := policy.Evaluate(s.doc, w); d.Outcome != policy.Allowed || d.Statement != got.Statement || d.Sid != got.Sid {
		return fmt.Errorf("the witness gets %+v, by statement %d", d, got.Statement)
	}
	if err := s.contains(w); err != nil {
		return fmt.Errorf("the witness is not of the space: %w", err)
	}
	if s.trusted(w, told(w)) {
		return fmt.Errorf("the witness is trusted")
	}
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	if again, err := policy.ParseRequest(text); err != nil || policy.Evaluate(s.doc, again).Outcome != policy.Allowed {
		return fmt.Errorf("the witness is lost when written: %s: %w", text, err)
	}
	return s.bare(w)
}

// bare reports a key that could be left out of a witness.
func (s *space) bare(w policy.Request) error {
	for key := range w.Context {
		less := policy.Request{Caller: w.Caller, Action: w.Action, Resource: w.Resource, Context: policy.Context{}}
		for k, v := range w.Context {
			pair := strings.HasPrefix(key, "aws:principalorg") && strings.HasPrefix(k, "aws:principalorg")
			if k != key && !pair {
				less.Context[k] = v
			}
		}
		if !s.heard[key] && s.contains(less) == nil && !s.trusted(less, told(w)) && policy.Evaluate(s.doc, less).Outcome == policy.Allowed {
			return fmt.Errorf("%s could be left out", key)
		}
	}
	return nil
}

// namesake reports whether a caller has the account and the name of a trusted
// role and another path. No account has two roles of one name, so the prover
// may take its sessions for those of the trusted one.
func (s *space) namesake(r policy.Request) bool {
	m := roleARN.FindStringSubmatch(r.Caller.ARN)
	return m != nil && slices.ContainsFunc(s.q.Zone.Principals, func(p string) bool {
		t := roleARN.FindStringSubmatch(p)
		return t != nil && t[2] == m[2] && t[4] == m[4]
	})
}
