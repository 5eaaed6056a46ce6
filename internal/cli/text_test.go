package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"surety/internal/collect"
)

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                "plain",
		"two\nlines\tand  tab": "two lines and tab",
		"\x1b[2Jgone":          "\uFFFD[2Jgone",
		"a\u202Eb":             "a\uFFFDb",
		"zero\u200Bwidth":      "zero\uFFFDwidth",
		"bad \xff byte":        "bad \uFFFD byte",
		"a\u2028b":             "a\uFFFDb",
		"größe":                "größe",
		"":                     "",
	} {
		if got := oneLine(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := oneLine(strings.Repeat("ä", 10_000)); len(got) > longestLine+8 || !strings.HasSuffix(got, " …") {
		t.Errorf("a long text is %d bytes long and ends in %q", len(got), got[len(got)-8:])
	}
}

func TestReadLine(t *testing.T) {
	long := strings.Repeat("x", largestPolicy+1)
	in := bufio.NewReaderSize(strings.NewReader("a\n\n"+long+"\nlast"), 64)
	for i, want := range []struct {
		line string
		err  error
	}{{"a\n", nil}, {"\n", nil}, {"", errLongLine}, {"last", nil}, {"", io.EOF}} {
		line, err := readLine(in)
		if string(line) != want.line || !errors.Is(err, want.err) {
			t.Errorf("line %d: %.20q, %v; want %q, %v", i+1, line, err, want.line, want.err)
		}
	}
}

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Millisecond: "1 second", 89 * time.Second: "89 seconds", 90 * time.Second: "2 minutes",
		time.Hour: "60 minutes", 2 * time.Hour: "2 hours", 26 * time.Hour: "26 hours",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

// TestCredentialErrors holds every way of having no credentials to a line that
// says what to do.
func TestCredentialErrors(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"single sign-on": {errors.New("refresh cached SSO token failed"), "aws sso login"},
		"outside of AWS": {errors.New("no EC2 IMDS role found"), "AWS_ACCESS_KEY_ID"},
		"no answer":      {fmt.Errorf("asking: %w", context.DeadlineExceeded), "AWS_ACCESS_KEY_ID"},
		"a helper":       {errors.New("process provider error"), "process provider error"},
	} {
		if got := credentialError(c.err).Error(); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q does not name %q", name, got, c.want)
		}
	}
	if got := settingsError(config.SharedConfigProfileNotExistError{Profile: "x"}).Error(); !strings.Contains(got, `"x"`) {
		t.Errorf("%q does not name the profile", got)
	}
	if got := settingsError(errors.New("broken file")).Error(); !strings.Contains(got, "broken file") {
		t.Errorf("%q does not tell what is broken", got)
	}
}

// TestPlainProgress tells a line now and then where no line can be redrawn.
func TestPlainProgress(t *testing.T) {
	var stderr strings.Builder
	now := time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)
	a := &app{Process: Process{Stderr: &stderr, Now: func() time.Time { return now }}}
	p := newProgress(a, nil)
	w := p.watch()
	w.Progress(collect.Progress{Regions: 2, Calls: 1})
	now = now.Add(lineEvery)
	w.Progress(collect.Progress{Regions: 2, RegionsDone: 1, Resources: 10, Calls: 20, Throttled: 3, Remaining: 4, Left: 5 * time.Second})
	w.Progress(collect.Progress{Regions: 2, Calls: 21})
	w.Estimate(collect.Estimate{Region: "us-east-1", Resources: 50, Calls: 101, Time: 7 * time.Second})
	w.Estimate(collect.Estimate{Region: "us-east-1", Resources: 60, Calls: 110})
	w.Estimate(collect.Estimate{Region: "us-east-1", Resources: 120, Calls: 243, Time: 16 * time.Second, Firm: true})
	w.Estimate(collect.Estimate{Region: "eu-west-1", Calls: 1, Firm: true})
	p.end()
	const want = `1 of 2 parts done, 10 resources, 20 calls, 3 throttled, 4 to go, about 5 seconds left
us-east-1: at least 50 resources, 101 calls
us-east-1: 120 resources, 243 calls, about 16 seconds
`
	if stderr.String() != want {
		t.Errorf("told\n%s\nwant\n%s", &stderr, want)
	}
}
