// Package moto_test runs the built program against moto_server, an AWS that
// this project did not write, filled with the commands that an administrator
// types. Both programs come pinned, from the environment that `make test` makes.
//
// What moto gets wrong is in garbled_test.go and in docs/testing.md; the
// verdicts that depend on it say so in testdata/account.txtar.
package moto_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// world is what the tests of this package share and only read.
type world struct {
	venv    string // where the pinned programs are
	work    string // working directory of every command
	server  string // URL of moto_server
	program string // the built surety
	broken  error  // why there is no program
	account *account
}

// shared is made once, before the first test: filling the account takes most
// of the time.
var shared *world

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	w, clean, err := setUp(ctx)
	defer clean()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests/moto:", err)
		return 1
	}
	shared = w
	return m.Run()
}

// setUp returns a filled world and what takes it down again, also after an error.
func setUp(ctx context.Context) (w *world, clean func(), err error) {
	clean = func() {}
	venv := os.Getenv("SURETY_TEST_VENV")
	if venv == "" {
		return nil, clean, fmt.Errorf("SURETY_TEST_VENV is not set: run `make test`, which brings aws and moto_server")
	}
	work, err := os.MkdirTemp("", "surety-moto-")
	if err != nil {
		return nil, clean, fmt.Errorf("making a working directory: %w", err)
	}
	server, stop, err := serve(ctx, venv, owner)
	clean = func() { stop(); os.RemoveAll(work) }
	if err != nil {
		return nil, clean, err
	}
	w = &world{venv: venv, work: work, server: server, program: filepath.Join(work, "surety")}
	if w.account, err = readAccount("testdata/account.txtar"); err != nil {
		return nil, clean, err
	}
	built := make(chan error, 1)
	go func() { built <- build(ctx, w.program) }()
	err = w.fill(ctx)
	w.broken = <-built // what needs no program is still tested
	return w, clean, err
}

// build compiles the program; with the race detector in it when the tests have it.
func build(ctx context.Context, to string) error {
	args := []string{"build", "-o", to}
	if raced {
		args = append(args, "-race")
	}
	if said, err := exec.CommandContext(ctx, "go", append(args, "surety/cmd/surety")...).CombinedOutput(); err != nil {
		return fmt.Errorf("building the program: %w\n%s", err, said)
	}
	return nil
}
