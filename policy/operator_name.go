package policy

import "surety/policy/internal/glob"

// The qualifiers around the name of a test.
const (
	prefixAny      = "ForAnyValue:"
	prefixAll      = "ForAllValues:"
	suffixIfExists = "IfExists"
)

type namedOperator struct {
	name     string
	operator Operator
}

// namedOperators are the tests by their names.
// Source: IAM User Guide, condition operators.
func namedOperators() [27]namedOperator {
	return [...]namedOperator{
		{"StringEquals", Operator{Comparison: StringEquals}},
		{"StringNotEquals", Operator{Comparison: StringEquals, Negated: true}},
		{"StringEqualsIgnoreCase", Operator{Comparison: StringEqualsIgnoreCase}},
		{"StringNotEqualsIgnoreCase", Operator{Comparison: StringEqualsIgnoreCase, Negated: true}},
		{"StringLike", Operator{Comparison: StringLike}},
		{"StringNotLike", Operator{Comparison: StringLike, Negated: true}},
		{"ArnEquals", Operator{Comparison: ArnLike, Equals: true}},
		{"ArnNotEquals", Operator{Comparison: ArnLike, Equals: true, Negated: true}},
		{"ArnLike", Operator{Comparison: ArnLike}},
		{"ArnNotLike", Operator{Comparison: ArnLike, Negated: true}},
		{"NumericEquals", Operator{Comparison: NumericEquals}},
		{"NumericNotEquals", Operator{Comparison: NumericEquals, Negated: true}},
		{"NumericLessThan", Operator{Comparison: NumericLessThan}},
		{"NumericLessThanEquals", Operator{Comparison: NumericLessThanEquals}},
		{"NumericGreaterThan", Operator{Comparison: NumericGreaterThan}},
		{"NumericGreaterThanEquals", Operator{Comparison: NumericGreaterThanEquals}},
		{"DateEquals", Operator{Comparison: DateEquals}},
		{"DateNotEquals", Operator{Comparison: DateEquals, Negated: true}},
		{"DateLessThan", Operator{Comparison: DateLessThan}},
		{"DateLessThanEquals", Operator{Comparison: DateLessThanEquals}},
		{"DateGreaterThan", Operator{Comparison: DateGreaterThan}},
		{"DateGreaterThanEquals", Operator{Comparison: DateGreaterThanEquals}},
		{"Bool", Operator{Comparison: Bool}},
		{"BinaryEquals", Operator{Comparison: BinaryEquals}},
		{"IpAddress", Operator{Comparison: IPAddress}},
		{"NotIpAddress", Operator{Comparison: IPAddress, Negated: true}},
		{"Null", Operator{Comparison: Null}},
	}
}

// String returns the operator as a policy writes it. An Operator that no
// policy can write, the zero Operator among them, is "".
func (o Operator) String() string {
	if o.Comparison == Null && (o.IfExists || o.Set != NoSet) {
		return ""
	}
	bare := Operator{Comparison: o.Comparison, Negated: o.Negated, Equals: o.Equals}
	for _, n := range namedOperators() {
		if n.operator != bare {
			continue
		}
		name := n.name
		switch o.Set {
		case ForAnyValue:
			name = prefixAny + name
		case ForAllValues:
			name = prefixAll + name
		}
		if o.IfExists {
			name += suffixIfExists
		}
		return name
	}
	return ""
}

// ParseOperator reads the name of an operator without regard to ASCII case. It
// is false for a name that no policy may hold, such as NullIfExists.
func ParseOperator(name string) (Operator, bool) {
	var set SetOperator
	if rest, ok := cutFoldPrefix(name, prefixAny); ok {
		name, set = rest, ForAnyValue
	} else if rest, ok := cutFoldPrefix(name, prefixAll); ok {
		name, set = rest, ForAllValues
	}
	name, ifExists := cutFoldSuffix(name, suffixIfExists)
	for _, n := range namedOperators() {
		if !equalFold(n.name, name) {
			continue
		}
		o := n.operator
		if o.Comparison == Null && (set != NoSet || ifExists) {
			break
		}
		o.Set, o.IfExists = set, ifExists
		return o, true
	}
	return Operator{}, false
}

// equalFold compares without regard to ASCII case.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if glob.Fold(rune(a[i])) != glob.Fold(rune(b[i])) {
			return false
		}
	}
	return true
}

func cutFoldPrefix(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !equalFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func cutFoldSuffix(s, suffix string) (string, bool) {
	i := len(s) - len(suffix)
	if i < 0 || !equalFold(s[i:], suffix) {
		return s, false
	}
	return s[:i], true
}
