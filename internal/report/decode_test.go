package report_test

import (
	"strings"
	"testing"

	"surety/internal/report"
)

// endless is a device without an end, and without a line.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestDecodeEndsWithoutEnd(t *testing.T) {
	err := report.Decode(endless{}, func(report.Event) error { return nil })
	if err == nil || !strings.HasPrefix(err.Error(), "line 1: it is longer than 64 MiB") {
		t.Errorf("%v", err)
	}
}
