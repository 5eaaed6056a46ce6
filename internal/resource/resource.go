// Package resource names things: what a resource is, which part of it one read
// fills, and what could not be read. Every other package speaks in these words.
package resource

import "strings"

// ID names one resource for good. For most it is the ARN; for a Lambda function
// the ARN without qualifier.
type ID string

// Type is a kind of resource, "service.noun".
type Type string

// The types that exist without any service: what a gap hangs on when nothing
// smaller is known.
const (
	AccountType Type = "aws.account"
	RegionType  Type = "aws.region"
)

// Account is 12 digits.
type Account string

// Valid tells an account from any other text.
func (a Account) Valid() bool {
	return len(a) == 12 && strings.Trim(string(a), "0123456789") == ""
}

// Region is a region's code, such as "us-east-1"; "" for what is global.
type Region string

// Facet is the part of a resource that one read fills, named by the IAM action
// that the read needs.
type Facet string

// Ref is what every resource can say of itself.
type Ref struct {
	ID      ID                `json:"id"`
	Type    Type              `json:"type"`
	Account Account           `json:"account"`
	Region  Region            `json:"region"`
	Name    string            `json:"name"`
	Tags    map[string]string `json:"tags"` // nil where tags were not read
}

// Resource is one thing that a scan saw. Implementations are plain structs in
// services/SVC, written to a snapshot as JSON, and read-only once collected.
type Resource interface {
	Ref() Ref
}

// Kind tells the inventory how to make an empty resource of a type, so that a
// snapshot can be read back.
type Kind struct {
	Type Type
	New  func() Resource
}
