package iam

import (
	"strings"
	"unicode/utf8"
)

// Texts of policies may hold * for any characters and ? for one. The comparisons
// here are of two such texts; each doc comment says which of its answers is
// certain.

// inside reports whether every text that pattern takes in is taken in by of as
// well. True is certain: what stands for wildcards of pattern is met by a star of
// of, never guessed at.
func inside(pattern, of string) bool {
	star, mark, i, j := -1, 0, 0, 0
	for i < len(pattern) {
		switch {
		case j < len(of) && of[j] == '*':
			star, mark = j, i
			j++
		case j < len(of) && (of[j] == pattern[i] || of[j] == '?' && pattern[i] != '*' && pattern[i] < utf8.RuneSelf):
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	return strings.Trim(of[j:], "*") == ""
}

// overlap reports whether some text is taken in by both patterns. False is certain.
func overlap(one, other string) bool {
	a, b := []rune(one), []rune(other)
	// row[j] tells whether what is left of a and b[j:] have a text in common.
	row := make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		next := row
		row = make([]bool, len(b)+1)
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a) && j == len(b):
				row[j] = true
			case i < len(a) && a[i] == '*':
				row[j] = next[j] || j < len(b) && row[j+1]
			case j < len(b) && b[j] == '*':
				row[j] = row[j+1] || i < len(a) && next[j]
			case i < len(a) && j < len(b):
				row[j] = (a[i] == b[j] || a[i] == '?' || b[j] == '?') && next[j+1]
			}
		}
	}
	return row[0]
}

// wild reports whether a text may take in more than itself.
func wild(s string, variables bool) bool {
	return strings.ContainsAny(s, "*?") || variables && strings.Contains(s, "${")
}

// loosened puts a star for every policy variable, for [overlap].
func loosened(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('*')
		_, s, _ = strings.Cut(rest, "}")
	}
}

// segments is how many parts an ARN has; colons in the last are its own.
const segments = 6

// resourceInside is [inside] for resources, which IAM compares part by part. True
// is certain.
func resourceInside(pattern, of string, variables bool) bool {
	if pattern == of || allStars(of) {
		return true
	}
	if variables && (strings.Contains(pattern, "${") || strings.Contains(of, "${")) {
		return false
	}
	one, other := strings.SplitN(pattern, ":", segments), strings.SplitN(of, ":", segments)
	if len(one) != segments || len(other) != segments {
		return false
	}
	for i := range one {
		if !inside(one[i], other[i]) {
			return false
		}
	}
	return true
}
