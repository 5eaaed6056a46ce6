//go:build !race

package cli_test

// stride is how many calls apart those are at which the program is killed.
const stride = 1
