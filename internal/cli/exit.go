package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The exit codes that commands share. A command with codes of its own says so
// in its help.
const (
	exitOK         = 0
	exitCannot     = 1 // it could not be done
	exitUsage      = 2 // the command line, or the request, is wrong
	exitFail       = 3 // checks failed, or access is not proven closed
	exitIncomplete = 4 // nothing failed, and not everything was seen
	exitRefused    = 5 // a guard refused steps of a plan
	exitNoConsent  = 6 // nothing was applied, because nobody said yes
	exitAborted    = 130
)

// exitError ends a command with a code. With a nil err nothing is printed: the
// result itself has said it.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// exitCode ends a command silently with a code; nil for 0.
func exitCode(code int) error {
	if code == exitOK {
		return nil
	}
	return &exitError{code: code}
}

// usagef is a mistake in the command line: it says what is wrong and what to do.
func usagef(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// usage makes any error a mistake in the command line.
func usage(err error) error { return &exitError{code: exitUsage, err: err} }

// exit tells an error in one line and returns its code.
func (a *app) exit(err error) int {
	if err == nil {
		return exitOK
	}
	code := exitCannot
	var e *exitError
	if errors.As(err, &e) {
		code = e.code
		if e.err == nil {
			return code
		}
	}
	fmt.Fprintln(a.Stderr, "surety: "+oneLine(err.Error()))
	return code
}

// longestLine bounds what is printed of an error, in bytes.
const longestLine = 600

// oneLine makes any text safe for a terminal and one line long: it may hold
// names that somebody else chose.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > longestLine {
		s = strings.ToValidUTF8(s[:longestLine], "") + " …"
	}
	return s
}

// takes checks the number of arguments and names what is missing.
func takes(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case emptyFile(c) != "":
			return usagef("--%s: the file's name is empty: a variable that was never set?", emptyFile(c))
		case len(args) < len(names):
			return usagef("%s%s is missing; see %s --help", prefix(c), names[len(args)], c.CommandPath())
		case len(args) > len(names):
			return usagef("%s%q is one argument too many; see %s --help", prefix(c), args[len(names)], c.CommandPath())
		}
		return nil
	}
}

// emptyFile finds a flag for a file that was given the empty name. Taken for a
// flag left out, it would read an account where a snapshot was meant.
func emptyFile(c *cobra.Command) (name string) {
	c.Flags().Visit(func(f *pflag.Flag) {
		kind, _ := pflag.UnquoteUsage(f)
		if kind == "file" && f.Value.String() == "" {
			name = f.Name
		}
	})
	return name
}

// prefix begins a message with the command that it is about.
func prefix(c *cobra.Command) string {
	if !c.HasParent() {
		return ""
	}
	return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ") + ": "
}

// unknownCommand answers a word that is no command with the nearest ones.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return usagef("no command %q: did you mean %s", args[0], strings.Join(near, " or "))
	}
	return usagef("no command %q: %s --help lists them", args[0], c.CommandPath())
}
