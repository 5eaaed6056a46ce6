// Package cli is the command line: flags, configuration, the wiring of readers,
// rules and formats, and the one place that turns errors into exit codes. What
// the commands do is done by the packages below.
package cli

import (
	"context"
	"io"
	"os"
	"time"
)

// Process is what the command line needs of the process that it runs in.
type Process struct {
	Version string // what the build was stamped with; "" for nothing

	Args   []string // without the program's name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string

	TerminalOut bool // Stdout is a terminal
	TerminalErr bool // Stderr is a terminal
	Width       int  // columns of the terminal; 0 where there is none

	Now func() time.Time
	// Interrupts begins to deliver interrupts in place of ending the process;
	// the function that it returns gives them back.
	Interrupts func() (<-chan os.Signal, func())
	// Abort ends the process at once, at the second interrupt.
	Abort func(code int)
}

// Run runs one command line and returns its exit code. Every error has then
// been told on p.Stderr, in one line.
func Run(ctx context.Context, p Process) int {
	a := &app{Process: p}
	root := newRoot(a)
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	return a.exit(root.ExecuteContext(ctx))
}

// app is one run of the command line.
type app struct {
	Process
	quiet   bool
	noColor bool
}

// colour reports whether a stream may carry colour.
func (a *app) colour(terminal bool) bool {
	return terminal && !a.noColor && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb"
}

// live reports whether progress may redraw its line.
func (a *app) live() bool { return a.TerminalErr && !a.quiet && a.Getenv("TERM") != "dumb" }
