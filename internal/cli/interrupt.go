package cli

import (
	"context"
	"sync"
)

// interruptible returns a context that the first interrupt ends, so that what
// was read can still be judged; the second one ends the process at once. Say
// tells the user so. The caller calls done when there is nothing more to stop.
func (a *app) interruptible(ctx context.Context, say func(string)) (_ context.Context, done func()) {
	if a.Interrupts == nil {
		return ctx, func() {}
	}
	signals, restore := a.Interrupts()
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	var listening sync.WaitGroup
	listening.Go(func() {
		select {
		case <-over:
			return
		case <-signals:
			say("interrupted: judging what was read; a second interrupt ends at once")
			cancel()
		}
		select {
		case <-over:
		case <-signals:
			a.Abort(exitAborted)
		}
	})
	return ctx, func() { close(over); listening.Wait(); restore(); cancel() }
}
