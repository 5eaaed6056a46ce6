package actions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"surety/services/iam"
	"surety/services/lambda/actions/features"
)

// calledFor names the inline policy of what the function's configuration calls for.
const calledFor = "surety-called-for"

// held is a policy of the shared role.
type held struct {
	name, arn string // arn: of a managed policy
	text      string
	doc       *iam.Document
}

// draft is a role in the making: policies taken over from the shared role, or
// pieces of them. Nothing gets in that does not lie within the shared role.
type draft struct {
	was      []held
	all      []iam.Statement // of was
	has      []iam.Statement // of what was put in
	inline   map[string]string
	attached []string

	keeps, proof, warnings, lost []string
}

// newDraft reads the policies of the shared role. One that cannot be read, or of
// which a statement is not understood, is an error: nothing could be compared.
func (p Split) newDraft(ctx context.Context, old *iam.Definition) (*draft, error) {
	d := &draft{inline: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(old.Inline)) {
		d.was = append(d.was, held{name: name, text: old.Inline[name]})
	}
	for _, arn := range old.Attached {
		text, err := p.Roles.Document(ctx, arn)
		if err != nil {
			return nil, err
		}
		d.was = append(d.was, held{name: arn[strings.LastIndexByte(arn, '/')+1:], arn: arn, text: text})
	}
	for i, h := range d.was {
		doc, err := iam.ParseDocument(h.text)
		if err != nil {
			return nil, fmt.Errorf("policy %s of the shared role: %w", h.name, err)
		}
		d.was[i].doc = doc
		d.all = append(d.all, doc.Statements...)
	}
	return d, nil
}

// keep takes over the statements of a policy that wanted says yes to, and every
// Deny. A policy of which all is kept stays what it is.
func (d *draft) keep(h held, wanted func(iam.Statement) bool) error {
	var kept []iam.Statement
	for _, s := range h.doc.Statements {
		if !s.Allows() || wanted(s) {
			kept = append(kept, s)
		}
	}
	d.has = append(d.has, kept...)
	switch {
	case len(kept) == 0:
		return nil
	case len(kept) == len(h.doc.Statements) && h.arn != "":
		d.attached = append(d.attached, h.arn)
		return nil
	case len(kept) == len(h.doc.Statements):
		d.put(h.name, h.text)
		return nil
	}
	text, err := (&iam.Document{Version: h.doc.Version, ID: h.doc.ID, Statements: kept}).Text()
	d.put(h.name, text)
	return err
}

// put adds an inline policy under a name that is free.
func (d *draft) put(name, text string) {
	free := name
	for n := 2; d.inline[free] != ""; n++ {
		free = fmt.Sprintf("%.120s-%d", name, n)
	}
	d.inline[free] = text
}

// within returns the parts of the shared role that lie in what is wanted and are
// not there yet.
func (d *draft) within(wanted iam.Statement) []iam.Statement {
	var parts []iam.Statement
	for _, s := range d.all {
		if len(wanted.Missing(slices.Concat(d.has, parts))) == 0 {
			return parts
		}
		if part, ok := s.Limit(wanted); ok && len(part.Missing(slices.Concat(d.has, parts))) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

// add puts statements in as one inline policy.
func (d *draft) add(name string, parts []iam.Statement) error {
	if len(parts) == 0 {
		return nil
	}
	d.has = append(d.has, parts...)
	text, err := (&iam.Document{Version: iam.Variables, Statements: parts}).Text()
	d.put(name, text)
	return err
}

// serve puts in what the configuration calls for and the shared role allows. What
// the shared role does not allow is not given, and said.
func (d *draft) serve(needs []features.Need) error {
	var parts []iam.Statement
	whole := d.has
	for _, n := range needs {
		for _, s := range slices.Concat(n.Statements, n.May) {
			d.has = slices.Concat(whole, parts)
			parts = append(parts, d.within(s)...)
		}
	}
	d.has = whole
	if err := d.add(calledFor, parts); err != nil {
		return err
	}
	for _, n := range needs {
		for _, s := range n.Statements {
			for _, a := range s.Missing(d.has) {
				d.warn(fmt.Sprintf("the configuration calls for %s (%s), which the shared role does not allow as a whole: it is not given either", a, n.Feature))
			}
		}
	}
	return nil
}

func (d *draft) warn(note string) {
	if !slices.Contains(d.warnings, note) {
		d.warnings = append(d.warnings, note)
	}
}

// finish lists what is lost, and refuses a draft that is not shown to lie within
// the shared role.
func (d *draft) finish() error {
	for _, s := range d.has {
		if !s.Allows() {
			continue
		}
		if more := s.Missing(d.all); len(more) > 0 {
			return fmt.Errorf("it cannot be shown that the shared role allows %s: use --strategy clone", more[0])
		}
	}
	denies := func(all []iam.Statement) (n int) {
		for _, s := range all {
			if !s.Allows() {
				n++
			}
		}
		return n
	}
	if denies(d.has) < denies(d.all) {
		return errors.New("a Deny of the shared role would be lost: use --strategy clone")
	}
	for _, h := range d.was {
		for i, s := range h.doc.Statements {
			if !s.Allows() {
				continue
			}
			for _, a := range s.Missing(d.has) {
				d.lost = append(d.lost, fmt.Sprintf("%s%s (policy %s, statement %s)", a, d.beyond(a), h.name, cmp.Or(s.Sid, strconv.Itoa(i+1))))
			}
		}
	}
	slices.Sort(d.attached)
	d.proof = append(d.proof, "every permission of the new role lies within one of the shared role, and every Deny is kept: none is gained")
	return nil
}

// beyond says of an access that is lost whether some of it stays.
func (d *draft) beyond(a iam.Access) string {
	lost := iam.Statement{Effect: "Allow", Action: []string{a.Action}, Resource: []string{a.Resource}}
	if slices.ContainsFunc(d.has, func(s iam.Statement) bool { _, some := s.Limit(lost); return some }) {
		return ", beyond what stays"
	}
	return ""
}
