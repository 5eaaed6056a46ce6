package prove

// Zone is the trust zone: whose access is expected. The owner of the function
// is always trusted. The zero Zone trusts nobody else.
//
// A request is trusted when its caller is an IAM caller whose account,
// organisation, unit or ARN is listed; a service that is listed, or that acts
// for a listed account or organisation; or when it comes from a listed network.
type Zone struct {
	Accounts      []string // 12 digits
	Organizations []string // o-…
	Units         []string // organisation paths "o-…/r-…/ou-…/": the unit and all below it
	Principals    []string // ARNs of a role (with its sessions), a user or one session
	Services      []string // service principals
	Networks      Networks
}

// Networks lists the networks of a trust zone.
type Networks struct {
	CIDRs     []string // address ranges
	VPCs      []string // vpc-…
	Endpoints []string // vpce-…
}
