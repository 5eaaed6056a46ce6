package policy

import (
	"fmt"

	"surety/policy/internal/syntax"
)

// statementReader reads one statement that is not grammatical.
type statementReader struct {
	l *lenient
	s *Statement
}

// doubt notes what cannot be read, and what that does to the statement.
func (r statementReader) doubt(p place, reason string) {
	if r.s.Effect == Deny {
		r.s.Void = true
		r.l.note(p, "%s; this Deny is read as never applying", reason)
		return
	}
	r.l.note(p, "%s; it does not narrow this Allow", reason)
}

func (l *lenient) garbled(p place) Statement {
	var s Statement
	r := statementReader{l, &s}
	found, strays := p.sort(statementElements())
	s.Sid = l.label(found["Sid"])
	s.Effect = l.effect(p, found["Effect"])
	for _, stray := range strays {
		r.doubt(stray, "unknown element")
	}
	s.Principals = r.principals(p, found["Principal"], found["NotPrincipal"])
	s.Actions = r.patterns(p, "Action", found)
	s.Resources = r.patterns(p, "Resource", found)
	s.Conditions = r.conditions(found["Condition"])
	return s
}

// effect is Deny only where nothing else can have been meant.
func (l *lenient) effect(p place, found []place) Effect {
	if len(found) > 1 {
		l.note(p, "Effect stands more than once; read as Deny only if each is")
	}
	for _, at := range found {
		if e, err := readEffect(at); err != nil {
			l.note(at, "no effect; read as Allow")
			return Allow
		} else if e == Allow {
			return Allow
		}
	}
	if len(found) == 0 {
		l.note(p, "no Effect; read as Allow")
		return Allow
	}
	return Deny
}

// patterns reads the forms of Action or Resource that a statement has.
func (r statementReader) patterns(p place, name string, found map[string][]place) Patterns {
	all := Patterns{Texts: []string{"*"}}
	positive, negative := found[name], found["Not"+name]
	if len(negative) > 0 && len(positive)+len(negative) > 1 || len(negative)+len(positive) == 0 {
		r.doubt(p, fmt.Sprintf("not one %s or Not%s", name, name))
		return all
	}
	if len(positive) > 1 {
		r.doubt(p, name+" stands more than once")
	}
	read := Patterns{Negated: len(negative) == 1}
	for _, at := range append(positive, negative...) {
		if at.count() == 0 {
			r.doubt(at, "lists nothing")
			return all
		}
		for _, e := range at.entries() {
			switch {
			case e.Kind == syntax.String:
				read.Texts = append(read.Texts, e.Text)
			case read.Negated: // exempting less allows more
				r.doubt(e, e.Kind.String()+" where a string should stand")
			default:
				r.doubt(e, e.Kind.String()+" where a string should stand")
				return all
			}
		}
	}
	if len(read.Texts) == 0 {
		return all
	}
	return read
}

// conditions leaves out every condition that cannot be read.
func (r statementReader) conditions(found []place) []Condition {
	var all []Condition
	for i, at := range found {
		switch {
		case i > 0:
			r.doubt(at, "stands more than once")
			return nil
		case at.Kind != syntax.Object:
			r.doubt(at, at.Kind.String()+" where an object of operators should stand")
			return nil
		}
		times := map[Operator]int{}
		for _, m := range at.Members {
			if op, ok := ParseOperator(m.Name); ok {
				times[op]++
			}
		}
		for _, m := range at.Members {
			block := at.member(m)
			switch op, ok := ParseOperator(m.Name); {
			case !ok:
				r.doubt(block, "unknown condition operator")
			case times[op] > 1:
				r.doubt(block, "the operator stands more than once")
			case block.Kind != syntax.Object:
				r.doubt(block, block.Kind.String()+" where an object of condition keys should stand")
			default:
				all = append(all, r.block(op, block)...)
			}
		}
	}
	return all
}

// block reads the keys under one operator.
func (r statementReader) block(op Operator, p place) []Condition {
	var all []Condition
	for _, m := range p.Members {
		at, times := p.member(m), 0
		for _, other := range p.Members {
			if equalFold(other.Name, m.Name) {
				times++
			}
		}
		values, err := readValues(at)
		switch {
		case times > 1:
			r.doubt(at, "the key stands more than once")
		case err != nil:
			r.doubt(at, "a value that is no string, number or boolean")
		default:
			all = append(all, Condition{Operator: op, Key: m.Name, Values: values})
		}
	}
	return all
}
