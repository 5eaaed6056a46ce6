//go:build !race

package prove_test

// stride is how many documents apart those are that are tried of a long list.
const stride = 1
