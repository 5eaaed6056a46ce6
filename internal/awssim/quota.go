package awssim

import "time"

// The quota buckets of Lambda's control plane, each per account and region, as
// the Lambda developer guide lists them. Calls of other services are counted
// under the service's name ("iam", "sts" …) and have no quota here.
const (
	BucketGetPolicy   = "GetPolicy"
	BucketGetFunction = "GetFunction"
	BucketOther       = "Other" // all other control-plane calls together
)

// Quota is a token bucket.
type Quota struct {
	Rate  float64 // calls a second; 0: no limit
	Burst float64 // calls at once when it is full; 0: one second's worth
}

// Quotas holds one quota for each bucket; the zero value limits nothing.
type Quotas struct {
	GetPolicy, GetFunction, Other Quota
}

// RealQuotas are AWS's: GetPolicy 15, GetFunction 100, all others 15 calls a
// second. The bursts are not published; burst is the number of calls that each
// bucket takes at once, 0 for one second's worth.
func RealQuotas(burst float64) Quotas {
	return Quotas{GetPolicy: Quota{15, burst}, GetFunction: Quota{100, burst}, Other: Quota{15, burst}}
}

func (q Quotas) of(bucket string) Quota {
	switch bucket {
	case BucketGetPolicy:
		return q.GetPolicy
	case BucketGetFunction:
		return q.GetFunction
	case BucketOther:
		return q.Other
	}
	return Quota{}
}

// bucketOf tells which quota an API draws from.
func bucketOf(service, api string) string {
	switch {
	case service != "lambda":
		return service
	case api == "GetPolicy":
		return BucketGetPolicy
	case api == "GetFunction":
		return BucketGetFunction
	}
	return BucketOther
}

// tokens is the state of one bucket; it starts full.
type tokens struct {
	left float64
	last time.Time
}

// take draws one token; otherwise it tells how long until there is one.
func (t *tokens) take(now time.Time, q Quota) (ok bool, wait time.Duration) {
	if q.Rate <= 0 {
		return true, 0
	}
	burst := q.Burst
	if burst <= 0 {
		burst = q.Rate
	}
	if t.last.IsZero() {
		t.left = burst
	} else if passed := now.Sub(t.last).Seconds(); passed > 0 {
		t.left = min(burst, t.left+passed*q.Rate)
	}
	if now.After(t.last) {
		t.last = now
	}
	if t.left < 1-rounding {
		return false, time.Duration((1 - t.left) / q.Rate * float64(time.Second))
	}
	t.left = max(0, t.left-1)
	return true, 0
}

// rounding forgives a caller who comes just in time by a clock of nanoseconds.
const rounding = 1e-6
