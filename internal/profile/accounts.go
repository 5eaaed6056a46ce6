package profile

import (
	"fmt"
	"regexp"

	"surety/internal/resource"
)

// Account is one account that surety.yaml names to be scanned, and how it is
// entered: by a role, by a profile of the AWS settings, or, with neither, as the
// command line says.
type Account struct {
	ID         resource.Account
	Name       string // "" is what the organisation calls it
	Role       string // name with its path, or ARN
	ExternalID string // that the role asks for; "" is what the command line says
	Profile    string // of the AWS config files; excludes Role
	Tags       map[string]string
	Line       int // in the file
}

// roleForm is the name of a role behind its path, or its ARN (IAM user guide:
// names have up to 64 characters, paths up to 512).
var roleForm = regexp.MustCompile(`^(arn:aws[a-z-]*:iam::[0-9]{12}:role/)?/?([!-.0-~]{1,512}/)*[\w+=,.@-]{1,64}$`)

// externalForm is what STS takes as external id (API reference of AssumeRole).
var externalForm = regexp.MustCompile(`^[\w+=,.@:/-]+$`)

// longestExternalID is in characters; the same source.
const longestExternalID = 1224

// CheckRole refuses what is no role's name or ARN.
func CheckRole(s string) error {
	return form(roleForm, s, "role", "its name, such as SuretyAudit, or its ARN")
}

// CheckExternalID refuses what STS would not take.
func CheckExternalID(s string) error {
	if len(s) < 2 || len(s) > longestExternalID {
		return fmt.Errorf("an external id has 2 to %d characters, this one has %d", longestExternalID, len(s))
	}
	return form(externalForm, s, "external id", "letters, digits and _+=,.@:/- only")
}

func (c *Config) accounts(p place) error {
	known := map[resource.Account]int{}
	err := p.list(func(item place) error {
		a, err := parseAccount(item)
		if err != nil {
			return err
		}
		if line, twice := known[a.ID]; twice {
			return item.fault("account %s stands here twice, first on line %d", a.ID, line)
		}
		known[a.ID] = a.Line
		c.Accounts = append(c.Accounts, a)
		return nil
	})
	if err == nil && len(c.Accounts) == 0 {
		return p.fault("an empty list would scan nothing: leave accounts out to scan the account of the credentials")
	}
	return err
}

func parseAccount(p place) (Account, error) {
	a := Account{Line: p.line()}
	checked := func(into *string, check func(string) error) func(place) error {
		return func(p place) error {
			if err := p.text(into); err != nil {
				return err
			}
			if err := check(*into); err != nil {
				return p.fault("%w", err)
			}
			return nil
		}
	}
	err := p.members(map[string]func(place) error{
		"id":   checked((*string)(&a.ID), func(s string) error { return checkValue(AccountKind, s) }),
		"name": func(p place) error { return p.text(&a.Name) },
		"role": checked(&a.Role, CheckRole), "external_id": checked(&a.ExternalID, CheckExternalID),
		"profile": func(p place) error { return p.text(&a.Profile) },
		"tags":    func(p place) error { return p.texts(&a.Tags) },
	})
	switch {
	case err != nil:
		return a, err
	case a.ID == "":
		return a, p.fault("the account has no id: give it its 12 digits in quotes")
	case a.Role != "" && a.Profile != "":
		return a, p.fault("account %s has a role and a profile: keep one", a.ID)
	case a.ExternalID != "" && a.Profile != "":
		return a, p.fault("account %s has an external id and a profile: the profile's own settings say how it is entered", a.ID)
	}
	return a, nil
}

// texts reads an object whose members are all text.
func (p place) texts(into *map[string]string) error {
	pairs, err := p.object()
	if err != nil {
		return err
	}
	*into = make(map[string]string, len(pairs))
	for name, v := range pairs {
		text, ok := v.(string)
		if !ok {
			return p.fault("%s is no text: put it in quotes, %q", name, fmt.Sprint(v))
		}
		(*into)[name] = text
	}
	return nil
}
