//go:build race

package prove_test

// stride is how many documents apart those are that are tried of a long list:
// the race detector makes each ten times slower, and looks for something else.
const stride = 11
