package prove_test

import (
	"strings"

	"surety/policy"
)

// whoever returns a caller: one that an Allow lets in, one that the tests on
// the caller's keys speak of, or any.
func (d *drawer) whoever() policy.Caller {
	if d.IntN(3) > 0 {
		if c, ok := d.admitted(); ok {
			return c
		}
	}
	switch d.IntN(8) {
	case 0, 1:
		return policy.Caller{Type: policy.AnonymousCaller}
	case 2, 3:
		return d.service("")
	}
	for range 8 {
		if c, ok := d.parse(d.candidate("aws:principalarn")); ok {
			return c
		}
	}
	return d.someone(d.account())
}

// admitted returns a caller that an entry of a Principal element speaks of.
func (d *drawer) admitted() (policy.Caller, bool) {
	e := pick(d.Rand, pick(d.Rand, d.from.Statements...).Principals.Entries...)
	switch e.Kind {
	case policy.AccountPrincipal:
		return d.someone(e.Account), true
	case policy.ServicePrincipal:
		return d.service(e.Text), true
	case policy.ARNPrincipal:
		return d.parse(e.Text)
	}
	return policy.Caller{}, false
}

func (d *drawer) service(name string) policy.Caller {
	if name == "" {
		name = pick(d.Rand, serviceNames()...)
		// A service that the document does not name must be in the table or
		// stand for all that are not.
		for name != "madeup.amazonaws.com" && serviceRow(name) == (row{accountInARN: true}) {
			name = pick(d.Rand, serviceNames()...)
		}
		if name == "madeup.amazonaws.com" && !strings.Contains(d.text, name) {
			name = "unlisted.amazonaws.com"
		}
	}
	return policy.Caller{Type: policy.ServiceCaller, Service: name}
}

// someone returns an identity of an account.
func (d *drawer) someone(account string) policy.Caller {
	iam, sts := "arn:"+d.partition+":iam::"+account+":", "arn:"+d.partition+":sts::"+account+":"
	path := pick(d.Rand, "", "", "x/", "x/y/", ":"+trustedAccount+":role/", "//")
	name := pick(d.Rand, "a", "partner", "ann", "x", "fed")
	text := pick(d.Rand, iam+"root", iam+"user/"+path+name, iam+"role/"+path+name, iam+"role/"+path+name, sts+"federated-user/"+name)
	c, _ := d.parse(text) // every text above is somebody's
	return c
}

// parse reads the ARN of a caller or of a session; false when it is nobody's.
func (d *drawer) parse(text string) (policy.Caller, bool) {
	c := policy.Caller{Type: policy.IAMCaller, ARN: text}
	if m := sessionARN.FindStringSubmatch(text); m != nil {
		c.Account, c.Session = m[2], text
		c.ARN = "arn:" + d.partition + ":iam::" + m[2] + ":role/" + pick(d.Rand, "", "x/") + m[3]
	} else if p := strings.SplitN(text, ":", 6); len(p) == 6 {
		c.Account = p[4]
		switch {
		case strings.HasPrefix(p[5], "role/"):
			c.Session = "arn:" + d.partition + ":sts::" + p[4] + ":assumed-role/" + after(text) + "/" + pick(d.Rand, "s1", "s2", "a1")
		case strings.HasPrefix(p[5], "federated-user/"):
			c.Session = text
		}
	}
	_, err := d.iam(c)
	return c, err == nil
}

// path returns the path of an organisation, "" for none.
func (d *drawer) path() string {
	if d.IntN(4) == 0 {
		return ""
	}
	for range 4 {
		for _, key := range []string{"aws:principalorgpaths", "aws:sourceorgpaths", "aws:principalorgid", "aws:sourceorgid"} {
			text := d.candidate(key)
			if orgPath.MatchString(text) {
				return text
			}
			if organisation.MatchString(text) {
				return text + "/r-ab12/"
			}
		}
	}
	return pick(d.Rand, trustedUnit, trustedUnit+"ou-ab12-22222222/", foreignOrg+"/r-ab12/", trustedOrg+"/r-ab12/", "o-unknown000/r-root/")
}

// behind sets the keys that tell the source of a service call, each or not.
func (d *drawer) behind(r policy.Request, src source) {
	if r.Caller.Type != policy.ServiceCaller || strings.HasSuffix(r.Caller.Service, ".amazon.com") {
		return
	}
	if d.IntN(3) > 0 {
		d.put("aws:sourceaccount", policy.Text(src.account))
	}
	row := serviceRow(r.Caller.Service)
	for range 4 {
		p := strings.SplitN(d.candidate("aws:sourcearn"), ":", 6)
		if len(p) < 6 || d.IntN(5) == 0 {
			p = []string{"arn", d.partition, pick(d.Rand, "sns", "s3", "madeup"), d.region, "", pick(d.Rand, "topic", "bucket", "rule/r:1", "x:"+trustedAccount+":y")}
		}
		p[0], p[1], p[4] = "arn", d.partition, src.account
		if row.namespace != "" {
			p[2] = row.namespace
		}
		if !row.accountInARN {
			p[4] = ""
		}
		if text := strings.Join(p, ":"); d.rule(r, d.rules, "aws:sourcearn").fits(text) {
			d.put("aws:sourcearn", policy.Text(text))
			break
		}
	}
	if d.IntN(4) == 0 {
		delete(d.ctx, "aws:sourcearn")
	}
	if src.path != "" {
		org, _, _ := strings.Cut(src.path, "/")
		if d.IntN(3) > 0 {
			d.put("aws:sourceorgid", policy.Text(org))
		}
		if d.IntN(3) > 0 {
			d.put("aws:sourceorgpaths", policy.List(src.path))
		}
	}
}
