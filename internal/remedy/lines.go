package remedy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"surety/internal/plan"
)

// planLine is the first line of a plan's file: {"plan":{…}}.
func planLine(p *plan.Plan) ([]byte, error) {
	text, err := p.Encode()
	if err != nil {
		return nil, err
	}
	return append(append([]byte(`{"plan":`), text...), '}', '\n'), nil
}

// read reads a plan's file. Whole is the length of its complete lines.
func (f *Files) read(id string) (h *History, whole int64, err error) {
	data, err := os.ReadFile(f.file(id))
	if err != nil {
		return nil, 0, fmt.Errorf("reading the journal: %w", err)
	}
	whole = int64(bytes.LastIndexByte(data, '\n') + 1)
	for n, line := range bytes.Split(bytes.TrimSuffix(data[:whole], []byte("\n")), []byte("\n")) {
		if n == 0 {
			if h, err = readPlan(line); err == nil && h.Plan.ID != id {
				err = fmt.Errorf("it holds plan %q", h.Plan.ID)
			}
		} else {
			err = h.take(line)
		}
		if err != nil {
			return nil, 0, fmt.Errorf("reading the journal: %s line %d: %w", f.file(id), n+1, err)
		}
	}
	return h, whole, nil
}

func readPlan(line []byte) (*History, error) {
	var first struct{ Plan json.RawMessage }
	if err := json.Unmarshal(line, &first); err != nil {
		return nil, fmt.Errorf("it is no journal of a plan: %w", err)
	}
	p, err := plan.Decode(first.Plan)
	if err != nil {
		return nil, err
	}
	return &History{Plan: p}, nil
}

func (h *History) take(line []byte) error {
	var r Record
	if err := json.Unmarshal(line, &r); err != nil {
		return fmt.Errorf("it is no record: %w", err)
	}
	if r.Step < -1 || r.Step >= len(h.Plan.Steps) {
		return fmt.Errorf("it speaks of step %d, and the plan has %d", r.Step, len(h.Plan.Steps))
	}
	h.Records = append(h.Records, r)
	return nil
}

// fileLog appends to a plan's file.
type fileLog struct {
	file    *os.File
	history *History
	unlock  func()
}

func (l *fileLog) History() *History { return l.history }

func (l *fileLog) Append(r Record) error {
	line, err := json.Marshal(r)
	if err == nil {
		_, err = l.file.Write(append(line, '\n'))
	}
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	return nil
}

func (l *fileLog) Close() error {
	err := l.file.Close()
	l.unlock()
	if err != nil {
		return fmt.Errorf("closing the journal: %w", err)
	}
	return nil
}
