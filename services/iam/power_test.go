package iam_test

import (
	"testing"

	"surety/services/iam"
)

func TestPower(t *testing.T) {
	const (
		all      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
		one      = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:Get*","*:*"],"Resource":["*"]}}`
		logs     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}`
		bucket   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b"}]}`
		with     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`
		nothing  = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`
		noDelete = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`
		but      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}`
		admin    = "arn:aws:iam::aws:policy/AdministratorAccess"
		cap      = "arn:aws:iam::123412341234:policy/cap"
	)
	text := func(texts ...string) []iam.Policy {
		var list []iam.Policy
		for _, s := range texts {
			list = append(list, iam.Policy{Name: "p", Text: s})
		}
		return list
	}
	for _, c := range []struct {
		name string
		role iam.Role
		caps string // text of the policy cap
		want iam.Power
	}{
		{"no policies", iam.Role{}, "", iam.Limited},
		{"everything, attached", iam.Role{Attached: text(logs, all)}, "", iam.Administrator},
		{"everything, inline", iam.Role{Inline: text(all)}, "", iam.Administrator},
		{"one statement, action *:*", iam.Role{Inline: text(one)}, "", iam.Administrator},
		{"one service", iam.Role{Inline: text(logs)}, "", iam.Limited},
		{"one resource", iam.Role{Inline: text(bucket)}, "", iam.Limited},
		{"on a condition", iam.Role{Inline: text(with)}, "", iam.Limited},
		{"all but one service", iam.Role{Inline: text(but)}, "", iam.Limited},
		{"AWS's policy without its text", iam.Role{Attached: []iam.Policy{{Name: "AdministratorAccess", ARN: admin}}}, "", iam.Administrator},
		{"its name in another partition", iam.Role{Attached: []iam.Policy{{ARN: "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"}}}, "", iam.Administrator},
		{"its name on a policy of the customer", iam.Role{Attached: []iam.Policy{{Name: "AdministratorAccess", ARN: "arn:aws:iam::123412341234:policy/AdministratorAccess", Text: logs}}}, "", iam.Limited},
		{"a text not known", iam.Role{Attached: []iam.Policy{{Name: "x", ARN: cap}}}, "", iam.UnknownPower},
		{"a text that is no policy", iam.Role{Inline: text("<html>")}, "", iam.UnknownPower},
		{"a text not known beside everything", iam.Role{Attached: []iam.Policy{{ARN: cap}}, Inline: text(all)}, "", iam.Administrator},
		{"everything denied", iam.Role{Inline: text(all, nothing)}, "", iam.Limited},
		{"something denied", iam.Role{Inline: text(all, noDelete)}, "", iam.Administrator},
		{"capped", iam.Role{Inline: text(all), Boundary: cap}, logs, iam.Limited},
		{"capped by everything", iam.Role{Inline: text(all), Boundary: cap}, all, iam.Administrator},
		{"capped by AWS's policy", iam.Role{Inline: text(all), Boundary: admin}, "", iam.Administrator},
		{"capped by what is not known", iam.Role{Inline: text(all), Boundary: cap}, "", iam.UnknownPower},
		{"little, capped by what is not known", iam.Role{Inline: text(logs), Boundary: cap}, "", iam.Limited},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.role.Power(func(arn string) string {
				if arn == cap {
					return c.caps
				}
				return ""
			})
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
