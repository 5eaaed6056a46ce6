package policy

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0", "007": "7", "-1.50": "-3/2", "+2": "2", ".5": "1/2", "5.": "5", "1e3": "1000", "1E+3": "1000", "25e-2": "1/4",
		"1e400": "1" + strings.Repeat("0", 400), "1e-400": "1/1" + strings.Repeat("0", 400),
		strings.Repeat("9", maxNumberLength): strings.Repeat("9", maxNumberLength),
		"":                                   "", "+": "", "-": "", ".": "", "-.": "", "e3": "", ".e3": "", "1e": "", "1e+": "", "1e1.5": "", "1e401": "", "1e-401": "", "1e99999999999999999999": "",
		"--1": "", "+-1": "", "1-": "", "1.2.3": "", " 1": "", "1 ": "", "1_000": "", "1,5": "", "0x10": "", "1/2": "", "inf": "", "NaN": "", "1f": "", "１": "", "1e1e1": "", "1p4": "",
		strings.Repeat("9", maxNumberLength+1): "",
	} {
		got, ok := ParseNumber(text)
		if ok != (want != "") {
			t.Errorf("%.30q is a number: %t", text, ok)
		}
		if ok && got.RatString() != want {
			t.Errorf("%.30q is %.30s, want %.30s", text, got.RatString(), want)
		}
	}
}

// Source: W3C note on date and time formats; epoch time by the IAM guide.
func TestParseTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1970": "0", "0000": "-62167219200", "9999": "253370764800", "2026": "1767225600", "1970-02": "2678400", "1970-01-02": "86400",
		"2024-02-29": "1709164800", "2000-02-29": "951782400", "1969-12-31T23:59:59Z": "-1", "1970-12-31": "31449600", "1970-04-30": "10281600",
		"1970-01-01T00:00Z": "0", "1970-01-01T01:02Z": "3720", "1970-01-01T23:59:59Z": "86399", "1970-01-01T00:00:01.25Z": "5/4",
		"1970-01-01T00:00:00.000000000000000001Z": "1/1000000000000000000",
		"1970-01-01T01:00+01:00":                  "0", "1970-01-01T00:00-01:30": "5400", "1970-01-01T00:00:00+00:00": "0", "1970-01-02T00:00:00+23:59": "60", "1970-01-01T00:00:00.5-00:01": "121/2",
		"0": "0", "5": "5", "-5": "-5", "12345": "12345", "-2026": "-2026", "1795305600": "1795305600", "2026.5": "4053/2", "123": "123", "20261122": "20261122", "00000": "0", "1.5": "3/2", "-.5": "-1/2",
		"": "", "-": "", "now": "", "2026-": "", "2026-1": "", "2026-00": "", "2026-13": "", "2026-11-": "", "2026-11-2": "", "2026-11-00": "", "2026-11-31": "", "2026-11-32": "", "2026-02-29": "", "1900-02-29": "", "2026-04-31": "",
		"2026-11-222": "", "2026/11/22": "", "2026-11/22": "", "2026-1a-22": "", "2026-11-2a": "", "+026": "", "+026-11": "", "2026-+1": "", "20a6": "", "2026-11-22 ": "", "2026-11-22Z": "", "2026-W47": "", "2026-326": "",
		"2026T09:30Z": "", "2026-11T09:30Z": "", "2026-11-22T": "", "2026-11-22TZ": "", "2026-11-22T0930Z": "", "2026-11-22T9:30Z": "", "2026-11-22T09:30:1Z": "", "2026-11-22T24:00Z": "", "2026-11-22T09:60Z": "", "2026-11-22T09:30:60Z": "",
		"2026-11-22T09:30:15.Z": "", "2026-11-22T09:30:15.2aZ": "", "2026-11-22T09:30:15,5Z": "", "2026-11-22T09-30Z": "", "2026-11-22T09:30-15Z": "", "2026-11-22T09:30:15ZZ": "", "2026-11-22T09:30z": "", "2026-11-22t09:30Z": "", "2026-11-22 09:30Z": "",
		"2026-11-22T09:30+0100": "", "2026-11-22T09:30+01": "", "2026-11-22T09:30+1:00": "", "2026-11-22T09:30+24:00": "", "2026-11-22T09:30+01:60": "", "2026-11-22T09:30+01:0": "", "2026-11-22T09:30+01-00": "", "2026-11-22T09:30+01:000": "", "2026-11-22T+01:00": "",
		"1e5": "", "1795305600Z": "", "12345.": "12345", "+5": "", "1 795": "",
	} {
		for _, wide := range []bool{false, true} {
			got, ok := ParseTime(text, wide)
			if ok != (want != "") {
				t.Errorf("%q, wide %t, is a date: %t", text, wide, ok)
			}
			if ok && got.RatString() != want {
				t.Errorf("%q is %s, want %s", text, got.RatString(), want)
			}
		}
	}
}

