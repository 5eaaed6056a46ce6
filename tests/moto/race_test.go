//go:build race

package moto_test

const raced = true
