package main

import (
	"runtime"
	"testing"
)

func TestPercent(t *testing.T) {
	const mb = 1 << 20
	for live, want := range map[uint64]int{
		0: 100, 1: 100, 20 * mb: 100, 48 * mb: 100, // as much as is in use
		64 * mb: 75, 96 * mb: 50, 192 * mb: 25, // the room
		400 * mb: 12, 1000 * mb: 12, 1 << 50: 12, // the least
	} {
		if got := percent(live); got != want {
			t.Errorf("%d MB in use: %d %%, want %d %%", live/mb, got, want)
		}
	}
}

func TestLiveBytesAreKnown(t *testing.T) {
	kept := make([]byte, 1<<24)
	runtime.GC()
	if got := liveBytes(); got < 1<<24 {
		t.Errorf("%d bytes are in use beside %d that are kept", got, len(kept))
	}
	runtime.KeepAlive(kept)
}
