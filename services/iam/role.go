// Package iam holds the nouns of AWS Identity and Access Management.
package iam

import "surety/internal/resource"

// RoleType is the type of [Role].
const RoleType resource.Type = "iam.role"

// FacetDetails is the one read that fills a role.
const FacetDetails resource.Facet = "iam:GetAccountAuthorizationDetails"

// BucketIAM is the quota of IAM's calls in an account; AWS does not publish it.
const BucketIAM resource.Bucket = "iam"

// Role is an IAM role with all its policies.
type Role struct {
	ARN      string            `json:"arn"`
	Name     string            `json:"name"`
	Account  resource.Account  `json:"account"`
	Trust    string            `json:"trust"`              // trust policy, decoded JSON text
	Inline   []Policy          `json:"inline,omitempty"`   // by name
	Attached []Policy          `json:"attached,omitempty"` // by ARN
	Boundary string            `json:"boundary,omitempty"` // ARN of the permissions boundary
	LastUsed string            `json:"last_used,omitempty"`
	Tags     map[string]string `json:"tags,omitempty"`
}

// Policy is an inline or a managed policy of a role.
type Policy struct {
	Name string `json:"name"`
	ARN  string `json:"arn,omitempty"`  // managed only
	Text string `json:"text,omitempty"` // default version, decoded JSON text; "" where the answer held none
}

// Ref implements [resource.Resource].
func (r *Role) Ref() resource.Ref {
	return resource.Ref{ID: resource.ID(r.ARN), Type: RoleType, Account: r.Account, Name: r.Name, Tags: r.Tags}
}

// Facets returns every facet of this service.
func Facets() []resource.FacetInfo {
	return []resource.FacetInfo{
		{Facet: FacetDetails, Type: RoleType, What: "roles with trust policy, policies and boundary", Resource: "*", Bucket: BucketIAM},
	}
}
