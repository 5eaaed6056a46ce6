package collect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"surety/services/lambda"
)

// reduce forgets the values of environment variables.
func reduce(key []byte, values map[string]string) []lambda.Variable {
	var out []lambda.Variable
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		out = append(out, lambda.Variable{Name: name, Length: len(value), Kind: kindOf(value), Fingerprint: fingerprint(key, value)})
	}
	return out
}

// fingerprint is the first 64 bits of a keyed hash: enough to tell equal values
// in one account, and worth nothing to whoever lacks the key.
func fingerprint(key []byte, value string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(value)) // a hash's Write never fails
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// shape is a kind of value and how to know it.
type shape struct {
	kind string
	like *regexp.Regexp
}

// shapes are tried in order. The name of a kind is what a person would call the
// value; "base64" and "hex" begin at 24 characters, where words end.
var shapes = []shape{
	{"empty", regexp.MustCompile(`^$`)},
	{"boolean", regexp.MustCompile(`^(?i:true|false|yes|no|on|off)$`)},
	{"arn", regexp.MustCompile(`^arn:[a-z0-9-]+:[a-z0-9-]+:`)},
	{"private-key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{"aws-access-key", regexp.MustCompile(`^(?:AKIA|ASIA)[A-Z0-9]{16}$`)},
	{"jwt", regexp.MustCompile(`^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$`)},
	{"kms-ciphertext", regexp.MustCompile(`^AQIC[A-Za-z0-9+/]{40,}={0,2}$`)},
	{"url", regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)},
	{"uuid", regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)},
	{"json", regexp.MustCompile(`^\s*[{\[][\s\S]*[}\]]\s*$`)},
	{"hex", regexp.MustCompile(`^(?:[0-9a-f]{24,}|[0-9A-F]{24,})$`)},
	{"base64", regexp.MustCompile(`^[A-Za-z0-9+/_-]{24,}={0,2}$`)},
}

// kindOf names the shape of a value: one of shapes, "number" or "text".
func kindOf(value string) string {
	if _, err := strconv.ParseFloat(value, 64); err == nil {
		return "number"
	}
	for _, s := range shapes {
		if s.like.MatchString(value) {
			return s.kind
		}
	}
	return "text"
}
