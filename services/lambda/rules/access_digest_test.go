package rules

import (
	"strings"
	"testing"

	"surety/policy"
)

// TestDigest changes a document in ways that let somebody else in, and in ways
// that let in the same: a baseline tells the ones from the others.
func TestDigest(t *testing.T) {
	const (
		allow = `{"Sid": "s3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:InvokeFunction", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "999988887777"}}}`
		other = `{"Effect": "Allow", "Principal": "*", "Action": "lambda:GetFunction", "Resource": "*"}`
		deny  = `{"Sid": "no", "Effect": "Deny", "Principal": "*", "Action": "lambda:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`
	)
	digest := func(version string, at int, statements ...string) string {
		doc, err := policy.Parse([]byte(`{"Version": "` + version + `", "Statement": [` + strings.Join(statements, ",") + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		return (&document{Document: doc}).digest(at)
	}
	const version = "2012-10-17"
	first := digest(version, 0, allow)
	for _, c := range []struct {
		name, got string
		same      bool
	}{
		{"another Sid", digest(version, 0, strings.Replace(allow, "s3", "bucket", 1)), true},
		{"another place, behind another Allow", digest(version, 1, other, allow), true},
		{"one text written as a list", digest(version, 0, strings.Replace(allow, `"999988887777"`, `["999988887777"]`, 1)), true},
		{"another account in the condition", digest(version, 0, strings.Replace(allow, "9999", "8888", 1)), false},
		{"one account more", digest(version, 0, strings.Replace(allow, `"999988887777"`, `["999988887777", "888877776666"]`, 1)), false},
		{"the other version, which knows no variables", digest("2008-10-17", 0, allow), false},
		{"a Deny that goes or comes", digest(version, 0, allow, deny), false},
		{"a Deny's Sid", digest(version, 0, allow, strings.Replace(deny, `"no"`, `"never"`, 1)), false},
	} {
		if same := c.got == first; same != c.same {
			t.Errorf("%s: same %t, want %t", c.name, same, c.same)
		}
	}
	if a, b := digest(version, 0, allow, deny), digest(version, 1, deny, strings.Replace(allow, "s3", "bucket", 1)); a != b {
		t.Error("beside a Deny, Sid and place count")
	}
	if got := (&document{Document: &policy.Document{}}).digest(0); got != "" {
		t.Errorf("a statement that is not there has the digest %q", got)
	}
}
