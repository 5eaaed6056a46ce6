package report_test

import (
	"encoding/json"
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

// TestEncodeJSON: what a terminal or an eye could be led astray by is written as
// an escape, which means the same to whoever reads JSON.
func TestEncodeJSON(t *testing.T) {
	const name = "a\x1b[31m\x7f\u0085\u202e\u0301\U000E0041<é>\n"
	var out strings.Builder
	if err := report.EncodeJSON(&out, map[string]string{"id": name}, "", ""); err != nil {
		t.Fatal(err)
	}
	want := `{"id":"a\u001b[31m\u007f\u0085\u202e\u0301\udb40\udc41<é>\n"}` + "\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back["id"] != name {
		t.Errorf("read back: %q, %v", back["id"], err)
	}
	if err := report.EncodeJSON(&out, func() {}, "", ""); err == nil {
		t.Error("a function is written as JSON")
	}
}

func TestDecodeEndsWithoutEnd(t *testing.T) {
	err := report.Decode(endless{}, func(report.Event) error { return nil })
	if err == nil || !strings.HasPrefix(err.Error(), "line 1: it is longer than 64 MiB") {
		t.Errorf("%v", err)
	}
}
