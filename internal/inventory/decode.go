package inventory

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"surety/internal/resource"
)

// longestLine bounds one line of a snapshot, in bytes: a function with a policy
// of 20 KB for each of a thousand qualifiers fits.
const longestLine = 64 << 20

// sharer is a resource that can keep texts which stand in others in one place.
type sharer interface{ Share() }

// decoder is the state of reading one file.
type decoder struct {
	kinds map[resource.Type]func() resource.Resource
	snap  *Snapshot
	seen  map[resource.ID]bool
	ended bool
}

// Decode reads what [Encode] wrote. An error begins with the number of its line
// and a colon, to stand behind the name of the file.
func Decode(r io.Reader, kinds []resource.Kind) (*Snapshot, error) {
	d := &decoder{kinds: map[resource.Type]func() resource.Resource{}, seen: map[resource.ID]bool{}}
	for _, k := range kinds {
		d.kinds[k.Type] = k.New
	}
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 1<<16), longestLine)
	number := 0
	for in.Scan() {
		number++
		if len(in.Bytes()) == 0 {
			continue
		}
		if err := d.line(in.Bytes()); err != nil {
			if d.snap != nil && isCutOff(err) && !in.Scan() {
				break // the last line, cut off in the middle
			}
			return nil, fmt.Errorf("%d: %w", number, err)
		}
	}
	switch err := in.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%d: the line is longer than %d MiB", number+1, longestLine>>20)
	case d.snap == nil && errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("1: the file breaks off before its first line is complete")
	case err != nil && (d.snap == nil || !errors.Is(err, io.ErrUnexpectedEOF)):
		return nil, fmt.Errorf("%d: %w", number+1, err)
	case d.snap == nil:
		return nil, errors.New("1: the file is empty; a snapshot begins with a line that has the member snapshot")
	}
	if !d.ended {
		d.cutOff()
	}
	d.snap.Seal()
	return d.snap, nil
}

// isCutOff tells a line that breaks off from one that is wrong.
func isCutOff(err error) bool {
	var syntax *json.SyntaxError
	return errors.Is(err, io.ErrUnexpectedEOF) ||
		(errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input")
}

func (d *decoder) line(b []byte) error {
	if d.ended {
		return errors.New("there is a line after the end")
	}
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		return fmt.Errorf("this is no line of a snapshot: %w", err)
	}
	switch {
	case d.snap == nil && l.Snapshot == nil:
		return errors.New("this is no snapshot: its first line has no member snapshot")
	case d.snap == nil:
		return d.header(l.Snapshot)
	case l.Snapshot != nil:
		return errors.New("a second snapshot begins here; one file holds one account")
	case l.Resource != nil:
		return d.resource(l.Resource)
	case l.Gap != nil:
		if l.Gap.Facet == "" || l.Gap.Code == "" {
			return errors.New("a gap needs a facet and a code")
		}
		d.snap.AddGap(*l.Gap)
	case l.End != nil:
		d.snap.Footer, d.ended = *l.End, true
	}
	return nil // members that are not known are left to later versions
}

func (d *decoder) header(h *Header) error {
	switch {
	case h.Schema > Schema:
		return fmt.Errorf("the snapshot has schema %d and this program reads up to %d: use a newer surety", h.Schema, Schema)
	case h.Schema < 1:
		return errors.New("the snapshot's header has no schema")
	case !h.Account.Valid():
		return fmt.Errorf("the snapshot's header names account %q; an account has 12 digits", h.Account)
	case h.Started.IsZero():
		return errors.New("the snapshot's header does not say when it was taken (started)")
	case slices.Contains(h.Facets, ""):
		return errors.New("the snapshot's header lists a facet without a name")
	case slices.Contains(h.Regions, ""):
		return errors.New("the snapshot's header lists a region without a name")
	}
	d.snap = New(*h)
	return nil
}

func (d *decoder) resource(l *resourceLine) error {
	if l.Type == "" {
		return errors.New("the resource has no type")
	}
	blank, ok := d.kinds[l.Type]
	if !ok {
		return nil
	}
	r := blank()
	if err := json.Unmarshal(l.Data, r); err != nil {
		return fmt.Errorf("reading a %s: %w", l.Type, err)
	}
	if s, can := r.(sharer); can {
		s.Share()
	}
	id := r.Ref().ID
	switch {
	case id == "":
		return fmt.Errorf("the %s has no id", l.Type)
	case d.seen[id]:
		return fmt.Errorf("%s comes a second time", id)
	}
	d.seen[id] = true
	d.snap.Add(r)
	return nil
}

// cutOff marks everything as not wholly read.
func (d *decoder) cutOff() {
	h := d.snap.Header
	d.snap.Footer = Footer{Finished: h.Started, Interrupted: true}
	for _, f := range h.Facets {
		d.snap.AddGap(resource.Gap{Account: h.Account, Facet: f, Code: resource.CodeInterrupted,
			Reason: "the snapshot's file breaks off before its last line"})
	}
}
