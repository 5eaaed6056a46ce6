package resource

import (
	"fmt"
	"strings"
)

// Pattern is an ARN in which "*" stands for any run of characters and "?" for
// one, inside their segment; the sixth segment keeps its colons. Case counts,
// as it does in ARNs. The zero Pattern matches nothing.
type Pattern struct{ segments []string }

// ParsePattern reads a pattern; it must have the six segments of an ARN and
// begin with "arn".
func ParsePattern(s string) (Pattern, error) {
	segments := strings.SplitN(s, ":", 6)
	if len(segments) < 6 || segments[0] != "arn" || segments[5] == "" {
		return Pattern{}, fmt.Errorf("%q is no ARN pattern: write one like arn:aws:lambda:*:*:function:name-*", s)
	}
	return Pattern{segments: segments}, nil
}

// Match reports whether the pattern matches an ARN.
func (p Pattern) Match(arn string) bool {
	if len(p.segments) == 0 {
		return false
	}
	for i, pattern := range p.segments {
		segment := arn
		if i < len(p.segments)-1 {
			var found bool
			if segment, arn, found = strings.Cut(arn, ":"); !found {
				return false
			}
		}
		if !wild(pattern, segment) {
			return false
		}
	}
	return true
}

// wild matches one segment. After a star it only ever goes back to the latest
// star, so the cost is at most the product of the lengths.
func wild(pattern, s string) bool {
	star, from := -1, 0
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			from++
			p, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
