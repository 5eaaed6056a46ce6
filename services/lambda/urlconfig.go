package lambda

// URLConfig is a function URL as it is configured, in the spelling of the API.
// Source: Lambda API reference, GetFunctionUrlConfig.
type URLConfig struct {
	AuthType   string // AWS_IAM or NONE
	InvokeMode string `json:",omitempty"` // BUFFERED or RESPONSE_STREAM
	Cors       *Cors  `json:",omitempty"` // nil where none was set
}

// Cors says which pages of other origins may call a URL; what is empty is not set.
type Cors struct {
	AllowCredentials *bool    `json:",omitempty"`
	AllowHeaders     []string `json:",omitempty"`
	AllowMethods     []string `json:",omitempty"`
	AllowOrigins     []string `json:",omitempty"`
	ExposeHeaders    []string `json:",omitempty"`
	MaxAge           *int32   `json:",omitempty"` // seconds
}

// The authentications of function URLs.
const (
	AuthNone = "NONE"    // nobody is asked who they are
	AuthIAM  = "AWS_IAM" // callers sign their requests
)
