package policy

// CallerType tells the three kinds of caller apart.
type CallerType string

// The kinds of caller. The zero CallerType is no caller and matches no principal.
const (
	IAMCaller       CallerType = "iam"
	AnonymousCaller CallerType = "anonymous"
	ServiceCaller   CallerType = "service"
)

// Caller is who makes a request. It decides Principal and NotPrincipal and
// nothing else: no condition key is derived from it.
type Caller struct {
	Type    CallerType
	Account string // IAM only: 12 digits
	ARN     string // IAM only: root, user, role or federated user
	Session string // IAM only: session ARN; "" where there is none
	Service string // service only: "s3.amazonaws.com"
}

// Value is what a request carries under one condition key: one text, or a list.
// A key with an empty list is absent.
type Value struct {
	Texts []string
	List  bool // the key is multi-valued; as a variable it has no text
}

// Context holds the condition keys of a request under their lower-case names.
// A key that is not there is absent.
type Context map[string]Value

// Request is one call: the question that [Evaluate] answers.
type Request struct {
	Caller   Caller
	Action   string
	Resource string
	Context  Context
}

// Text is a Value of one text.
func Text(s string) Value { return Value{Texts: []string{s}} }

// List is a Value of many texts.
func List(texts ...string) Value { return Value{Texts: texts, List: true} }
