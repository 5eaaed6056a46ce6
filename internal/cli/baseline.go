package cli

import (
	"errors"
	"fmt"

	"surety/internal/check"
	"surety/internal/report"
)

// baseline reads the events of an earlier scan and returns what tells new
// failing checks from old ones; nil without a file. A file that was cut off is
// refused: what it lacks would seem new.
func (a *app) baseline(name string) (func(*check.Check) bool, error) {
	if name == "" {
		return nil, nil
	}
	var b check.Baseline
	err := a.events(name, func(e report.Event) error {
		if e.Check != nil {
			b.Add(e.Check)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	return b.New, nil
}

// events hears the events of a saved scan.
func (a *app) events(name string, hear func(report.Event) error) error {
	in, done, err := a.open(name)
	if err != nil {
		return err
	}
	defer done()
	err = report.Decode(in, hear)
	var wrong *hearError
	if errors.As(err, &wrong) {
		return wrong.err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", a.called(name), plainPath(err))
	}
	return nil
}

// hearError is a fault of the listener, not of the file.
type hearError struct{ err error }

func (e *hearError) Error() string { return e.err.Error() }
