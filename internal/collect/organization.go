package collect

import "surety/internal/resource"

// Organization is an AWS organisation as its account list shows it.
type Organization struct {
	ID       string // o-…; "" when the account is in none
	Accounts []OrganizationAccount
	Units    map[string]string // names of organisational units by id ("ou-…"); those that are known
}

// OrganizationAccount is one account of an organisation.
type OrganizationAccount struct {
	ID    resource.Account
	Name  string
	State string   // ACTIVE, SUSPENDED, CLOSED …
	Paths []string // "o-…/r-…/ou-…/", as aws:PrincipalOrgPaths writes them; nil where not told
}
