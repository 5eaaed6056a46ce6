package iam_test

import (
	"testing"
	"time"

	"surety/services/iam"
)

// What the last accessed data show to be unused, and what they leave open.
func TestUnused(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	usage := &iam.Usage{Made: ago(400), Asked: now, Services: map[string]iam.ServiceUsage{
		"ses":      {},
		"sns":      {Last: ago(89)},
		"sqs":      {Last: ago(91)},
		"kms":      {},
		"iam":      {},
		"s3":       {Last: ago(1), Actions: map[string]time.Time{"createbucket": {}, "deletebucket": ago(100), "putbucketpolicy": ago(1)}},
		"dynamodb": {Last: ago(1), Actions: map[string]time.Time{"createtable": {}, "deletetable": ago(100)}},
	}}
	young := *usage
	young.Made = ago(89)
	for _, c := range []struct {
		name      string
		usage     *iam.Usage
		statement string
		want      bool
	}{
		{"a service never used", usage, allow("ses:SendEmail", "*"), true},
		{"in any letter case, by a pattern", usage, allow("SES:*", "*"), true},
		{"used 91 days ago", usage, allow("sqs:SendMessage", "*"), true},
		{"used 89 days ago", usage, allow("sns:Publish", "*"), false},
		{"the role is younger", &young, allow("ses:SendEmail", "*"), false},
		{"no entry", usage, allow("ec2:RunInstances", "*"), false},
		{"every service", usage, allow("*", "*"), false},
		{"services by a pattern", usage, allow("s*s:SendEmail", "*"), false},
		{"all but some", usage, `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, false},
		{"one of two is used", usage, `{"Effect":"Allow","Action":["ses:SendEmail","sns:Publish"],"Resource":"*"}`, false},
		{"both are not", usage, `{"Effect":"Allow","Action":["ses:SendEmail","sqs:SendMessage"],"Resource":"*"}`, true},
		{"keys are used by others", usage, allow("kms:Decrypt", "*"), false},
		{"passing a role is no call", usage, allow("iam:PassRole", "*"), false},
		{"nor by a pattern", usage, allow("iam:P*", "*"), false},
		{"another action of IAM", usage, allow("iam:CreateUser", "*"), true},
		{"an action tracked for years, never used", usage, allow("s3:CreateBucket", "*"), true},
		{"an action last used long ago", usage, allow("s3:DeleteBucket", "*"), true},
		{"an action in use", usage, allow("s3:PutBucketPolicy", "*"), false},
		{"an action that is not tracked", usage, allow("s3:GetObject", "*"), false},
		{"a pattern of actions", usage, allow("s3:CreateB*", "*"), false},
		{"tracked since a day that is not known, never used", usage, allow("dynamodb:CreateTable", "*"), false},
		{"tracked since a day that is not known, used long ago", usage, allow("dynamodb:DeleteTable", "*"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.usage.Unused(statements(t, c.statement)[0]); got != c.want {
				t.Errorf("unused: %v, want %v", got, c.want)
			}
		})
	}
	for region, want := range map[string]bool{"us-east-1": true, "il-central-1": true, "ap-southeast-7": false, "": false, "east": false} {
		if got := iam.TrackedIn(region); got != want {
			t.Errorf("tracked in %q: %v", region, got)
		}
	}
}
