package policy

import "strings"

// serviceDomain is what the names of services end in. The partition is "" where
// it is any.
type serviceDomain struct{ partition, domain string }

// serviceDomains are the domains of the partitions.
// Source: endpoint data of the AWS SDKs (dnsSuffix).
func serviceDomains() [8]serviceDomain {
	return [...]serviceDomain{
		{"", "amazonaws.com"}, {"aws-cn", "amazonaws.com.cn"}, {"aws-eusc", "amazonaws.eu"},
		{"aws-iso", "c2s.ic.gov"}, {"aws-iso-b", "sc2s.sgov.gov"}, {"aws-iso-e", "cloud.adc-e.uk"}, {"aws-iso-f", "csp.hci.ic.gov"},
		{"alexa", "amazon.com"}, // in no partition
	}
}

// ServiceDomains returns what the names of services end in that call in a
// partition, such as "amazonaws.com". Alexa's amazon.com is not among them.
func ServiceDomains(partition string) []string {
	var domains []string
	for _, d := range serviceDomains() {
		if d.partition == "" || d.partition == partition {
			domains = append(domains, d.domain)
		}
	}
	return domains
}

// IsService reports whether s has the form of a service principal: a lower-case
// DNS name of AWS with something in front of its domain, which may be that of
// any partition, or Alexa's.
func IsService(s string) bool {
	for _, d := range serviceDomains() {
		if name, ok := strings.CutSuffix(s, "."+d.domain); ok {
			return len(s) <= 253 && isName(name)
		}
	}
	return false
}

func isName(s string) bool {
	for _, label := range strings.Split(s, ".") {
		ok := label != "" && len(label) <= 63 && label[0] != '-' && label[len(label)-1] != '-' &&
			only(label, func(c byte) bool { return 'a' <= c && c <= 'z' || isDigit(c) || c == '-' })
		if !ok {
			return false
		}
	}
	return true
}
