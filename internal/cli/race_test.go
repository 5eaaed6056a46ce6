//go:build race

package cli_test

// stride is how many calls apart those are at which the program is killed: every
// call is tried without the race detector, which makes each try ten times slower.
// It is odd, so that both ways on, back and forth, are taken.
const stride = 3
