package collect

import "container/heap"

// queued is a call that waits in its lane.
type queued struct {
	Call
	turn  int // the order of arrival
	again int // how often it was put back after throttles
}

// line holds waiting calls, the next one first.
type line struct{ calls []queued }

func (l *line) Len() int { return len(l.calls) }

func (l *line) Less(i, j int) bool {
	a, b := &l.calls[i], &l.calls[j]
	if a.Order != b.Order {
		return a.Order < b.Order
	}
	if a.Rank != b.Rank {
		return a.Rank < b.Rank
	}
	return a.turn < b.turn
}

func (l *line) Swap(i, j int) { l.calls[i], l.calls[j] = l.calls[j], l.calls[i] }

// Push implements [heap.Interface].
func (l *line) Push(x any) { l.calls = append(l.calls, x.(queued)) }

// Pop implements [heap.Interface].
func (l *line) Pop() any {
	last := l.calls[len(l.calls)-1]
	l.calls[len(l.calls)-1] = queued{}
	l.calls = l.calls[:len(l.calls)-1]
	return last
}

func (l *line) put(q queued) { heap.Push(l, q) }

func (l *line) take() queued { return heap.Pop(l).(queued) }
