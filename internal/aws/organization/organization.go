// Package organization asks AWS Organizations which organisation an account is
// in and which accounts are in it.
package organization

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"surety/internal/collect"
	"surety/internal/resource"
)

// The facets of the account that this package reads.
const (
	FacetDescribe resource.Facet = "organizations:DescribeOrganization"
	FacetAccounts resource.Facet = "organizations:ListAccounts"
)

// Describe returns the id of the organisation that the account is in; "" when
// it is in none. Every account of an organisation may ask. A gap says why it is
// not known.
func Describe(ctx context.Context, cfg aws.Config, owner resource.Account) (string, *resource.Gap) {
	client := organizations.NewFromConfig(collect.Configure(cfg))
	out, err := client.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	var none *types.AWSOrganizationsNotInUseException
	switch {
	case errors.As(err, &none):
		return "", nil
	case err != nil:
		return "", gap(owner, FacetDescribe, err)
	case out.Organization == nil || aws.ToString(out.Organization.Id) == "":
		return "", gap(owner, FacetDescribe, collect.Malformed("the answer names no organisation"))
	}
	return *out.Organization.Id, nil
}

// maxPages ends lists that never do: 20 accounts to a page, 50,000 accounts.
const maxPages = 2500

// List returns the accounts of the organisation with the units they are in. Only
// the management account and delegated administrators may ask. A gap says why
// the list is not known; half a list is never returned.
func List(ctx context.Context, cfg aws.Config, owner resource.Account, id string) (collect.Organization, *resource.Gap) {
	client := organizations.NewFromConfig(collect.Configure(cfg))
	org := collect.Organization{ID: id}
	in := &organizations.ListAccountsInput{}
	for range maxPages {
		out, err := client.ListAccounts(ctx, in)
		if err == nil && out.Accounts == nil {
			err = collect.Malformed("the answer holds no list of accounts")
		}
		if err == nil && slices.ContainsFunc(out.Accounts, nameless) {
			err = collect.Malformed("the list holds an account without its 12 digits")
		}
		if err != nil {
			return collect.Organization{}, gap(owner, FacetAccounts, err)
		}
		for _, a := range out.Accounts {
			org.Accounts = append(org.Accounts, collect.OrganizationAccount{
				ID: resource.Account(aws.ToString(a.Id)), Name: aws.ToString(a.Name), State: state(a), Paths: units(a),
			})
		}
		if aws.ToString(out.NextToken) == "" {
			return org, nil
		}
		in.NextToken = out.NextToken
	}
	return collect.Organization{}, gap(owner, FacetAccounts, collect.Malformed("the list of accounts has no end"))
}

// nameless holds for an entry that is no account: passed over, it would be one that
// nobody knows was not read, and files are named by accounts.
func nameless(a types.Account) bool { return !resource.Account(aws.ToString(a.Id)).Valid() }

// units writes paths as the condition key aws:PrincipalOrgPaths does: from the
// organisation to the unit, with a slash at the end. Organizations puts the
// account behind that. Nil where the answer holds no paths.
func units(a types.Account) []string {
	var out []string
	for _, p := range a.Paths {
		p = strings.TrimSuffix(strings.TrimSuffix(p, "/"), "/"+aws.ToString(a.Id))
		out = append(out, p+"/")
	}
	return out
}

// state prefers State, which replaced Status in September 2026.
func state(a types.Account) string {
	if a.State != "" {
		return string(a.State)
	}
	return string(a.Status)
}

func gap(owner resource.Account, f resource.Facet, err error) *resource.Gap {
	fault := collect.Classify(err)
	return &resource.Gap{Account: owner, Facet: f, Code: fault.Code, Reason: fault.Reason}
}
