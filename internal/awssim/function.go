package awssim

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Latest is the version that is being edited.
const Latest = "$LATEST"

// Function is a Lambda function of one account and region: $LATEST, its
// published versions, its aliases, and the policies of each.
type Function struct {
	Name          string           `yaml:"name"`
	Configuration `yaml:",inline"` // of $LATEST

	Tags     map[string]string `yaml:"tags"`
	Versions []*Configuration  `yaml:"versions"` // published; what one leaves out is as in $LATEST
	Aliases  []*Alias          `yaml:"aliases"`
	URLs     []*URL            `yaml:"urls"`
	Mappings []*Mapping        `yaml:"mappings"`

	Destinations []Destinations `yaml:"destinations"`

	// Policies holds the stored documents by qualifier: "" is the function itself,
	// then aliases and versions. A text that is no JSON is served as it is.
	Policies map[string]string `yaml:"policies"`
	// Grants are written by New as AddPermission would, after Policies.
	Grants []Grant `yaml:"grants"`

	published int // the highest number that a version ever had here; numbers are not used again
}

// Configuration is what a version freezes.
type Configuration struct {
	Version       string            `yaml:"version"` // "" is $LATEST
	Role          string            `yaml:"role"`    // an ARN, or the name of a role of the account; empty: the function's name
	Runtime       string            `yaml:"runtime"` // empty: nodejs22.x, unless PackageType is Image
	Handler       string            `yaml:"handler"`
	Description   string            `yaml:"description"`
	Code          string            `yaml:"code"`         // what the package holds: another text, another hash
	PackageType   string            `yaml:"package_type"` // Zip (empty) or Image
	Architectures []string          `yaml:"architectures"`
	MemorySize    int               `yaml:"memory"`  // MB; 0: 128
	Timeout       int               `yaml:"timeout"` // s; 0: 3
	Environment   map[string]string `yaml:"environment"`
	KMSKeyArn     string            `yaml:"kms_key"`
	Layers        []string          `yaml:"layers"` // layer version ARNs
	Tracing       string            `yaml:"tracing"`
	Subnets       []string          `yaml:"subnets"`      // of a VPC
	DeadLetters   string            `yaml:"dead_letters"` // ARN of a queue or topic
	FileSystems   []string          `yaml:"file_systems"` // ARNs of access points
	LogGroup      string            `yaml:"log_group"`    // empty: /aws/lambda/ and the name
	Durable       bool              `yaml:"durable"`
	LastModified  string            `yaml:"last_modified"` // as on the wire, "2026-03-02T08:15:00.000+0000"
	MasterArn     string            `yaml:"master"`        // of a Lambda@Edge replica
	RevisionID    string            `yaml:"revision"`      // empty: made from the name; also guards the policy

	UpdateFails string `yaml:"update_fails"` // the reason code with which an update of it ends; "": it succeeds

	published, updated time.Time // by a call; zero: the world came with it
}

// Alias points to a version.
type Alias struct {
	Name        string             `yaml:"name"`
	Version     string             `yaml:"version"`
	Description string             `yaml:"description"`
	Weights     map[string]float64 `yaml:"weights"` // of other versions, 0 to 1
	RevisionID  string             `yaml:"revision"`
}

// URL is a function URL, of $LATEST or of an alias.
type URL struct {
	Qualifier  string `yaml:"qualifier"`   // "" is the function itself
	AuthType   string `yaml:"auth_type"`   // NONE or AWS_IAM
	InvokeMode string `yaml:"invoke_mode"` // BUFFERED (empty) or RESPONSE_STREAM
	Cors       *Cors  `yaml:"cors"`
	Created    string `yaml:"created"`
	Modified   string `yaml:"modified"` // empty: when it was created
}

// Cors says which pages of other origins may call a URL.
type Cors struct {
	AllowCredentials *bool    `yaml:"allow_credentials" json:",omitempty"`
	AllowHeaders     []string `yaml:"allow_headers" json:",omitempty"`
	AllowMethods     []string `yaml:"allow_methods" json:",omitempty"`
	AllowOrigins     []string `yaml:"allow_origins" json:",omitempty"`
	ExposeHeaders    []string `yaml:"expose_headers" json:",omitempty"`
	MaxAge           *int     `yaml:"max_age" json:",omitempty"` // seconds
}

// Mapping is an event source mapping: Lambda polls the source and calls the
// function.
type Mapping struct {
	UUID      string `yaml:"uuid"`      // empty: made from function, qualifier and source
	Qualifier string `yaml:"qualifier"` // "" is the function itself
	Source    string `yaml:"source"`    // ARN of the queue or stream
	State     string `yaml:"state"`     // Enabled (empty), Disabled, …
	Secret    string `yaml:"secret"`    // ARN of what it signs in to a broker with
	OnFailure string `yaml:"on_failure"`
}

// Destinations are where asynchronous invocations of a qualifier end; at least one
// is set.
type Destinations struct {
	Qualifier string `yaml:"qualifier"` // "" is the function itself
	OnSuccess string `yaml:"on_success"`
	OnFailure string `yaml:"on_failure"`
}

// Function finds a function by name; nil when there is none. Functions must be
// in order of name, as New and Add leave them.
func (r *Region) Function(name string) *Function {
	i, found := slices.BinarySearchFunc(r.Functions, name, func(f *Function, n string) int { return strings.Compare(f.Name, n) })
	if !found {
		return nil
	}
	return r.Functions[i]
}

// Add puts functions into the region, in order of name.
func (r *Region) Add(functions ...*Function) {
	r.Functions = append(r.Functions, functions...)
	slices.SortStableFunc(r.Functions, func(a, b *Function) int { return strings.Compare(a.Name, b.Name) })
}

// version finds $LATEST, a published version or what an alias points to.
func (f *Function) version(qualifier string) *Configuration {
	if a := f.alias(qualifier); a != nil {
		qualifier = a.Version
	}
	if qualifier == "" || qualifier == Latest {
		return &f.Configuration
	}
	for _, v := range f.Versions {
		if v.Version == qualifier {
			return v
		}
	}
	return nil
}

func (f *Function) alias(name string) *Alias {
	for _, a := range f.Aliases {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// revision is where the revision of a qualifier's policy is kept: it is the one
// of the version or alias itself, so every change of either moves it. Nil when
// the function has no such qualifier.
func (f *Function) revision(qualifier string) *string {
	if a := f.alias(qualifier); a != nil {
		return &a.RevisionID
	}
	if v := f.version(qualifier); v != nil {
		return &v.RevisionID
	}
	return nil
}

// clone copies a configuration, as publishing does.
func (c *Configuration) clone() *Configuration {
	out := *c
	out.Architectures = slices.Clone(c.Architectures)
	out.Layers = slices.Clone(c.Layers)
	out.Subnets, out.FileSystems = slices.Clone(c.Subnets), slices.Clone(c.FileSystems)
	out.Environment = maps.Clone(c.Environment)
	return &out
}
