package glob

// segments is how many parts an ARN has; the last keeps its colons.
const segments = 6

// ARN returns p read as the ARN operators read it: six segments, no wildcard
// leaving its own, the sixth keeping its colons. It is false when p is no ARN
// (fewer than six segments): then it matches nothing.
//
// A colon that a variable brought counts, so Expand comes first.
// Source: IAM User Guide, condition operators ("each of the six colon-delimited
// components of the ARN is checked separately").
func (p Pattern) ARN() (Pattern, bool) {
	bound := make(Pattern, len(p))
	colons := 0
	for i, s := range p {
		if s.Kind == Literal && s.Rune == ':' {
			colons++
		}
		s.Within = s.Within || s.Kind != Literal && colons < segments-1
		bound[i] = s
	}
	return bound, colons >= segments-1
}

// IsARN reports whether a value has the six segments of an ARN.
func IsARN(s string) bool {
	colons := 0
	for i := 0; i < len(s); i++ {
		if s[i] == ':' {
			colons++
		}
	}
	return colons >= segments-1
}

// Resource returns p read as a Resource element; false when it matches nothing.
//
// "*" alone matches everything. Else the text is an ARN, segment by segment.
// Two readings of the present guide go further, and hold only where wide is
// set: a * that ends a segment may run on over colons, and an ARN of fewer than
// six segments is filled up with *. A caller sets wide where a wider match is
// the cautious one (see docs/decisions).
// Source: IAM User Guide, Resource element, editions of 2023 and 2026.
func (p Pattern) Resource(wide bool) (Pattern, bool) {
	if len(p) == 1 && p[0].Kind == Star {
		return p, true
	}
	bound, ok := p.ARN()
	if !wide {
		return bound, ok
	}
	for i, s := range bound {
		ends := i+1 == len(bound) || bound[i+1].Kind == Literal && bound[i+1].Rune == ':'
		if s.Kind == Star && ends {
			bound[i].Within = false
		}
	}
	if !ok {
		if len(bound) == 0 {
			return nil, false
		}
		fill := Pattern{{Kind: Literal, Rune: ':'}, {Kind: Star}}
		bound = append(bound, fill...)
		// A trailing * may itself have covered the rest.
		if n := len(bound) - len(fill); bound[n-1].Kind == Star {
			bound = bound[:n]
		}
	}
	return bound, true
}

// Early reports whether a variable stands in one of the first five segments,
// where AWS's guide gives it no place.
func (t Template) Early() bool {
	colons := 0
	for _, part := range t {
		switch {
		case part.Variable:
			return colons < segments-1
		case part.Kind == Literal && part.Rune == ':':
			colons++
		}
	}
	return false
}
