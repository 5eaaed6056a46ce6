package collect

import (
	"strings"
	"testing"

	"surety/services/lambda"
)

func TestKindOf(t *testing.T) {
	for value, want := range map[string]string{
		"":      "empty",
		"true":  "boolean",
		"Off":   "boolean",
		"42":    "number",
		"-1.5":  "number",
		"hello": "text",
		"arn:aws:sns:us-east-1:111122223333:alerts":       "arn",
		"https://example.com/hook":                        "url",
		"postgres://app:pw@db/orders":                     "url",
		"AKIAIOSFODNN7EXAMPLE":                            "aws-access-key",
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY":        "base64",
		"eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.":           "jwt",
		"AQICAHg" + strings.Repeat("x", 60):               "kms-ciphertext",
		"0b9c6b2e-6e0f-4f7c-9d0a-0d6f5f3f8a11":            "uuid",
		"d41d8cd98f00b204e9800998ecf8427e":                "hex",
		"-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END…": "private-key",
		`{"user":"a"}`:                                    "json",
		"two words":                                       "text",
	} {
		if got := kindOf(value); got != want {
			t.Errorf("%q is %s, want %s", value, got, want)
		}
	}
}

// Equal values have equal fingerprints under one key, and under another key
// different ones.
func TestFingerprint(t *testing.T) {
	one, other := []byte("key one"), []byte("key two")
	first := fingerprint(one, "a")
	if first != fingerprint(one, strings.Clone("a")) || fingerprint(one, "a") == fingerprint(one, "b") || fingerprint(one, "a") == fingerprint(other, "a") {
		t.Error("fingerprints do not tell values apart as they should")
	}
}

// A policy that may open a function URL is never overlooked.
func TestGrantsURL(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{`{"Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction"}]}`, false},
		{`{"Statement":{"Effect":"Allow","Action":["lambda:InvokeFunction","lambda:GetPolicy"]}}`, false},
		{`{"Statement":[{"Action":"lambda:InvokeFunction","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}}]}`, false},
		{`{"Statement":[{"Action":"lambda:InvokeFunctionUrl"}]}`, true},
		{`{"Statement":[{"Action":"LAMBDA:invokefunctionURL"}]}`, true},
		{`{"Statement":[{"Action":"lambda:InvokeFunction\u0055rl"}]}`, true},
		{`{"Statement":[{"Action":"lambda:Invoke*"}]}`, true},
		{`{"Statement":[{"Action":["lambda:GetPolicy","*"]}]}`, true},
		{`{"Statement":[{"Action":"lambda:InvokeFunction?rl"}]}`, true},
		{`{"Statement":[{"NotAction":"lambda:GetPolicy"}]}`, true},
		{`{"Statement":[{"Action":"lambda:InvokeFunction","Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}]}`, true},
		{`{"Statement":[{"Action":7}]}`, true},
		{`{"Statement":"none"}`, true},
		{`not JSON`, true},
	} {
		if got := grantsURL(c.text); got != c.want {
			t.Errorf("%s: %t", c.text, got)
		}
	}
}

// Every facet that the service declares can be read, and its quota is known.
func TestReaderCoversTheService(t *testing.T) {
	r := &reader{}
	quotas := map[string]bool{}
	for _, q := range r.Quotas() {
		quotas[string(q.Bucket)] = true
	}
	facets := map[string]bool{}
	for _, f := range r.Facets() {
		facets[string(f)] = true
	}
	for _, f := range lambda.Facets() {
		if !facets[string(f.Facet)] || !quotas[string(f.Bucket)] {
			t.Errorf("%s or its quota %s is not read", f.Facet, f.Bucket)
		}
	}
}
