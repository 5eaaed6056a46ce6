package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"surety/internal/resource"
)

// ParseOrgAccounts reads the file that org_accounts names: what "aws
// organizations list-accounts" prints, or one account id a line (behind "#" is
// a comment). The error names the line or entry.
func ParseOrgAccounts(data []byte) ([]OrgAccount, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF")) // as editors of Windows write one
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		return parseAccountsJSON(trimmed)
	}
	var accounts []OrgAccount
	for i, line := range strings.Split(string(data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := checkValue(AccountKind, line); err != nil {
			return nil, fmt.Errorf("line %d: %q is no account: write its 12 digits, one account a line", i+1, line)
		}
		accounts = append(accounts, OrgAccount{ID: resource.Account(line)})
	}
	if len(accounts) == 0 {
		return nil, errors.New("no accounts: write one a line, or what aws organizations list-accounts prints")
	}
	return accounts, nil
}

func parseAccountsJSON(data []byte) ([]OrgAccount, error) {
	var list struct {
		Accounts []struct {
			ID, Name string
			Paths    []string
		}
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, errors.New("not one JSON object with a list of Accounts, each with an Id: give what aws organizations list-accounts prints")
	}
	if len(list.Accounts) == 0 {
		return nil, errors.New("no member Accounts with accounts in it: give what aws organizations list-accounts prints")
	}
	var accounts []OrgAccount
	for i, a := range list.Accounts {
		if !resource.Account(a.ID).Valid() {
			return nil, fmt.Errorf("accounts[%d]: %q is no account: an Id has 12 digits", i, a.ID)
		}
		one := OrgAccount{ID: resource.Account(a.ID), Name: a.Name}
		for _, path := range a.Paths { // which Organizations ends with the account
			one.Paths = append(one.Paths, strings.TrimSuffix(path, a.ID+"/"))
		}
		accounts = append(accounts, one)
	}
	return accounts, nil
}
