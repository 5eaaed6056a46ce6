package cli

import (
	"context"
	"os"
	"strings"
	"testing"
)

// interrupts is a process whose interrupts the test sends itself.
func interrupts(t *testing.T) (a *app, send func(), aborted chan int) {
	t.Helper()
	signals := make(chan os.Signal)
	aborted = make(chan int, 1)
	a = &app{Process: Process{
		Interrupts: func() (<-chan os.Signal, func()) { return signals, func() {} },
		Abort:      func(code int) { aborted <- code },
	}}
	return a, func() { signals <- os.Interrupt }, aborted
}

func TestFirstInterruptEndsReading(t *testing.T) {
	a, send, aborted := interrupts(t)
	var said string
	ctx, done := a.interruptible(context.Background(), func(text string) { said = text })
	send()
	<-ctx.Done()
	done()
	if len(aborted) > 0 {
		t.Errorf("aborted with code %d", <-aborted)
	}
	if !strings.Contains(said, "a second interrupt ends at once") {
		t.Errorf("%q does not tell what the interrupt does", said)
	}
}

func TestSecondInterruptAborts(t *testing.T) {
	a, send, aborted := interrupts(t)
	_, done := a.interruptible(context.Background(), func(string) {})
	send()
	send()
	if code := <-aborted; code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	done()
}

func TestNoInterruptLeavesContextAlone(t *testing.T) {
	a, _, aborted := interrupts(t)
	ctx, done := a.interruptible(context.Background(), func(text string) { t.Errorf("said %q", text) })
	if ctx.Err() != nil {
		t.Error("the context has ended")
	}
	done()
	if len(aborted) > 0 {
		t.Errorf("aborted with code %d", <-aborted)
	}
}
