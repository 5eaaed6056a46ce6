package cli

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// interrupts is a process whose interrupts the test sends itself.
func interrupts(t *testing.T) (a *app, send func(), aborted chan int, stderr *bytes.Buffer) {
	t.Helper()
	signals := make(chan os.Signal)
	aborted = make(chan int, 1)
	stderr = new(bytes.Buffer)
	a = &app{Process: Process{
		Stderr:     stderr,
		Interrupts: func() (<-chan os.Signal, func()) { return signals, func() {} },
		Abort:      func(code int) { aborted <- code },
	}}
	return a, func() { signals <- os.Interrupt }, aborted, stderr
}

func TestFirstInterruptEndsReading(t *testing.T) {
	a, send, aborted, stderr := interrupts(t)
	ctx, done := a.interruptible(context.Background())
	send()
	<-ctx.Done()
	done()
	if len(aborted) > 0 {
		t.Errorf("aborted with code %d", <-aborted)
	}
	if got := stderr.String(); !strings.Contains(got, "a second interrupt ends at once") {
		t.Errorf("stderr %q does not tell what the interrupt does", got)
	}
}

func TestSecondInterruptAborts(t *testing.T) {
	a, send, aborted, _ := interrupts(t)
	a.quiet = true
	_, done := a.interruptible(context.Background())
	send()
	send()
	if code := <-aborted; code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	done()
}

func TestNoInterruptLeavesContextAlone(t *testing.T) {
	a, _, aborted, stderr := interrupts(t)
	ctx, done := a.interruptible(context.Background())
	if ctx.Err() != nil {
		t.Error("the context has ended")
	}
	done()
	if len(aborted) > 0 || stderr.Len() > 0 {
		t.Errorf("aborted or told something: %q", stderr)
	}
}
