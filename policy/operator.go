package policy

// Comparison is the test that an operator makes, without its qualifiers and
// without its negation: StringNotLike is [StringLike], negated.
type Comparison uint8

// The comparisons of the policy language.
const (
	StringEquals Comparison = iota + 1
	StringEqualsIgnoreCase
	StringLike
	ArnLike // ArnEquals is the same test
	NumericEquals
	NumericLessThan
	NumericLessThanEquals
	NumericGreaterThan
	NumericGreaterThanEquals
	DateEquals
	DateLessThan
	DateLessThanEquals
	DateGreaterThan
	DateGreaterThanEquals
	Bool
	BinaryEquals
	IPAddress
	Null
)

// SetOperator says how a test reads a key of many values.
type SetOperator uint8

// The set operators. Without one, a positive test needs one value that matches
// and a negated test needs that none does.
const (
	NoSet SetOperator = iota
	ForAnyValue
	ForAllValues
)

// Operator is a condition operator, such as ForAnyValue:StringNotLikeIfExists.
type Operator struct {
	Set        SetOperator
	Comparison Comparison
	Negated    bool
	IfExists   bool
	// Equals tells ArnEquals from ArnLike for the printer; they test alike.
	Equals bool
}
