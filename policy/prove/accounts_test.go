package prove

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// An account set accepts its accounts and no other, tells their digits apart, and
// completes any beginning to an account outside where there is one.
func TestAccountSetsAgreeWithALists(t *testing.T) {
	t.Parallel()
	account := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("22223333%04d", rapid.SampledFrom([]int{0, 1, 2, 9, 10, 19, 990, 999, 4000, 4444, 9990, 9999}).Draw(t, "account"))
	})
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SliceOfN(account, 0, 6).Draw(t, "zone")
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 999), 0, 2).Draw(t, "tens") {
			for d := range 10 {
				zone = append(zone, fmt.Sprintf("22223333%03d%d", n, d))
			}
		}
		more := rapid.SampledFrom([]string{"", "111122223333", "222233330011", "222233339998"}).Draw(t, "more")
		set := newAccountSet(newAccountTrie(zone), more)
		listed := func(text string) bool { return text == more || slices.Contains(zone, text) }
		text := account.Draw(t, "text")
		states := []int{set.start()}
		for _, r := range text {
			states = append(states, set.step(states[len(states)-1], r))
		}
		if got := set.accepts(states[12]); got != listed(text) {
			t.Fatalf("%s is accepted: %v, zone %v and %q", text, got, zone, more)
		}
		for n := range 12 {
			if states[n] == 0 {
				break
			}
			if told := slices.Contains(set.runes(states[n], nil), rune(text[n])); told != (states[n+1] != 0) {
				t.Fatalf("after %q the digit %c is told: %v", text[:n], text[n], told)
			}
			rest, ok := set.unlisted(states[n], 12-n)
			if ok && (len(rest) != 12-n || listed(text[:n]+rest)) {
				t.Fatalf("%q goes on with %q, which is listed", text[:n], rest)
			}
			open := n < 8 // no ten thousand are listed
			for i := 0; !open && i < [...]int{10_000, 1000, 100, 10}[n-8]; i++ {
				open = !listed(fmt.Sprintf("%s%0*d", text[:n], 12-n, i))
			}
			if ok != open {
				t.Fatalf("%q can leave the list: %v, want %v", text[:n], ok, open)
			}
		}
	})
}

// Prepare does its work once: the index is handed on, not made again.
func TestAPreparedIndexIsShared(t *testing.T) {
	zone := Zone{Accounts: []string{"222233334444"}}.Prepare()
	again := zone.Prepare()
	if zone.index() != again.index() || newTrust(&zone, "111122223333").index != zone.index() {
		t.Error("the index of a prepared zone is made again")
	}
}

// What is longer than an account is none.
func TestAccountSetsEndWithTheAccount(t *testing.T) {
	t.Parallel()
	set := newAccountSet(newAccountTrie([]string{"222233334444"}), "111122223333")
	for _, account := range []string{"222233334444", "111122223333"} {
		if s := feed(set, set.start(), account); !set.accepts(s) || set.step(s, '3') != 0 {
			t.Errorf("%s is no end", account)
		}
	}
}
