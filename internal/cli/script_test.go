package cli_test

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"surety/internal/cli"
)

// TestMain lets the scripts run this test binary as the command surety, so that
// every command line is tested as people type it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"surety": surety})
}

// surety is main with streams that are never terminals.
func surety() {
	os.Exit(cli.Run(context.Background(), cli.Process{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now,
		Interrupts: func() (<-chan os.Signal, func()) {
			c := make(chan os.Signal, 2)
			signal.Notify(c, os.Interrupt, syscall.SIGTERM)
			return c, func() { signal.Stop(c) }
		},
		Abort: os.Exit,
	}))
}

// update writes what the programs print into the golden files of the scripts.
var update = flag.Bool("update", false, "write golden files anew")

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: withoutAWS, UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "sim": sim, "arrives": arrives, "rolledback": rolledback, "samechecks": samechecks},
	})
}

// withoutAWS takes every AWS setting of the machine away from a script.
func withoutAWS(e *testscript.Env) error {
	e.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	e.Setenv("AWS_CONFIG_FILE", e.WorkDir+"/no-aws-config")
	e.Setenv("AWS_SHARED_CREDENTIALS_FILE", e.WorkDir+"/no-aws-credentials")
	e.Setenv("HOME", e.WorkDir)
	e.Values[serverKey{}] = &server{arrived: make(chan struct{}, 1)}
	return nil
}