func TestParseTimeWithoutZone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"1970-01-01T00:01": "60", "1970-01-01T00:00:01": "1", "1970-01-01T00:00:01.5": "3/2"} {
		if got, ok := ParseTime(text, true); !ok || got.RatString() != want {
			t.Errorf("%s, wide, is %v, %t", text, got, ok)
		}
		if _, ok := ParseTime(text, false); ok {
			t.Errorf("%s is a date", text)
		}
	}
	long := "1970-01-01T00:00:00." + strings.Repeat("0", maxNumberLength-len("00:00:00."))
	if _, ok := ParseTime(long+"Z", false); !ok {
		t.Error("a fraction of the greatest length is refused")
	}
	if _, ok := ParseTime(long+"0Z", false); ok {
		t.Error("a longer fraction is taken")
	}
}

func TestParseTimeIsTheStandardLibrarys(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "seconds")
		zone := time.FixedZone("", 60*rapid.IntRange(-23*60-59, 23*60+59).Draw(t, "minutes"))
		at := time.Unix(seconds, 0).In(zone)
		if at.Year() < 0 || at.Year() > 9999 {
			return
		}
		got, ok := ParseTime(at.Format(time.RFC3339), false)
		if !ok || got.Cmp(new(big.Rat).SetInt64(seconds)) != 0 {
			t.Fatalf("%s is %v, want %d", at.Format(time.RFC3339), got, seconds)
		}
	})
}

func TestParseBool(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{
		"true": {true, true}, "TrUe": {true, true}, "false": {false, true}, "FALSE": {false, true},
		"": {}, "1": {}, "t": {}, "yes": {}, "true ": {}, "fal\u017fe": {},
	} {
		if value, ok := ParseBool(text); value != want[0] || ok != want[1] {
			t.Errorf("%q is %t, %t", text, value, ok)
		}
	}
}

func TestParseRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"203.0.113.7": "203.0.113.7/32", "203.0.113.7/24": "203.0.113.0/24", "0.0.0.0/0": "0.0.0.0/0", "1.2.3.4/32": "1.2.3.4/32",
		"2001:db8::1": "2001:db8::1/128", "2001:db8::1/32": "2001:db8::/32", "::ffff:1.2.3.4": "::ffff:1.2.3.4/128", "::ffff:1.2.3.4/104": "::ffff:1.0.0.0/104",
		"": "", "/24": "", "1.2.3.4/": "", "1.2.3.4/33": "", "::/129": "", "1.2.3.4/-1": "", "1.2.3.4/08": "", "1.2.3.4/+8": "", "1.2.3": "", "01.2.3.4": "", "1.2.3.4/8/8": "", "fe80::1%a": "", "fe80::1%a/64": "", " 1.2.3.4": "", "1.2.3.4-1.2.3.9": "",
	} {
		got, ok := ParseRange(text)
		if ok != (want != "") {
			t.Errorf("%q is a range: %t", text, ok)
		}
		if ok && got.String() != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
