package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"surety/policy/prove"
)

// policyCase is one line of prove --cases.
type policyCase struct {
	id       string
	policy   []byte // the document's own text
	question prove.Question
}

// readCase reads one case. Members that it does not know are ignored; a member
// given twice is an error, because nobody can say which one is meant.
func readCase(line []byte) (policyCase, error) {
	var c policyCase
	if !utf8.Valid(line) {
		return c, errors.New("the line is not UTF-8")
	}
	members, err := readMembers(line)
	if err != nil {
		return c, err
	}
	q := &c.question
	var principals []string
	for _, err := range []error{
		members.text("id", &c.id, nil, "a text, such as \"orders-1\","),
		members.text("function_arn", &q.Function, functionARN, "the ARN of a function without qualifier"),
		members.optional("qualifier", &q.Qualifier, qualifierName, "an alias or a version"),
		members.optional("org_id", &q.Organization, orgID, "an organisation id (o-…)"),
		members.list("trusted_accounts", &q.Zone.Accounts, accountID, "12 digits in quotes"),
		members.list("trusted_orgs", &q.Zone.Organizations, orgID, "an organisation id (o-…)"),
		members.list("trusted_principals", &principals, nil, ""),
		trustPrincipals(&principals, &q.Zone),
		members.policy(&c.policy),
	} {
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// trustPrincipals sorts ARNs and service names into the trust zone.
func trustPrincipals(names *[]string, zone *prove.Zone) error {
	for _, p := range *names {
		switch {
		case principalARN.MatchString(p):
			zone.Principals = append(zone.Principals, p)
		case serviceName.MatchString(p):
			zone.Services = append(zone.Services, p)
		case accountID.MatchString(p), strings.HasSuffix(p, ":root"):
			return fmt.Errorf("trusted_principals: %q is an account: list it under trusted_accounts", p)
		default:
			return fmt.Errorf("trusted_principals: %q is neither the ARN of a user, role or session nor a service name", p)
		}
	}
	return nil
}

// members are the members of one JSON object as they were written.
type members map[string]json.RawMessage

// readMembers cuts an object into its members. Names are taken to the letter.
func readMembers(line []byte) (members, error) {
	if bytes.HasPrefix(line, []byte("\uFEFF")) {
		return nil, errors.New("the line begins with a byte order mark: save the cases as UTF-8 without one")
	}
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("the line is not a JSON object")
	}
	m := members{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, notJSON(err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, notJSON(err)
		}
		key, _ := name.(string)
		if _, twice := m[key]; twice {
			return nil, fmt.Errorf("member %q is given twice", key)
		}
		m[key] = raw
	}
	if _, err := d.Token(); err != nil {
		return nil, notJSON(err)
	}
	if d.More() {
		return nil, errors.New("the line goes on after the JSON object")
	}
	return m, nil
}

func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the line is not JSON: it ends before the object does")
	}
	return fmt.Errorf("the line is not JSON: %w", err)
}

// text reads a member that must be there.
func (m members) text(name string, into *string, shape *regexp.Regexp, what string) error {
	if _, there := m[name]; !there {
		return fmt.Errorf("member %q is missing", name)
	}
	return m.optional(name, into, shape, what)
}

// optional reads a member that may be left out; null is left out.
func (m members) optional(name string, into *string, shape *regexp.Regexp, what string) error {
	var text *string
	if raw, there := m[name]; there && json.Unmarshal(raw, &text) != nil {
		return fmt.Errorf("member %q is not a text: %s is expected", name, what)
	}
	if text == nil {
		if name == "id" || name == "function_arn" {
			return fmt.Errorf("member %q is null: %s is expected", name, what)
		}
		return nil
	}
	if shape != nil && !shape.MatchString(*text) {
		return fmt.Errorf("%s: %q is not %s", name, *text, what)
	}
	*into = *text
	return nil
}

// list reads a list of texts that may be left out.
func (m members) list(name string, into *[]string, shape *regexp.Regexp, what string) error {
	raw, there := m[name]
	if !there {
		return nil
	}
	if json.Unmarshal(raw, into) != nil {
		return fmt.Errorf("member %q is not a list of texts", name)
	}
	for _, text := range *into {
		if shape != nil && !shape.MatchString(text) {
			return fmt.Errorf("%s: %q is not %s", name, text, what)
		}
	}
	return nil
}

// policy takes the document's own text: an object as it stands, or a string's
// content.
func (m members) policy(into *[]byte) error {
	raw := bytes.TrimSpace(m["policy"])
	switch {
	case len(raw) == 0:
		return errors.New(`member "policy" is missing`)
	case raw[0] == '{':
		*into = raw
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return notJSON(err)
		}
		*into = []byte(text)
	default:
		return errors.New(`member "policy" is neither an object nor a text`)
	}
	return nil
}
