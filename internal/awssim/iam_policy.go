package awssim

import (
	"cmp"
	"encoding/xml"
)

// managedPolicy finds the policy that a call names. AWS's own are those that the
// world holds.
func (c *call) managedPolicy() (*ManagedPolicy, error) {
	arn := c.form.Get("PolicyArn")
	for _, p := range c.account.Policies {
		if c.account.policyARN(p) == arn {
			return p, nil
		}
	}
	return nil, &failure{status: 404, code: "NoSuchEntity", message: "Policy " + arn + " does not exist or is not attachable."}
}

func (s *Sim) getManagedPolicy(c *call) (any, error) {
	p, err := c.managedPolicy()
	if err != nil {
		return nil, err
	}
	shape := c.account.managedShape(p)
	shape.PolicyVersionList = nil // of the details only
	return struct {
		XMLName xml.Name `xml:"GetPolicyResult"`
		Policy  managedShape
	}{Policy: shape}, nil
}

func (s *Sim) getManagedPolicyVersion(c *call) (any, error) {
	p, err := c.managedPolicy()
	if err != nil {
		return nil, err
	}
	if asked := c.form.Get("VersionId"); asked != cmp.Or(p.Version, "v1") {
		return nil, noEntity("policy version", asked)
	}
	return struct {
		XMLName       xml.Name `xml:"GetPolicyVersionResult"`
		PolicyVersion versionShape
	}{PolicyVersion: c.account.managedShape(p).PolicyVersionList[0]}, nil
}
