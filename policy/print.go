package policy

import (
	"bytes"
	"encoding/json"
)

// MarshalJSON prints the document in its one canonical form: elements in the
// order of the guide, statements always as a list, one value as a string and
// several as a list, nothing that is absent. [Parse] reads the same Document
// back from it.
//
// A Void statement is printed as a Deny that exempts everybody, which keeps
// both its index and its meaning. A Document that no reader of this package
// could have made is printed as it is and may not parse.
func (d Document) MarshalJSON() ([]byte, error) { return unescaped(d.tree()) }

// String prints the canonical form, indented by two spaces.
func (d Document) String() string {
	compact, err := d.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return err.Error()
	}
	return b.String()
}

// object is a JSON object whose members keep their order.
type object []objectMember

type objectMember struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := unescaped(m.name)
		if err != nil {
			return nil, err
		}
		value, err := unescaped(m.value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}

func (o *object) add(name string, value any) { *o = append(*o, objectMember{name, value}) }

// texts is one text as a string, any other number as a list.
func texts(all []string) any {
	if len(all) == 1 {
		return all[0]
	}
	return append([]string{}, all...)
}

func (d Document) tree() object {
	var o object
	if d.Version != "" {
		o.add("Version", string(d.Version))
	}
	if d.ID != "" {
		o.add("Id", d.ID)
	}
	statements := make([]object, len(d.Statements))
	for i, s := range d.Statements {
		statements[i] = s.tree()
	}
	o.add("Statement", statements)
	return o
}

func (s Statement) tree() object {
	if s.Void {
		nobody := Principals{Negated: true, Entries: []Principal{{Kind: Everyone, Text: "*"}}}
		all := Patterns{Texts: []string{"*"}}
		s = Statement{Sid: s.Sid, Effect: Deny, Principals: nobody, Actions: all, Resources: all}
	}
	var o object
	if s.Sid != "" {
		o.add("Sid", s.Sid)
	}
	o.add("Effect", s.Effect.String())
	o.add(form("Principal", s.Principals.Negated), s.Principals.tree())
	o.add(form("Action", s.Actions.Negated), texts(s.Actions.Texts))
	o.add(form("Resource", s.Resources.Negated), texts(s.Resources.Texts))
	if len(s.Conditions) > 0 {
		o.add("Condition", conditionTree(s.Conditions))
	}
	return o
}

func form(name string, negated bool) string {
	if negated {
		return "Not" + name
	}
	return name
}

func (p Principals) tree() any {
	var names []string
	under := map[string][]string{}
	for _, one := range p.Entries {
		name := "AWS"
		switch one.Kind {
		case Everyone:
			return "*"
		case ServicePrincipal:
			name = "Service"
		}
		if under[name] == nil {
			names = append(names, name)
		}
		under[name] = append(under[name], one.Text)
	}
	var o object
	for _, name := range names {
		o.add(name, texts(under[name]))
	}
	return o
}

// conditionTree puts the keys of one operator together, operators in the order
// of their first key.
func conditionTree(all []Condition) object {
	var order []Operator
	blocks := map[Operator]*object{}
	for _, c := range all {
		block := blocks[c.Operator]
		if block == nil {
			block = &object{}
			blocks[c.Operator] = block
			order = append(order, c.Operator)
		}
		block.add(c.Key, texts(c.Values))
	}
	var o object
	for _, op := range order {
		o.add(op.String(), *blocks[op])
	}
	return o
}
