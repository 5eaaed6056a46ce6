package awssim

import (
	"slices"
	"sync"
	"time"
)

// Calls names the calls that a count is about. Empty fields match all.
type Calls struct {
	Caller  string // label
	Account string
	Region  string
	Bucket  string
	API     string // "GetPolicy"
}

func (c Calls) matches(k Calls) bool {
	return (c.Caller == "" || c.Caller == k.Caller) && (c.Account == "" || c.Account == k.Account) &&
		(c.Region == "" || c.Region == k.Region) && (c.Bucket == "" || c.Bucket == k.Bucket) && (c.API == "" || c.API == k.API)
}

// meter counts what arrives and holds the buckets.
type meter struct {
	mu      sync.Mutex
	buckets map[Calls]*tokens // by account, region, bucket
	series  map[Calls]*series // by all five
}

type series struct {
	at        []int64 // when each call arrived, throttled or not, ns since 1970
	throttled int
}

// admit counts a call and draws its token.
func (m *meter) admit(now time.Time, k Calls, q Quota) (ok bool, wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.series[k]
	if s == nil {
		s = &series{}
		m.series[k] = s
	}
	s.at = append(s.at, now.UnixNano())
	place := Calls{Account: k.Account, Region: k.Region, Bucket: k.Bucket}
	t := m.buckets[place]
	if t == nil {
		t = &tokens{}
		m.buckets[place] = t
	}
	if ok, wait = t.take(now, q); !ok {
		s.throttled++
	}
	return ok, wait
}

// Count is the number of calls that arrived, throttled or not.
func (s *Sim) Count(of Calls) int {
	n := 0
	s.meter.each(of, func(_ Calls, one *series) { n += len(one.at) })
	return n
}

// Throttled is the number of calls that were over the quota. Throttles that a
// fault made are not among them.
func (s *Sim) Throttled(of Calls) int {
	n := 0
	s.meter.each(of, func(_ Calls, one *series) { n += one.throttled })
	return n
}

// CountByAPI is Count for each API that was called.
func (s *Sim) CountByAPI(of Calls) map[string]int {
	out := map[string]int{}
	s.meter.each(of, func(k Calls, one *series) { out[k.API] += len(one.at) })
	return out
}

// Peak is the largest number of calls that arrived within any window of that length.
func (s *Sim) Peak(of Calls, window time.Duration) int {
	at := s.meter.arrivals(of)
	peak, first := 0, 0
	for i := range at {
		for at[i]-at[first] >= int64(window) {
			first++
		}
		peak = max(peak, i-first+1)
	}
	return peak
}

// NeededBurst is the smallest burst with which a bucket of that rate (calls a
// second) would have let every one of the calls through. A caller that keeps to
// a share of a quota never needs more than the burst it allows itself, over any
// window whatever its length. Name one account, region and bucket: the buckets
// of different places do not add up.
func (s *Sim) NeededBurst(of Calls, rate float64) float64 {
	at := s.meter.arrivals(of)
	level, need := 0.0, 0.0
	for i := range at {
		if i > 0 {
			level = max(0, level-float64(at[i]-at[i-1])/1e9*rate)
		}
		level++
		need = max(need, level)
	}
	return need
}

func (m *meter) each(of Calls, do func(Calls, *series)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, one := range m.series {
		if of.matches(k) {
			do(k, one)
		}
	}
}

func (m *meter) arrivals(of Calls) []int64 {
	var at []int64
	m.each(of, func(_ Calls, one *series) { at = append(at, one.at...) })
	slices.Sort(at)
	return at
}
