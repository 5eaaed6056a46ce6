package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Garbage may take as much memory as what is in use, but no more than the larger
// of room and leastPercent of that. A scan of a small account then wastes no
// processor time on collecting, and one of a million functions little memory.
const (
	room         = 48 << 20 // bytes
	leastPercent = 12
	mostPercent  = 100
)

// percent returns at what growth garbage should be collected next while live
// bytes are in use.
func percent(live uint64) int {
	if live == 0 {
		return mostPercent
	}
	return int(max(leastPercent, min(mostPercent, room*100/live)))
}

// tend sets the growth anew after each collection, for good.
func tend() {
	set := mostPercent
	debug.SetGCPercent(set)
	var again func(struct{})
	again = func(struct{}) {
		if now := percent(liveBytes()); now != set {
			set = now
			debug.SetGCPercent(set)
		}
		runtime.AddCleanup(new([16]byte), again, struct{}{})
	}
	again(struct{}{})
}

// liveBytes is what the last collection found in use.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(sample); sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
