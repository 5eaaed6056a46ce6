package cli

import (
	"context"
	"fmt"
)

// interruptible returns a context that the first interrupt ends, so that what
// was read can still be judged; the second one ends the process at once. The
// caller calls done when there is nothing more to stop.
func (a *app) interruptible(ctx context.Context) (_ context.Context, done func()) {
	if a.Interrupts == nil {
		return ctx, func() {}
	}
	signals, restore := a.Interrupts()
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		select {
		case <-over:
			return
		case <-signals:
			cancel()
			if !a.quiet {
				fmt.Fprintln(a.Stderr, "interrupted: judging what was read; a second interrupt ends at once")
			}
		}
		select {
		case <-over:
		case <-signals:
			a.Abort(exitAborted)
		}
	}()
	return ctx, func() { close(over); restore(); cancel() }
}
