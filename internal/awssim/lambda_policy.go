package awssim

import (
	"encoding/json"
	"strings"
)

// largestPolicy is the quota on a resource policy, in characters.
const largestPolicy = 20480

// policyShape answers GetPolicy, GetResourcePolicy and PutResourcePolicy.
type policyShape struct {
	Policy     string
	RevisionId string
}

// getPolicy serves GetPolicy and GetResourcePolicy: one policy, two readers. A
// function without a policy and no function at all get the same answer, as on AWS.
func (s *Sim) getPolicy(c *call) (any, error) {
	f := c.here().Function(c.function)
	if f != nil {
		if text, is := f.Policies[c.policyOf()]; is {
			if revision := f.revision(c.policyOf()); revision != nil {
				return policyShape{text, *revision}, nil
			}
		}
	}
	return nil, notFound("The resource you requested does not exist.")
}

// policyOf is the qualifier under which a policy is kept.
func (c *call) policyOf() string {
	if c.qualifier == Latest {
		return ""
	}
	return c.qualifier
}

// holder finds the function and the revision that guards the policy a writer names.
func (c *call) holder() (*Function, *string, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, nil, err
	}
	if c.qualifier == Latest {
		return nil, nil, invalid("We currently do not support adding policies for $LATEST.")
	}
	revision := f.revision(c.qualifier)
	if revision == nil {
		return nil, nil, notFound("Function not found: %s:%s", functionARN(c.account, c.region, c.function), c.qualifier)
	}
	return f, revision, nil
}

// setPolicy stores a document and moves the revision; "" removes it.
func (f *Function) setPolicy(qualifier, document string) {
	if f.Policies == nil {
		f.Policies = map[string]string{}
	}
	if document == "" {
		delete(f.Policies, qualifier)
	} else {
		f.Policies[qualifier] = document
	}
	if revision := f.revision(qualifier); revision != nil {
		*revision = uuid(*revision, document)
	}
}

func (s *Sim) putResourcePolicy(c *call) (any, error) {
	var in policyShape
	if err := c.json(&in); err != nil {
		return nil, err
	}
	f, revision, err := c.holder()
	if err != nil {
		return nil, err
	}
	if in.RevisionId != "" && in.RevisionId != *revision {
		return nil, stale()
	}
	if c.updating(&f.Configuration) {
		return nil, beingUpdated(c, f)
	}
	if len(in.Policy) > largestPolicy {
		return nil, &failure{status: 400, code: "PolicyLengthExceededException", message: "The final policy size is bigger than the limit (20480)."}
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(in.Policy), &object); err != nil || object["Statement"] == nil {
		return nil, invalid("The policy is not a valid JSON policy document.")
	}
	f.setPolicy(c.policyOf(), in.Policy)
	return policyShape{in.Policy, *revision}, nil
}

func (s *Sim) deleteResourcePolicy(c *call) (any, error) {
	f, revision, err := c.holder()
	if err != nil {
		return nil, err
	}
	if _, is := f.Policies[c.policyOf()]; !is {
		return nil, notFound("The resource you requested does not exist.")
	}
	if asked := c.query.Get("RevisionId"); asked != "" && asked != *revision {
		return nil, stale()
	}
	f.setPolicy(c.policyOf(), "")
	return nil, nil
}

func (s *Sim) removePermission(c *call) (any, error) {
	f, revision, err := c.holder()
	if err != nil {
		return nil, err
	}
	text, is := f.Policies[c.policyOf()]
	if !is {
		return nil, notFound("No policy is associated with the given resource.")
	}
	if asked := c.query.Get("RevisionId"); asked != "" && asked != *revision {
		return nil, stale()
	}
	d, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	if !d.remove(c.statement) {
		return nil, notFound("Statement %s is not found in resource policy.", c.statement)
	}
	text = ""
	if len(d.Statement) > 0 {
		text = d.String()
	}
	f.setPolicy(c.policyOf(), text)
	return nil, nil
}

// resource is the ARN that a new statement grants.
func (c *Grant) resource(a *Account, region, function string) string {
	return strings.TrimSuffix(functionARN(a, region, function)+":"+c.Qualifier, ":")
}
