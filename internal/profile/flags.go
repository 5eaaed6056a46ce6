package profile

import (
	"fmt"
	"strings"
)

// Flags are the trust flags of the command line, as typed.
type Flags struct {
	Accounts   []string // --trust
	Orgs       []string // --trust-org
	Units      []string // --trust-ou
	Principals []string // --trust-principal: ARNs and service names
	Networks   []string // --trust-network: address ranges, VPCs and endpoints
}

// Add puts the flags' entries behind those of the file. The error names the
// flag and says what to write.
func (t *Trust) Add(f Flags) error {
	for _, list := range []struct {
		flag   string
		values []string
		into   func(string) (Kind, *[]Entry)
	}{
		{"--trust", f.Accounts, func(string) (Kind, *[]Entry) { return AccountKind, &t.Accounts }},
		{"--trust-org", f.Orgs, func(string) (Kind, *[]Entry) { return OrganizationKind, &t.Organizations }},
		{"--trust-ou", f.Units, func(string) (Kind, *[]Entry) { return UnitKind, &t.Units }},
		{"--trust-principal", f.Principals, t.principalOrService},
		{"--trust-network", f.Networks, func(s string) (Kind, *[]Entry) { return networkKind(s), &t.Networks }},
	} {
		for _, value := range list.values {
			kind, into := list.into(value)
			if err := checkValue(kind, value); err != nil {
				return fmt.Errorf("%s: %w", list.flag, err)
			}
			*into = append(*into, Entry{Value: value, Kind: kind})
		}
	}
	return nil
}

// principalOrService tells service names, which alone have dots and neither
// colons nor wildcards, from everything else.
func (t *Trust) principalOrService(s string) (Kind, *[]Entry) {
	if strings.Contains(s, ".") && !strings.ContainsAny(s, ":*?/") {
		return ServiceKind, &t.Services
	}
	return PrincipalKind, &t.Principals
}

func networkKind(s string) Kind {
	switch {
	case strings.HasPrefix(s, "vpc-"):
		return VPCKind
	case strings.HasPrefix(s, "vpce-"):
		return EndpointKind
	}
	return CIDRKind
}
