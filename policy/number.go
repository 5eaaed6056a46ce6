package policy

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
)

// The bounds of a number; what lies beyond them is none. No key of AWS comes
// near, and arithmetic on such a number would cost more than it can tell.
const (
	maxNumberLength = 1024 // bytes
	maxExponent     = 400  // either way
)

// ParseNumber reads a decimal number exactly: a sign, digits with or without a
// fraction, an exponent from -400 to 400. It is false for any other text, such
// as one with white space, a thousands separator or a hexadecimal prefix.
func ParseNumber(text string) (*big.Rat, bool) {
	if len(text) > maxNumberLength {
		return nil, false
	}
	mantissa, exponent := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], text[i+1:]
		if n, err := strconv.Atoi(exponent); err != nil || n < -maxExponent || n > maxExponent {
			return nil, false
		}
	}
	if mantissa != "" && (mantissa[0] == '+' || mantissa[0] == '-') {
		mantissa = mantissa[1:]
	}
	if !isDecimal(mantissa) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// isDecimal reports whether s is digits around at most one point.
func isDecimal(s string) bool {
	whole, fraction, _ := strings.Cut(s, ".")
	return whole+fraction != "" && only(whole, isDigit) && only(fraction, isDigit)
}

// ParseBool reads "true" or "false" without regard to ASCII case.
func ParseBool(text string) (value, ok bool) {
	switch {
	case equalFold(text, "true"):
		return true, true
	case equalFold(text, "false"):
		return false, true
	}
	return false, false
}

// ParseRange reads an address range; an address alone is the range that holds
// only it. Host bits are masked. An IPv4 address written as IPv6 stays IPv6,
// and zones are refused.
func ParseRange(text string) (netip.Prefix, bool) {
	if strings.Contains(text, "/") {
		p, err := netip.ParsePrefix(text)
		return p.Masked(), err == nil
	}
	a, ok := parseAddress(text)
	if !ok {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func parseAddress(text string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(text)
	return a, err == nil && a.Zone() == ""
}

// sameBytes compares two base64 texts by what they encode.
func sameBytes(a, b string) bool {
	x, err := base64.StdEncoding.DecodeString(a)
	if err != nil {
		return false
	}
	y, err := base64.StdEncoding.DecodeString(b)
	return err == nil && string(x) == string(y)
}
