package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"surety/internal/check"
)

// ErrCutOff says that a stream ended before its end event: what was heard until
// then is true, but not all.
var ErrCutOff = errors.New("the events end without an end event: the file was cut off")

// Decode reads a saved stream and hears its events in order. It reads this
// schema and all before it. The error names the line; it is [ErrCutOff] when
// all lines are good but the end is missing, or the last one breaks off. Members
// and events that are not known are passed over.
func Decode(r io.Reader, hear func(Event) error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	open, number := false, 0
	for {
		line, err := readLine(in)
		if number++; err != nil && err != io.EOF {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if text := bytes.TrimSpace(line); len(text) > 0 {
			if open && err == io.EOF && text[0] == '{' && !json.Valid(text) {
				return ErrCutOff
			}
			if err := decodeLine(text, &open, hear); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
		} else if err == io.EOF {
			number--
		}
		if err == io.EOF {
			break
		}
	}
	if number == 0 {
		return errors.New("no events: the file is empty")
	}
	if open {
		return ErrCutOff
	}
	return nil
}

// longestLine bounds one event, in bytes: far above the evidence of a role that
// ten thousand functions share.
const longestLine = 64 << 20

// readLine reads one line with its end; the last one may have none, and comes
// with io.EOF.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > longestLine {
			return nil, fmt.Errorf("it is longer than %d MiB: give a file that surety scan --format json wrote", longestLine>>20)
		}
		if line = append(line, part...); err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

// decodeLine reads one event. Open tells whether a scan is under way.
func decodeLine(text []byte, open *bool, hear func(Event) error) error {
	if version, err := schemaOf(text); err != nil {
		return err
	} else if version > EventSchema {
		return fmt.Errorf("events of schema %d: this program reads schema %d and earlier; use a newer surety", version, EventSchema)
	}
	var e Event
	if err := json.Unmarshal(text, &e); err != nil {
		return fmt.Errorf("no event: %s; give a file that surety scan --format json wrote", jsonFault(err))
	}
	switch {
	case *open && e.Scan != nil:
		return errors.New("a scan event before the end of the scan before it")
	case !*open && e.Scan == nil:
		return errors.New("no scan event comes first; give a whole file that surety scan --format json wrote")
	}
	if c := e.Check; c != nil && c.Status != check.Pass && c.Status != check.Fail && c.Status != check.Unknown {
		return fmt.Errorf("no check status %q: there are pass, fail and unknown", c.Status)
	}
	*open = e.End == nil
	if e == (Event{}) {
		return nil
	}
	return hear(e)
}

// schemaOf looks at the shape before anything else is believed: one object with
// one member, and the schema when the member is a scan.
func schemaOf(text []byte) (int, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return 0, fmt.Errorf("no event: %s; give a file that surety scan --format json wrote", jsonFault(err))
	}
	if len(members) != 1 {
		return 0, fmt.Errorf("an event has exactly one member, this has %d", len(members))
	}
	raw, found := members["scan"]
	if !found {
		return 0, nil
	}
	var scan struct {
		Schema int `json:"schema"`
	}
	if err := json.Unmarshal(raw, &scan); err != nil {
		return 0, fmt.Errorf("scan event: %s", jsonFault(err))
	}
	if scan.Schema < 1 {
		return 0, errors.New("scan event without a schema number")
	}
	return scan.Schema, nil
}

// jsonFault says what is wrong without naming Go's types.
func jsonFault(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return kind.Field + " may not be " + called(kind.Value)
	case errors.As(err, &kind):
		return called(kind.Value) + " where an object belongs"
	case errors.As(err, &syntax):
		return fmt.Sprintf("broken JSON at column %d", syntax.Offset)
	}
	return Harmless(err.Error())
}

// called names a kind of JSON value, which Go calls by the first word, for people.
func called(value string) string {
	first, _, _ := strings.Cut(value, " ")
	if name, known := map[string]string{"array": "a list", "object": "an object", "string": "text", "number": "a number", "bool": "true or false"}[first]; known {
		return name
	}
	return value
}
