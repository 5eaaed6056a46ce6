package profile

import (
	"time"

	"surety/internal/resource"
)

func (t *Trust) parse(p place) error {
	return p.sections(map[string]func(place) error{
		"organization":         func(p place) error { return p.bool(&t.Organization) },
		"org_accounts":         t.orgAccounts,
		"accounts":             entries(&t.Accounts, "id", AccountKind),
		"organizations":        entries(&t.Organizations, "id", OrganizationKind),
		"organizational_units": entries(&t.Units, "path", UnitKind),
		"principals":           entries(&t.Principals, "arn", PrincipalKind),
		"services":             entries(&t.Services, "name", ServiceKind),
		"networks":             networks(&t.Networks),
	})
}

func (t *Trust) orgAccounts(p place) error {
	err := p.text(&t.OrgAccounts)
	if err == nil && t.OrgAccounts == "" {
		return p.fault("the file's name is empty: name one, or leave org_accounts out")
	}
	return err
}

// entries reads a list whose entries hold their value under one member.
func entries(into *[]Entry, member string, kind Kind) func(place) error {
	return func(p place) error {
		return p.list(func(item place) error {
			e, err := parseEntry(item, map[string]Kind{member: kind})
			*into = append(*into, e)
			return err
		})
	}
}

func networks(into *[]Entry) func(place) error {
	kinds := map[string]Kind{"cidr": CIDRKind, "vpc": VPCKind, "endpoint": EndpointKind}
	return func(p place) error {
		return p.list(func(item place) error {
			e, err := parseEntry(item, kinds)
			*into = append(*into, e)
			return err
		})
	}
}

// parseEntry reads one entry; kinds are the members that can hold its value, of
// which it has exactly one.
func parseEntry(p place, kinds map[string]Kind) (Entry, error) {
	e := Entry{Line: p.line()}
	known := map[string]func(place) error{
		"name":   func(p place) error { return p.text(&e.Name) },
		"owner":  func(p place) error { return p.text(&e.Owner) },
		"reason": func(p place) error { return p.text(&e.Reason) },
		"until":  e.until,
		"for":    e.For.parse,
	}
	for member, kind := range kinds {
		known[member] = func(p place) error {
			if e.Kind != "" {
				return p.fault("a second network in one entry: give each an entry of its own")
			}
			e.Kind = kind
			if err := p.text(&e.Value); err != nil {
				return err
			}
			switch err := checkValue(kind, e.Value); {
			case err != nil && kind == AccountKind: // YAML would take them for a number
				return p.fault("%w in quotes", err)
			case err != nil:
				return p.fault("%w", err)
			}
			return nil
		}
	}
	if err := p.members(known); err != nil {
		return e, err
	}
	if e.Kind == "" {
		return e, p.fault("the entry names nobody: give it %s", choices(kinds))
	}
	return e, nil
}

func choices(kinds map[string]Kind) string {
	if len(kinds) > 1 {
		return "cidr, vpc or endpoint"
	}
	for member := range kinds {
		return member
	}
	return ""
}

func (e *Entry) until(p place) error {
	var s string
	if err := p.text(&s); err != nil {
		return err
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return p.fault("%q is no day: write it as 2027-06-30", s)
	}
	e.Until = day
	return nil
}

func (f *For) parse(p place) error {
	err := p.members(map[string]func(place) error{
		"function": func(p place) error {
			if err := p.text(&f.Function); err != nil {
				return err
			}
			pattern, err := resource.ParsePattern(f.Function)
			if err != nil {
				return p.fault("%w", err)
			}
			f.pattern = pattern
			return nil
		},
		"tag": f.tag,
		"account": func(p place) error {
			var s string
			if err := p.text(&s); err != nil {
				return err
			}
			f.Account = resource.Account(s)
			if !f.Account.Valid() {
				return p.fault("%q is no account: write its 12 digits in quotes", s)
			}
			return nil
		},
		"ou": func(p place) error {
			if err := p.text(&f.Unit); err != nil {
				return err
			}
			if err := checkValue(UnitKind, f.Unit); err != nil {
				return p.fault("%w", err)
			}
			return nil
		},
	})
	if err == nil && f.Empty() {
		return p.fault("for names no resources: give it function, tag, account or ou, or leave it out")
	}
	return err
}

func (f *For) tag(p place) error {
	err := p.members(map[string]func(place) error{
		"key":   func(p place) error { return p.text(&f.TagKey) },
		"value": func(p place) error { return p.text(&f.TagValue) },
	})
	if err == nil && f.TagKey == "" {
		return p.fault("the tag has no key: write {key: team, value: edge}")
	}
	return err
}
