package policy

import (
	"slices"

	"surety/policy/internal/glob"
	"surety/policy/internal/syntax"
)

// ParseRequest reads a request in the shape of a witness:
//
//	{"principal": {"type": "iam", "account": "…", "arn": "…", "session": null},
//	 "action": "…", "resource": "…", "context": {"aws:sourceip": "203.0.113.7"}}
//
// The other principals are {"type": "anonymous"} and {"type": "service",
// "service": "…"}; session and context may be left out. A context value is a
// text, a boolean or number (read as its text), or a list of these. Keys are
// lower-cased. Errors are a [*SyntaxError]; an unknown member is one.
func ParseRequest(data []byte) (Request, error) {
	text := string(data)
	root, err := syntax.Parse(text)
	if err != nil {
		return Request{}, located(text, root, err)
	}
	r, err := readRequest(place{Node: root})
	if err != nil {
		return Request{}, located(text, root, err)
	}
	return r, nil
}

// UnmarshalJSON is [ParseRequest]. Positions count from the request's own start.
func (r *Request) UnmarshalJSON(data []byte) error {
	read, err := ParseRequest(data)
	if err == nil {
		*r = read
	}
	return err
}

func readRequest(p place) (Request, error) {
	var r Request
	err := p.elements("a request", "principal", "action", "resource", "context")
	if err != nil {
		return r, err
	}
	principal, ok := p.get("principal")
	if !ok {
		return r, p.fail("no principal; add who makes the request")
	}
	if r.Caller, err = readCaller(principal); err != nil {
		return r, err
	}
	if r.Action, err = p.required("action"); err != nil {
		return r, err
	}
	if r.Resource, err = p.required("resource"); err != nil {
		return r, err
	}
	if context, ok := p.get("context"); ok {
		r.Context, err = readContext(context)
	}
	return r, err
}

// required returns the text of a member that must be there and not be empty.
func (p place) required(name string) (string, error) {
	at, ok := p.get(name)
	if !ok {
		return "", p.fail("no %s; add it", name)
	}
	text, err := at.str()
	if err == nil && text == "" {
		err = at.fail("is empty; fill it in")
	}
	return text, err
}

func readCaller(p place) (Caller, error) {
	var c Caller
	err := p.elements("a principal", "type", "account", "arn", "session", "service")
	if err != nil {
		return c, err
	}
	kind, err := p.required("type")
	if err != nil {
		return c, err
	}
	c.Type = CallerType(kind)
	var members []string
	switch c.Type {
	case IAMCaller:
		members = []string{"type", "account", "arn", "session"}
		err = readIAM(p, &c)
	case ServiceCaller:
		members = []string{"type", "service"}
		c.Service, err = p.required("service")
	case AnonymousCaller:
		members = []string{"type"}
	default:
		at, _ := p.get("type")
		return c, at.fail("must be %q, %q or %q", IAMCaller, AnonymousCaller, ServiceCaller)
	}
	if err != nil {
		return c, err
	}
	for _, m := range p.Members {
		if at := p.member(m); !slices.Contains(members, m.Name) && at.Kind != syntax.Null {
			return c, at.fail("does not belong to a principal of type %q; leave it out", kind)
		}
	}
	return c, nil
}

func readIAM(p place, c *Caller) (err error) {
	if c.Account, err = p.required("account"); err != nil {
		return err
	}
	if !isAccount(c.Account) {
		at, _ := p.get("account")
		return at.fail("%s is no account; write 12 digits", shown(c.Account))
	}
	if c.ARN, err = p.required("arn"); err != nil {
		return err
	}
	if s, ok := p.get("session"); ok && s.Kind != syntax.Null {
		c.Session, err = p.required("session")
	}
	return err
}

func readContext(p place) (Context, error) {
	if p.Kind != syntax.Object {
		return nil, p.fail("must be an object of condition keys, not %s", p.Kind)
	}
	ctx := make(Context, len(p.Members))
	for _, m := range p.Members {
		at := p.member(m)
		key := glob.FoldText(m.Name)
		if _, ok := ctx[key]; ok {
			at.Offset = m.Offset
			return nil, at.fail("the key stands twice (letter case does not count); keep one")
		}
		texts, err := readValues(at)
		if err != nil {
			return nil, err
		}
		ctx[key] = Value{Texts: texts, List: at.Kind == syntax.Array}
	}
	return ctx, nil
}
