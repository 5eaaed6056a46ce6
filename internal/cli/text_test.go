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
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/smithy-go"

	"surety/internal/assure"
	"surety/internal/collect"
	"surety/internal/profile"
	"surety/internal/resource"
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
		"a helper":       {fmt.Errorf("refreshing: %w", &processcreds.ProviderError{Err: errors.New("parse failed of process output: {SecretAccessKey:sesame")}), "credential_process"},
		"a login":        {errors.New("load login token: token file not found, please reauthenticate"), "aws login"},
		"a service":      {&smithy.OperationError{ServiceID: "STS", Err: &smithy.GenericAPIError{Code: "AccessDenied", Message: "not authorized to perform: sts:AssumeRole\nRequestID: 5"}}, "credentials: not authorized to perform: sts:AssumeRole (AccessDenied): correct"},
		"another way":    {errors.New("unable to read file at /token"), "unable to read file at /token"},
	} {
		if got := credentialError(c.err).Error(); !strings.Contains(got, c.want) || strings.Contains(got, "sesame") {
			t.Errorf("%s: %q does not name %q, or tells a secret", name, got, c.want)
		}
	}
	if got := settingsError(config.SharedConfigProfileNotExistError{Profile: "x"}).Error(); !strings.Contains(got, `"x"`) {
		t.Errorf("%q does not name the profile", got)
	}
	if got := settingsError(config.AssumeRoleTokenProviderNotSetError{}).Error(); !strings.Contains(got, "mfa_serial") {
		t.Errorf("%q does not tell what the profile asks for", got)
	}
	if got := settingsError(errors.New("broken file")).Error(); !strings.Contains(got, "broken file") {
		t.Errorf("%q does not tell what is broken", got)
	}
}

// TestHome finds the region that answers for what is global.
func TestHome(t *testing.T) {
	none, china := &profile.Config{}, &profile.Config{Regions: []resource.Region{"cn-north-1", "cn-northwest-1"}}
	for _, c := range []struct {
		flags  []resource.Region
		config *profile.Config
		want   string
	}{{nil, none, "us-east-1"}, {nil, china, "cn-north-1"}, {[]resource.Region{"us-gov-west-1"}, none, "us-gov-west-1"}, {[]resource.Region{"cn-northwest-1"}, china, "cn-northwest-1"}} {
		if got := (job{config: c.config, reading: reading{regions: c.flags}}).home(); got != c.want {
			t.Errorf("flags %v, configuration %v: %s, want %s", c.flags, c.config.Regions, got, c.want)
		}
	}
}

// TestStopped holds the last line to what there is to go on with.
func TestStopped(t *testing.T) {
	stop := &collect.Stop{Code: resource.CodeInterrupted, Reason: "the scan was\x1b[2J interrupted"}
	expired := &collect.Stop{Code: "ExpiredToken", Reason: "the credentials expired"}
	unkept := errors.New("no space left")
	for _, c := range []struct {
		name  string
		got   assure.Reading
		quiet bool
		want  string
	}{
		{"whole", assure.Reading{}, false, ""},
		{"interrupted", assure.Reading{Stopped: stop}, false, "stopped early: the scan was\ufffd[2J interrupted; the same command with --resume goes on from here\n"},
		{"interrupted, quiet", assure.Reading{Stopped: stop}, true, ""},
		{"expired, quiet", assure.Reading{Stopped: expired}, true, "stopped early: the credentials expired; the same command with --resume goes on from here\n"},
		{"nothing kept", assure.Reading{Stopped: expired, Unkept: unkept}, false, "stopped early: the credentials expired\n"},
		{"given up", assure.Reading{GaveUp: true}, false, "note: some reads were given up, because too many in a row had no answer; the same command with --resume goes on from here\n"},
		{"given up, nothing kept", assure.Reading{GaveUp: true, Unkept: unkept}, false, "note: some reads were given up, because too many in a row had no answer\n"},
		{"given up, quiet", assure.Reading{GaveUp: true}, true, ""},
	} {
		var stderr strings.Builder
		a := &app{Process: Process{Stderr: &stderr}, quiet: c.quiet}
		if a.stopped(c.got); stderr.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, stderr.String(), c.want)
		}
	}
}

// TestLoose promises what --resume does only where something was kept.
func TestLoose(t *testing.T) {
	barred, silent, whole := assure.Visit{Barred: &resource.Gap{}}, assure.Visit{Reading: assure.Reading{GaveUp: true}}, assure.Visit{}
	unkept := assure.Visit{Reading: assure.Reading{Unkept: errors.New("no space left")}}
	const open = "note: 1 account could not be entered, 1 were not read to their end: the ledger says why"
	for _, c := range []struct {
		name   string
		kept   bool
		visits []assure.Visit
		want   string
	}{
		{"whole", true, []assure.Visit{whole}, ""},
		{"open", true, []assure.Visit{barred, whole, silent}, open + "; the same command with --resume reads only those\n"},
		{"no place", false, []assure.Visit{barred, whole, silent}, open + "\n"},
		{"place that was full", true, []assure.Visit{barred, unkept, silent}, open + "\nnote: this scan cannot be taken up whole with --resume: no space left\n"},
	} {
		var stderr strings.Builder
		l := loose{kept: c.kept}
		for _, v := range c.visits {
			l.add(v)
		}
		if l.tell(&app{Process: Process{Stderr: &stderr}}); stderr.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, stderr.String(), c.want)
		}
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
