package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// flight is one call on its way, retries included. It is used by one goroutine.
type flight struct {
	clock   Clock
	limit   time.Duration // of one attempt
	pacer   *pacer        // nil: not paced
	count   *counter      // nil: not counted
	prepaid bool          // the first attempt's token is taken already
	tries   int
	last    error // of the attempt before
}

// counter counts the attempts of a run.
type counter struct{ calls, throttled atomic.Int64 }

type flightKey struct{}

func withFlight(ctx context.Context, f *flight) context.Context {
	return context.WithValue(ctx, flightKey{}, f)
}

// boarding gives a call that no run makes a flight of its own.
type boarding struct{}

func (boarding) ID() string { return "SuretyFlight" }

func (boarding) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	if _, ok := ctx.Value(flightKey{}).(*flight); !ok {
		ctx = withFlight(ctx, &flight{clock: wallClock{}, limit: DefaultCallTimeout})
	}
	return next.HandleInitialize(ctx, in)
}

// attempt stands between the SDK's retry loop and the wire: it decides when an
// attempt goes, ends it when it takes too long, and counts it.
type attempt struct {
	backoff *retry.ExponentialJitterBackoff
}

func (attempt) ID() string { return "SuretyAttempt" }

func (a attempt) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, md middleware.Metadata, err error,
) {
	f, ok := ctx.Value(flightKey{}).(*flight)
	if !ok {
		return next.HandleFinalize(ctx, in)
	}
	if err := a.depart(ctx, f); err != nil {
		return out, md, &aborted{err}
	}
	limited, cancel := f.within(ctx)
	defer cancel()
	out, md, err = next.HandleFinalize(limited, in)
	if err != nil && errors.Is(context.Cause(limited), errHang) {
		err = &hang{f.limit}
	}
	f.land(err)
	return out, md, err
}

// depart waits out the backoff of a retry and then for a token.
func (a attempt) depart(ctx context.Context, f *flight) error {
	f.tries++
	if f.tries > 1 {
		delay, err := a.backoff.BackoffDelay(f.tries-1, f.last)
		if err != nil {
			return fmt.Errorf("spacing retries: %w", err)
		}
		if err := f.clock.Sleep(ctx, delay); err != nil {
			return err
		}
	}
	if f.pacer == nil || (f.prepaid && f.tries == 1) {
		return ctx.Err()
	}
	return f.pacer.wait(ctx)
}

var errHang = errors.New("no answer in time")

// within ends the context when the attempt has had its time, by the run's clock.
func (f *flight) within(ctx context.Context) (context.Context, func()) {
	limited, cancel := context.WithCancelCause(ctx)
	go func() {
		if f.clock.Sleep(limited, f.limit) == nil {
			cancel(errHang)
		}
	}()
	return limited, func() { cancel(nil) }
}

func (f *flight) land(err error) {
	f.last = err
	if err != nil && isCredentials(err) { // it never left
		return
	}
	if f.count != nil {
		f.count.calls.Add(1)
	}
	if err == nil || !isThrottle(err) {
		return
	}
	if f.count != nil {
		f.count.throttled.Add(1)
	}
	if f.pacer != nil {
		f.pacer.throttled(retryAfter(err))
	}
}

func isThrottle(err error) bool {
	return retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}.IsErrorThrottle(err).Bool() ||
		status(err) == http.StatusTooManyRequests
}

// retryAfter is the pause that the service asks for; 0 when it asks for none.
func retryAfter(err error) time.Duration {
	var response *smithyhttp.ResponseError
	if !errors.As(err, &response) || response.Response == nil {
		return 0
	}
	seconds, err := strconv.Atoi(response.Response.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, int(longestHold/time.Second))) * time.Second
}

func status(err error) int {
	var response *smithyhttp.ResponseError
	if !errors.As(err, &response) || response.Response == nil {
		return 0
	}
	return response.HTTPStatusCode()
}

// hang is the error of an attempt that had no answer within its time.
type hang struct{ limit time.Duration }

func (h *hang) Error() string { return fmt.Sprintf("no answer within %s", h.limit) }

// CanceledError keeps the SDK from trying again: a read that hangs once would
// hold its place three times as long.
func (*hang) CanceledError() bool { return true }

// aborted is the error of an attempt that was never sent.
type aborted struct{ err error }

func (a *aborted) Error() string     { return "not sent: " + a.err.Error() }
func (a *aborted) Unwrap() error     { return a.err }
func (*aborted) CanceledError() bool { return true }
