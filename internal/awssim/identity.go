package awssim

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// uniqueID makes an IAM unique id (AIDA…, AROA…, ANPA…) that is always the same
// for the same thing: the prefix and 17 letters or digits.
func uniqueID(prefix, of string) string {
	sum := sha256.Sum256([]byte(of))
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

// uuid makes a UUID that is always the same for the same parts.
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// digest stands for a code or configuration hash.
func digest(of string) string {
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:])
}

// uniqueIDLower makes the host label of a function URL.
func uniqueIDLower(of string) string { return digest(of)[:32] }
