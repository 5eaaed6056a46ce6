package policy

import (
	"slices"
	"strings"

	"surety/policy/internal/syntax"
)

// list joins names for a message: "A, B and C".
func list(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func documentElements() []string { return []string{"Version", "Id", "Statement"} }

func statementElements() []string {
	return []string{"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
}

func readDocument(root syntax.Node) (*Document, error) {
	at := place{Node: root}
	err := at.elements("a policy", documentElements()...)
	if err != nil {
		return nil, err
	}
	d := &Document{}
	if v, ok := at.get("Version"); ok {
		if d.Version, err = readVersion(v); err != nil {
			return nil, err
		}
	}
	if id, ok := at.get("Id"); ok {
		if d.ID, err = id.str(); err != nil {
			return nil, err
		}
	}
	statements, ok := at.get("Statement")
	if !ok {
		return nil, at.fail("no Statement; add the list of statements")
	}
	if statements.count() == 0 {
		return d, nil
	}
	d.Statements = make([]Statement, statements.count())
	for i, p := range statements.entries() {
		if d.Statements[i], err = readStatement(p); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func readVersion(p place) (Version, error) {
	v := Version(p.Text)
	if p.Kind != syntax.String || v != Version2008 && v != Version2012 {
		return "", p.fail("must be %q or %q", Version2008, Version2012)
	}
	return v, nil
}

func readStatement(p place) (Statement, error) {
	var s Statement
	err := p.elements("a statement", statementElements()...)
	if err != nil {
		return s, err
	}
	if sid, ok := p.get("Sid"); ok {
		if s.Sid, err = sid.str(); err != nil {
			return s, err
		}
	}
	effect, ok := p.get("Effect")
	if !ok {
		return s, p.fail("no Effect; add \"Allow\" or \"Deny\"")
	}
	if s.Effect, err = readEffect(effect); err != nil {
		return s, err
	}
	principals, negated, err := p.either("Principal")
	if err != nil {
		return s, err
	}
	if s.Principals, err = readPrincipals(principals, negated); err != nil {
		return s, err
	}
	if s.Actions, err = p.patterns("Action"); err != nil {
		return s, err
	}
	if s.Resources, err = p.patterns("Resource"); err != nil {
		return s, err
	}
	if c, ok := p.get("Condition"); ok {
		s.Conditions, err = readConditions(c)
	}
	return s, err
}

func readEffect(p place) (Effect, error) {
	switch {
	case p.Kind == syntax.String && p.Text == "Allow":
		return Allow, nil
	case p.Kind == syntax.String && p.Text == "Deny":
		return Deny, nil
	}
	return Allow, p.fail("must be \"Allow\" or \"Deny\", in these letters")
}

// either returns the one of an element and its Not-form that a statement has.
func (p place) either(name string) (at place, negated bool, err error) {
	positive, ok := p.get(name)
	negative, not := p.get("Not" + name)
	switch {
	case ok && not:
		return p, false, negative.fail("stands beside %s; keep one of the two", name)
	case !ok && !not:
		return p, false, p.fail("no %s; add %s or Not%s", name, name, name)
	case not:
		return negative, true, nil
	}
	return positive, false, nil
}

func (p place) patterns(name string) (Patterns, error) {
	at, negated, err := p.either(name)
	if err != nil {
		return Patterns{}, err
	}
	if at.count() == 0 {
		return Patterns{}, at.fail("lists nothing; name at least one")
	}
	texts := make([]string, at.count())
	for i, e := range at.entries() {
		if texts[i], err = e.str(); err != nil {
			return Patterns{}, err
		}
	}
	return Patterns{Negated: negated, Texts: texts}, nil
}

func readConditions(p place) ([]Condition, error) {
	if p.Kind != syntax.Object {
		return nil, p.fail("must be an object of operators, not %s", p.Kind)
	}
	var all []Condition
	var seen []Operator
	for _, m := range p.Members {
		at := p.member(m)
		name := place{Node: syntax.Node{Offset: m.Offset}}
		op, ok := ParseOperator(m.Name)
		if !ok {
			return nil, name.fail("unknown condition operator; see the IAM guide for the operators")
		}
		if slices.Contains(seen, op) {
			return nil, name.fail("the operator stands twice; put its keys together")
		}
		seen = append(seen, op)
		block, err := readOperator(op, at)
		if err != nil {
			return nil, err
		}
		all = append(all, block...)
	}
	return all, nil
}

// readOperator reads the keys under one operator.
func readOperator(op Operator, p place) ([]Condition, error) {
	if p.Kind != syntax.Object {
		return nil, p.fail("must be an object of condition keys, not %s", p.Kind)
	}
	var block []Condition
	for _, m := range p.Members {
		at := p.member(m)
		for _, c := range block {
			if equalFold(c.Key, m.Name) {
				at.Offset = m.Offset
				return nil, at.fail("the key stands twice (letter case does not count); put its values together")
			}
		}
		values, err := readValues(at)
		if err != nil {
			return nil, err
		}
		block = append(block, Condition{Operator: op, Key: m.Name, Values: values})
	}
	return block, nil
}

func readValues(p place) ([]string, error) {
	if p.count() == 0 {
		return nil, nil
	}
	values := make([]string, 0, p.count())
	for _, e := range p.entries() {
		switch e.Kind {
		case syntax.String, syntax.Number, syntax.Bool:
			values = append(values, e.Text)
		default:
			return nil, e.fail("must be a string, a number or a boolean, not %s", e.Kind)
		}
	}
	return values, nil
}
