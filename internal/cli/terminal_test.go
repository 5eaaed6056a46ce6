package cli_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"surety/internal/awssim"
	"surety/internal/cli"
)

// scanDemo scans the demo account over loopback, with streams as p says.
func scanDemo(t *testing.T, p cli.Process, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	world, err := awssim.Demo()
	if err != nil {
		t.Fatal(err)
	}
	// A sister account that nobody can enter, for scans of many.
	world.Organizations = []*awssim.Organization{{ID: "o-a1b2c3d4e5", Root: "r-ab12", Management: awssim.DemoAccount,
		Members: []awssim.Member{{Account: awssim.DemoAccount}, {Account: "444455556666"}}}}
	sim, err := awssim.New(world, awssim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": awssim.AccessKey(awssim.DemoAccount), "AWS_SECRET_ACCESS_KEY": "hidden",
		"AWS_REGION": "us-east-1", "XDG_STATE_HOME": t.TempDir(), "AWS_PROFILE": "", "NO_COLOR": "", "TERM": "xterm",
	} {
		t.Setenv(name, value)
	}
	var out, errs bytes.Buffer
	p.Args = append([]string{"scan", "--rate", "unlimited"}, args...)
	p.Stdin, p.Stdout, p.Stderr, p.Getenv, p.Now = strings.NewReader(""), &out, &errs, os.Getenv, time.Now
	code = cli.Run(context.Background(), p)
	return code, out.String(), errs.String()
}

func TestTerminalShowsWhatIsProven(t *testing.T) {
	code, stdout, stderr := scanDemo(t, cli.Process{TerminalOut: true, TerminalErr: true, Width: 80})
	if code != 3 {
		t.Fatalf("exit code %d, want 3: %s", code, stderr)
	}
	if !strings.Contains(stderr, "high Lambda-002 us-east-1 orders: account 999988887777") {
		t.Errorf("stderr does not show the forgotten grant:\n%s", stderr)
	}
	if n := strings.Count(stderr, " orders: account 999988887777"); n != 1 {
		t.Errorf("the forgotten grant is shown %d times", n)
	}
	if strings.Contains(stderr, "no URL serves it") {
		t.Error("what was not read yet is told as if it were not there")
	}
	if last := stderr[strings.LastIndex(stderr, "\n")+1:]; last != "" && !strings.HasSuffix(last, "\r\x1b[K") {
		t.Errorf("the live line is left behind: %q", last)
	}
	if !strings.Contains(stdout, "\x1b[") {
		t.Error("a table on a terminal has no colour")
	}
}

// TestTerminalLeavesOutWhatIsKnown: a baseline holds for what is told while the
// scan runs, too.
func TestTerminalLeavesOutWhatIsKnown(t *testing.T) {
	known := filepath.Join(t.TempDir(), "known.jsonl")
	if code, _, stderr := scanDemo(t, cli.Process{}, "--format", "json", "-o", known, "--quiet"); code != 3 {
		t.Fatalf("exit code %d, want 3: %s", code, stderr)
	}
	for _, many := range [][]string{nil, {"--organization"}} {
		_, _, stderr := scanDemo(t, cli.Process{TerminalErr: true}, append(many, "--baseline", known)...)
		if strings.Contains(stderr, "high Lambda-002") || !strings.Contains(stderr, "done") {
			t.Errorf("%v: stderr shows what is known:\n%s", many, stderr)
		}
	}
}

func TestColourIsSwitchedOff(t *testing.T) {
	for name, off := range map[string]struct {
		process cli.Process
		flag    string
		env     [2]string
	}{
		"pipe":     {cli.Process{}, "", [2]string{"NO_COLOR", ""}},
		"flag":     {cli.Process{TerminalOut: true}, "--no-color", [2]string{"NO_COLOR", ""}},
		"dumb":     {cli.Process{TerminalOut: true}, "", [2]string{"TERM", "dumb"}},
		"no_color": {cli.Process{TerminalOut: true}, "", [2]string{"NO_COLOR", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"demo"}
			if off.flag != "" {
				args = append(args, off.flag)
			}
			var out bytes.Buffer
			p := off.process
			p.Args, p.Stdout, p.Stderr, p.Now = args, &out, &out, time.Now
			p.Getenv = func(name string) string {
				if name == off.env[0] {
					return off.env[1]
				}
				return ""
			}
			if code := cli.Run(context.Background(), p); code != 0 {
				t.Fatalf("exit code %d", code)
			}
			if strings.Contains(out.String(), "\x1b") {
				t.Error("colour where none belongs")
			}
		})
	}
}

func TestQuietOnTerminal(t *testing.T) {
	_, _, stderr := scanDemo(t, cli.Process{TerminalErr: true}, "--quiet")
	if stderr != "" {
		t.Errorf("quiet said %q", stderr)
	}
}

func TestTerminalShowsTheFleet(t *testing.T) {
	code, _, stderr := scanDemo(t, cli.Process{TerminalErr: true, Width: 120}, "--organization", "--at-once", "1")
	if code != 3 {
		t.Fatalf("exit code %d, want 3: %s", code, stderr)
	}
	for _, want := range []string{
		"reading 2 accounts of organization o-a1b2c3d4e5\n", "1 of 2 accounts done, ", "2 of 2 accounts done, 1 not entered, 1 failing, ",
		"high Lambda-002 " + awssim.DemoAccount + " us-east-1 orders: account 999988887777",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr does not hold %q:\n%q", want, stderr)
		}
	}
}
