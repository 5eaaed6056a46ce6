package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"surety/internal/resource"
)

// jsonSink writes the stream as it is, one event a line.
type jsonSink struct {
	w   io.Writer
	buf bytes.Buffer
	enc *json.Encoder
}

// NewJSON returns the sink of the format "json". Every event is written at
// once, in one Write.
func NewJSON(w io.Writer) Sink {
	s := &jsonSink{w: w}
	s.enc = json.NewEncoder(&s.buf)
	s.enc.SetEscapeHTML(false)
	return s
}

func (s *jsonSink) Event(e Event) error {
	s.buf.Reset()
	if err := s.enc.Encode(settled(e)); err != nil {
		return fmt.Errorf("writing an event: %w", err)
	}
	if _, err := s.w.Write(escapeLine(s.buf.Bytes())); err != nil {
		return fmt.Errorf("writing an event: %w", err)
	}
	return nil
}

func (s *jsonSink) Close() error { return nil }

// settled gives an event the shape that readers were promised: lists and
// objects are never null, times are whole seconds of UTC.
func settled(e Event) Event {
	switch {
	case e.Scan != nil:
		scan := *e.Scan
		scan.Started = scan.Started.UTC().Truncate(time.Second)
		scan.Regions = append([]resource.Region{}, scan.Regions...)
		scan.Rules = append([]string{}, scan.Rules...)
		e.Scan = &scan
	case e.Resource != nil && e.Resource.Tags == nil:
		ref := *e.Resource
		ref.Tags = map[string]string{}
		e.Resource = &ref
	case e.Check != nil && len(e.Check.Evidence) == 0:
		c := *e.Check
		c.Evidence = json.RawMessage("{}")
		e.Check = &c
	case e.Ledger != nil && e.Ledger.Tags == nil:
		line := *e.Ledger
		line.Tags = map[string]string{}
		e.Ledger = &line
	case e.End != nil:
		end := *e.End
		end.Finished = end.Finished.UTC().Truncate(time.Second)
		end.Limits = append([]string{}, end.Limits...)
		e.End = &end
	}
	return e
}
