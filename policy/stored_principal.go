package policy

import "surety/policy/internal/syntax"

// principals reads the principal elements that a statement has. Names that
// stand where an object should are read as what they name; that is exact.
func (r statementReader) principals(p place, positive, negative []place) Principals {
	if len(negative) > 0 && len(positive)+len(negative) > 1 || len(positive)+len(negative) == 0 {
		r.doubt(p, "not one Principal or NotPrincipal")
		return everyone()
	}
	if len(positive) > 1 {
		r.doubt(p, "Principal stands more than once")
	}
	read := Principals{Negated: len(negative) == 1}
	for _, at := range append(positive, negative...) {
		one, err := readPrincipals(at, read.Negated)
		whole := true
		if err != nil {
			one.Entries, whole = r.named(at, read.Negated)
		}
		if whole && len(one.Entries) == 0 {
			r.doubt(at, "names nobody")
		}
		// An unreadable entry may be anybody. Exempting less allows more.
		if !whole && !read.Negated || len(one.Entries) == 0 {
			return everyone()
		}
		read.Entries = append(read.Entries, one.Entries...)
	}
	return read
}

// named reads what it can of an element that is not grammatical; whole is
// false where something was left out.
func (r statementReader) named(p place, negated bool) (entries []Principal, whole bool) {
	whole = true
	take := func(one Principal, err error, at place) {
		if err == nil {
			entries = append(entries, one)
			return
		}
		whole = false
		r.doubt(at, "no principal that can be read")
	}
	if p.Kind != syntax.Object {
		for _, e := range p.entries() {
			one, err := bareName(e)
			take(one, err, e)
		}
		if len(entries) > 0 {
			r.l.note(p, "not an object; read as what it names")
		}
		return entries, whole
	}
	found, strays := p.sort([]string{"AWS", "Service"})
	for _, at := range strays {
		take(Principal{}, at.fail("nobody"), at)
	}
	for _, key := range [...]string{"AWS", "Service"} {
		if len(found[key]) > 1 {
			r.doubt(found[key][1], "stands more than once")
			if negated { // which of them is exempt cannot be told
				continue
			}
		}
		for _, at := range found[key] {
			if at.count() == 0 {
				take(Principal{}, at.fail("nobody"), at)
			}
			for _, e := range at.entries() {
				one, err := readPrincipal(key, e)
				take(one, err, e)
			}
		}
	}
	return entries, whole
}

// bareName reads an account, an ARN, a unique id or a service that stands
// alone. A "*" among others is read as {"AWS": "*"}, which allows no less.
func bareName(p place) (Principal, error) {
	if p.Kind == syntax.String && IsService(p.Text) {
		return Principal{Kind: ServicePrincipal, Text: p.Text}, nil
	}
	return readPrincipal("AWS", p)
}
