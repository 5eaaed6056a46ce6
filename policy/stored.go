package policy

import (
	"fmt"
	"slices"
	"strings"

	"surety/policy/internal/syntax"
)

// ParseStored reads a document that a service returned. What [Parse] takes is
// read so, without notes. Any other JSON object is read in the way that allows
// more, so that proving that it lets nobody in stays sound: what is not
// grammatical cannot narrow an Allow, and makes a Deny [Statement.Void]. A
// statement keeps its index. Each note names a place and says how it was read.
//
// An error, always a [*SyntaxError], means that data is no JSON object at all.
func ParseStored[T string | []byte](data T) (d *Document, notes []string, err error) {
	return readStored(string(data))
}

func readStored(text string) (d *Document, notes []string, err error) {
	root, err := syntax.Parse(text)
	if err != nil {
		return nil, nil, located(text, root, err)
	}
	at := place{Node: root}
	if root.Kind != syntax.Object {
		return nil, nil, located(text, root, at.fail("a policy must be an object, not %s", root.Kind))
	}
	if d, err = readDocument(root); err == nil {
		return d, nil, nil
	}
	l := lenient{root: root}
	return l.document(at), l.notes, nil
}

// lenient reads what is not grammatical and notes how.
type lenient struct {
	root  syntax.Node
	notes []string
	// foreign: around the statements stands something unknown, which could
	// narrow any Deny among them.
	foreign bool
	// unversioned: it cannot be told whether ${…} is a variable.
	unversioned bool
}

func (l *lenient) note(p place, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if where := path(l.root, int(p.Offset)); where != "" {
		text = where + ": " + text
	}
	l.notes = append(l.notes, text)
}

// sort groups the members of an object under the names that are known; the
// others are returned as strays.
func (p place) sort(known []string) (found map[string][]place, strays []place) {
	found = map[string][]place{}
	for _, m := range p.Members {
		if slices.Contains(known, m.Name) {
			found[m.Name] = append(found[m.Name], p.member(m))
		} else {
			strays = append(strays, p.member(m))
		}
	}
	return found, strays
}

func (l *lenient) document(p place) *Document {
	d := &Document{}
	found, strays := p.sort(documentElements())
	blocks := found["Statement"]
	for _, stray := range strays {
		l.foreign = true
		if equalFold(stray.name, "Statement") {
			l.note(stray, "not the letters of the element Statement; read as one, with every Deny as never applying")
			blocks = append(blocks, stray)
			continue
		}
		if equalFold(stray.name, "Version") {
			found["Version"] = append(found["Version"], stray)
			continue
		}
		l.note(stray, "unknown element; every Deny is read as never applying")
	}
	d.Version = l.version(p, found["Version"])
	d.ID = l.label(found["Id"])
	if len(blocks) > 1 {
		l.foreign = true
		l.note(p, "Statement stands more than once; all are read, with every Deny as never applying")
	}
	if len(blocks) == 0 {
		l.note(p, "no Statement; read as an Allow of everything to everyone")
		d.Statements = []Statement{openStatement()}
	}
	for _, block := range blocks {
		for _, entry := range block.entries() {
			d.Statements = append(d.Statements, l.statement(entry))
		}
	}
	return d
}

// version reads the Version elements. More than one count if they agree, and
// one whose name has other letters is no version that can be told.
func (l *lenient) version(p place, found []place) Version {
	var version Version
	for i, at := range found {
		v, err := readVersion(at)
		if err != nil || i > 0 && v != version || at.name != "Version" {
			l.unversioned = true
			l.note(at, "unknown version; what holds ${ is read in the way that allows more")
			return ""
		}
		version = v
	}
	if len(found) > 1 {
		l.note(p, "Version stands more than once, always the same")
	}
	return version
}

// label reads an Id or a Sid, on which no verdict hangs.
func (l *lenient) label(found []place) string {
	text := ""
	for i, at := range found {
		if at.Kind != syntax.String || i > 0 {
			l.note(at, "not one string; it changes nothing")
			continue
		}
		text = at.Text
	}
	return text
}

// openStatement is what stands for a statement that cannot be read at all.
func openStatement() Statement {
	all := Patterns{Texts: []string{"*"}}
	return Statement{Principals: everyone(), Actions: all, Resources: all}
}

func everyone() Principals {
	return Principals{Entries: []Principal{{Kind: Everyone, Text: "*"}}}
}

func (l *lenient) statement(p place) Statement {
	if p.Kind != syntax.Object {
		l.note(p, "%s is no statement; read as an Allow of everything to everyone", p.Kind)
		return openStatement()
	}
	s, err := readStatement(p)
	if err != nil {
		s = l.garbled(p)
	}
	r := statementReader{l, &s}
	if l.unversioned {
		r.withoutVariables(p)
	}
	if l.foreign && s.Effect == Deny {
		s.Void = true
	}
	return s
}

// withoutVariables takes out what depends on whether ${…} is a variable.
func (r statementReader) withoutVariables(p place) {
	if holdsVariable(r.s.Resources.Texts) {
		r.doubt(p, "a resource holds ${ and the version is unknown")
		r.s.Resources = Patterns{Texts: []string{"*"}}
	}
	var kept []Condition
	for _, c := range r.s.Conditions {
		if holdsVariable(c.Values) {
			r.doubt(p, fmt.Sprintf("the condition on %s holds ${ and the version is unknown", c.Key))
			continue
		}
		kept = append(kept, c)
	}
	r.s.Conditions = kept
}

func holdsVariable(texts []string) bool {
	for _, text := range texts {
		if strings.Contains(text, "${") {
			return true
		}
	}
	return false
}
