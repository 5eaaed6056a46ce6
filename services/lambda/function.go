// Package lambda holds the nouns of AWS Lambda: what a function is, and the
// facets that its parts are read by.
package lambda

import (
	"strings"
	"time"

	"surety/internal/resource"
)

// FunctionType is the type of [Function].
const FunctionType resource.Type = "lambda.function"

// Latest is the qualifier of the unpublished version.
const Latest = "$LATEST"

// Function is one Lambda function with all its versions and aliases.
type Function struct {
	ARN       string            `json:"arn"` // unqualified
	Name      string            `json:"name"`
	Account   resource.Account  `json:"account"`
	Region    resource.Region   `json:"region"`
	MasterARN string            `json:"master_arn,omitempty"` // set on a Lambda@Edge replica
	Versions  []Version         `json:"versions"`             // $LATEST first, then by number
	Aliases   []Alias           `json:"aliases,omitempty"`    // by name
	Policies  []Policy          `json:"policies,omitempty"`   // by qualifier, "" first; only those that exist
	URLs      []URL             `json:"urls,omitempty"`       // by qualifier
	Tags      map[string]string `json:"tags,omitempty"`       // nil where not read
}

// Version is $LATEST or one published version, which keeps the role and
// configuration that it was published with.
type Version struct {
	Qualifier    string     `json:"qualifier"` // $LATEST or a number
	Role         string     `json:"role"`      // ARN of the execution role
	Runtime      string     `json:"runtime,omitempty"`
	PackageType  string     `json:"package_type,omitempty"`  // Zip or Image
	LastModified string     `json:"last_modified,omitempty"` // as AWS writes it
	RevisionID   string     `json:"revision_id,omitempty"`
	Variables    []Variable `json:"variables,omitempty"` // by name
	// VariablesError is the code that AWS gave instead of the variables, such as
	// a refused decryption; "" when they were read.
	VariablesError string `json:"variables_error,omitempty"`
}

// Variable is an environment variable without its value.
type Variable struct {
	Name        string `json:"name"`
	Length      int    `json:"length"`      // of the value, in bytes
	Kind        string `json:"kind"`        // what the value looks like: see services/lambda/collect
	Fingerprint string `json:"fingerprint"` // keyed, so that equal values can be told within one scan and nothing else
}

// Alias is a name for a version, or for two by weight.
type Alias struct {
	Name     string   `json:"name"`
	Versions []string `json:"versions"` // the main version first
}

// Policy is one resource policy as the service returned it.
type Policy struct {
	Qualifier  string `json:"qualifier"` // alias or version; "" is the function itself
	Text       string `json:"text"`
	RevisionID string `json:"revision_id,omitempty"`
	// Recorded is when AWS Config captured it, where it was taken from there; zero
	// where Lambda itself returned it during the scan.
	Recorded time.Time `json:"recorded,omitzero"`
}

// URL is a function URL of the function ("") or of an alias.
type URL struct {
	Qualifier string `json:"qualifier"`
	AuthType  string `json:"auth_type"` // AWS_IAM or NONE
	URL       string `json:"url"`
}

// Ref implements [resource.Resource].
func (f *Function) Ref() resource.Ref {
	return resource.Ref{ID: resource.ID(f.ARN), Type: FunctionType, Account: f.Account, Region: f.Region, Name: f.Name, Tags: f.Tags}
}

// Share lets the name, the account and the region be parts of the ARN that holds
// them, instead of texts of their own in memory. They say the same.
func (f *Function) Share() {
	if parts := strings.SplitN(f.ARN, ":", 8); len(parts) == 7 {
		f.Region = shared(f.Region, parts[3])
		f.Account = shared(f.Account, parts[4])
		f.Name = shared(f.Name, parts[6])
	}
}

// shared returns the one in memory for the other where they are equal.
func shared[T ~string](text T, held string) T {
	if string(text) == held {
		return T(held)
	}
	return text
}

// Replica reports whether f is a Lambda@Edge replica of a function that lives
// in us-east-1.
func (f *Function) Replica() bool { return f.MasterARN != "" }

// Unqualified strips a trailing version or alias from a function's ARN.
func Unqualified(arn string) string {
	if parts := strings.SplitN(arn, ":", 8); len(parts) == 8 {
		return strings.Join(parts[:7], ":")
	}
	return arn
}
