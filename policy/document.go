package policy

// A Version is the policy language version as the document writes it. The
// empty Version means that the element is absent, which reads as
// [Version2008].
type Version string

// The two versions of the language. Only [Version2012] knows variables.
const (
	Version2008 Version = "2008-10-17"
	Version2012 Version = "2012-10-17"
)

// Document is one parsed policy. The zero Document grants nothing.
type Document struct {
	Version    Version
	ID         string // element Id; "" when absent
	Statements []Statement
}

// Variables reports whether ${…} is a variable in this document. In a document
// of the older version it is ordinary text.
func (d *Document) Variables() bool { return d.Version == Version2012 }

// Effect is what a statement does when it applies.
type Effect uint8

// The effects. The zero Effect is [Allow].
const (
	Allow Effect = iota
	Deny
)

// String returns the element's text, "Allow" or "Deny".
func (e Effect) String() string {
	if e == Deny {
		return "Deny"
	}
	return "Allow"
}

// Statement is one statement. It applies to a request when its principals,
// actions, resources and every condition match.
type Statement struct {
	Sid        string // "" when absent
	Effect     Effect
	Principals Principals
	Actions    Patterns // matched without regard to ASCII case
	Resources  Patterns // matched as ARNs, with regard to case
	Conditions []Condition

	// Void marks a statement that never applies: a Deny that [ParseStored]
	// could not read in full. [Parse] never sets it.
	Void bool
}

// Principals is a Principal or NotPrincipal element, entries in document order.
type Principals struct {
	Negated bool // the element is NotPrincipal
	Entries []Principal
}

// PrincipalKind tells the forms of a principal apart.
type PrincipalKind uint8

// The forms that a resource policy may hold.
const (
	// Everyone is the bare "*".
	Everyone PrincipalKind = iota + 1
	// EveryAWS is {"AWS": "*"}. It reads as [Everyone], except that a service
	// is not among a Deny's principals, nor in an Allow's NotPrincipal, by it.
	EveryAWS
	// AccountPrincipal is 12 digits or a root ARN: every identity of the account.
	AccountPrincipal
	// ARNPrincipal is any other IAM or STS ARN: a role with its sessions, a
	// user, one session.
	ARNPrincipal
	// UniqueID is what is left of a deleted user or role (AIDA…, AROA…): nobody.
	UniqueID
	// ServicePrincipal is an AWS service.
	ServicePrincipal
)

// Principal is one entry of a Principals element.
type Principal struct {
	Kind PrincipalKind
	// Text is the entry as written: "*", an account id, an ARN, a unique id or
	// a service name. A JSON number of 12 digits is its digits.
	Text string
	// Partition is the partition of an ARN; "" for every other form, which
	// holds in any partition.
	Partition string
	// Account is the account of [AccountPrincipal] and [ARNPrincipal].
	Account string
}

// Patterns is an Action, NotAction, Resource or NotResource element.
type Patterns struct {
	Negated bool     // the element is NotAction or NotResource
	Texts   []string // as written, in document order
}

// Condition is one key under one operator: the values are alternatives.
type Condition struct {
	Operator Operator
	Key      string   // as written; compared without regard to ASCII case
	Values   []string // as written; JSON booleans and numbers as their text
}
