package profile

// Flags are the trust flags of the command line, as typed.
type Flags struct {
	Accounts   []string // --trust
	Orgs       []string // --trust-org
	Units      []string // --trust-ou
	Principals []string // --trust-principal: ARNs and service names
	Networks   []string // --trust-network: address ranges, VPCs and endpoints
}

// Add puts the flags' entries behind those of the file. The error names the
// flag.
func (t *Trust) Add(f Flags) error { return nil }
