// Command surety tells who can run the Lambda functions of an AWS account, and
// which of them share power, with proof.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"

	"surety/internal/cli"
)

// version is stamped by the linker: what the sources were at, as git describes it.
var version string

func main() {
	if os.Getenv("GOGC") == "" {
		tend()
	}
	os.Exit(cli.Run(context.Background(), process()))
}

// process is the real process; tests give others.
func process() cli.Process {
	width, _, _ := term.GetSize(os.Stderr.Fd())
	return cli.Process{
		Version: version, Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
		TerminalOut: term.IsTerminal(os.Stdout.Fd()), TerminalErr: term.IsTerminal(os.Stderr.Fd()), Width: width,
		Now: time.Now,
		Interrupts: func() (<-chan os.Signal, func()) {
			c := make(chan os.Signal, 2)
			signal.Notify(c, os.Interrupt, syscall.SIGTERM)
			return c, func() { signal.Stop(c) }
		},
		Abort: os.Exit,
	}
}
