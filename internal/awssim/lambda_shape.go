package awssim

import "cmp"

// configurationShape is FunctionConfiguration on the wire. Lists leave out the
// members after ConfigSha256 that single reads have.
type configurationShape struct {
	FunctionName  string
	FunctionArn   string
	Runtime       string `json:",omitempty"`
	Role          string
	Handler       string `json:",omitempty"`
	CodeSize      int
	Description   string
	Timeout       int
	MemorySize    int
	LastModified  string
	CodeSha256    string
	Version       string
	Environment   *environmentShape `json:",omitempty"`
	KMSKeyArn     string            `json:",omitempty"`
	TracingConfig struct{ Mode string }
	MasterArn     string `json:",omitempty"`
	RevisionId    string
	Layers        []layerShape `json:",omitempty"`
	PackageType   string
	Architectures []string
	LoggingConfig struct{ LogFormat, LogGroup string }
	ConfigSha256  string

	VpcConfig         *vpcShape         `json:",omitempty"`
	DeadLetterConfig  *deadLetterShape  `json:",omitempty"`
	FileSystemConfigs []fileSystemShape `json:",omitempty"`
	DurableConfig     *struct{}         `json:",omitempty"`

	State            string `json:",omitempty"`
	LastUpdateStatus string `json:",omitempty"`

	LastUpdateStatusReason, LastUpdateStatusReasonCode string `json:",omitempty"`
}

type environmentShape struct{ Variables map[string]string }

type vpcShape struct{ SubnetIds, SecurityGroupIds []string }

type deadLetterShape struct{ TargetArn string }

type fileSystemShape struct{ Arn, LocalMountPath string }

type layerShape struct {
	Arn      string
	CodeSize int
}

// shape writes one version. The ARN ends in the version where the call asks for
// versions; a list of functions alone names them without.
func (c *call) shape(f *Function, v *Configuration, qualified bool) configurationShape {
	arn := functionARN(c.account, c.region, f.Name)
	out := configurationShape{FunctionName: f.Name, FunctionArn: arn, Runtime: v.Runtime, Role: v.Role, Handler: v.Handler,
		CodeSize: 1024, Description: v.Description, Timeout: v.Timeout, MemorySize: v.MemorySize, LastModified: v.LastModified,
		CodeSha256: codeHash(arn, v), Version: cmp.Or(v.Version, Latest), KMSKeyArn: v.KMSKeyArn, MasterArn: v.MasterArn,
		RevisionId: v.RevisionID, PackageType: v.PackageType, Architectures: v.Architectures, ConfigSha256: digest(v.RevisionID)}
	if qualified {
		out.FunctionArn += ":" + out.Version
	}
	out.TracingConfig.Mode = v.Tracing
	out.LoggingConfig.LogFormat, out.LoggingConfig.LogGroup = "Text", cmp.Or(v.LogGroup, "/aws/lambda/"+f.Name)
	if len(v.Subnets) > 0 {
		out.VpcConfig = &vpcShape{v.Subnets, []string{"sg-0a1b2c3d"}}
	}
	if v.DeadLetters != "" {
		out.DeadLetterConfig = &deadLetterShape{v.DeadLetters}
	}
	for _, arn := range v.FileSystems {
		out.FileSystemConfigs = append(out.FileSystemConfigs, fileSystemShape{arn, "/mnt/files"})
	}
	if v.Durable {
		out.DurableConfig = &struct{}{}
	}
	if v.Environment != nil {
		out.Environment = &environmentShape{v.Environment}
	}
	for _, l := range v.Layers {
		out.Layers = append(out.Layers, layerShape{l, 2048})
	}
	return out
}

// codeHash is what the hash of a version's package looks like.
func codeHash(arn string, v *Configuration) string { return digest(arn + v.Code)[:44] }

// single writes one version as a read of its own does: with its state.
func (c *call) single(f *Function, v *Configuration) configurationShape {
	out := c.shape(f, v, c.qualifier != "")
	if c.qualifier != "" {
		out.FunctionArn = functionARN(c.account, c.region, f.Name) + ":" + c.qualifier
	}
	out.State, out.LastUpdateStatus = "Active", "Successful"
	if c.at.Before(v.published.Add(c.account.PublishDelay)) {
		out.State = "Pending"
	}
	switch {
	case c.updating(v):
		out.LastUpdateStatus = "InProgress"
	case v.UpdateFails != "" && !v.updated.IsZero():
		out.LastUpdateStatus, out.LastUpdateStatusReasonCode = "Failed", v.UpdateFails
		out.LastUpdateStatusReason = "The update could not be completed."
	}
	return out
}

// updating reports whether an update of a version's configuration still goes on.
func (c *call) updating(v *Configuration) bool {
	return c.at.Before(v.updated.Add(c.account.UpdateDelay))
}
