package profile

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// The shapes of what a trust zone names. Sources: the Organizations API
// reference (ids of organisations, roots and units), the EC2 reference (ids of
// 8 or 17 digits), the IAM user guide (principals, ARNs).
var (
	accountForm      = regexp.MustCompile(`^[0-9]{12}$`)
	organizationForm = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	unitForm         = regexp.MustCompile(`^o-[a-z0-9]{10,32}/r-[a-z0-9]{4,32}/(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}/)*$`)
	rootForm         = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:root$`)
	principalForm    = regexp.MustCompile(`^arn:aws[a-z-]*:(iam::[0-9]{12}:(role|user)/([!-~]*/)?[\w+=,.@-]{1,64}|sts::[0-9]{12}:assumed-role/[\w+=,.@-]{1,64}/[\w+=,.@-]{2,64}|sts::[0-9]{12}:federated-user/[\w+=,.@-]{2,32})$`)
	serviceForm      = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+(amazonaws\.com|amazonaws\.com\.cn|amazon\.com|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|csp\.hci\.ic\.gov|cloud\.adc-e\.uk)$`)
	vpcForm          = regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`)
	endpointForm     = regexp.MustCompile(`^vpce-([0-9a-f]{8}|[0-9a-f]{17})$`)
)

// checkValue refuses a value that could not be one of its kind; the error says
// what to write.
func checkValue(kind Kind, s string) error {
	switch kind {
	case AccountKind:
		return form(accountForm, s, "account", "its 12 digits")
	case OrganizationKind:
		return form(organizationForm, s, "organization", "its id, such as o-a1b2c3d4e5")
	case UnitKind:
		return form(unitForm, s, "organizational unit", "its path, such as o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/, with the slash at the end")
	case PrincipalKind:
		return checkPrincipal(s)
	case ServiceKind:
		return form(serviceForm, s, "service", "its principal, such as s3.amazonaws.com")
	case CIDRKind:
		return checkCIDR(s)
	case VPCKind:
		return form(vpcForm, s, "VPC", "its id, such as vpc-0a1b2c3d")
	case EndpointKind:
		return form(endpointForm, s, "VPC endpoint", "its id, such as vpce-0a1b2c3d")
	}
	return nil
}

func form(shape *regexp.Regexp, s, what, write string) error {
	if shape.MatchString(s) {
		return nil
	}
	return fmt.Errorf("%q is no %s: write %s", s, what, write)
}

func checkPrincipal(s string) error {
	switch {
	case accountForm.MatchString(s) || rootForm.MatchString(s):
		return fmt.Errorf("%q is a whole account: list it under accounts (--trust)", s)
	case strings.ContainsAny(s, "*?"):
		return fmt.Errorf("%q has a wildcard: a principal is one role, user or session; list whole accounts under accounts (--trust)", s)
	}
	return form(principalForm, s, "principal", "the ARN of a role, a user or one session")
}

func checkCIDR(s string) error {
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return fmt.Errorf("%q is no address range: write one such as 203.0.113.0/24 (one address is /32 or /128)", s)
	}
	if prefix.Bits() == 0 {
		return fmt.Errorf("%q is every address and would trust everybody: name a network of yours", s)
	}
	if prefix != prefix.Masked() {
		return fmt.Errorf("%q has bits set behind its length: write %s", s, prefix.Masked())
	}
	return nil
}
