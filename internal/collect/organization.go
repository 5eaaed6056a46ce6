package collect

import "surety/internal/resource"

// Organization is an AWS organisation as its account list shows it.
type Organization struct {
	ID       string // o-…; "" when the account is in none
	Accounts []OrganizationAccount
}

// OrganizationAccount is one account of an organisation.
type OrganizationAccount struct {
	ID    resource.Account
	Name  string
	State string   // ACTIVE, SUSPENDED, CLOSED …
	Paths []string // "o-…/r-…/ou-…/", as aws:PrincipalOrgPaths writes them; nil where not told
}
