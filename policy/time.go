package policy

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// ParseTime reads a date as the exact number of seconds since the start of
// 1970 in UTC. It takes epoch seconds (digits, with or without a minus sign and
// a fraction; but four digits are a year) and the W3C profile of ISO 8601:
//
//	2026, 2026-11, 2026-11-22, 2026-11-22T09:30Z, 2026-11-22T09:30:15.25+01:00
//
// A date without a time begins at midnight UTC. A time without a zone, which
// the profile does not know, is UTC where wide is set and no date otherwise.
func ParseTime(text string, wide bool) (*big.Rat, bool) {
	if isEpoch(text) {
		return ParseNumber(text)
	}
	day, rest, timed := strings.Cut(text, "T")
	year, month, date, ok := parseDay(day)
	if !ok || timed && len(day) != len("2006-01-02") {
		return nil, false
	}
	clock, fraction := 0, new(big.Rat)
	if timed {
		local, offset, ok := cutZone(rest, wide)
		if !ok {
			return nil, false
		}
		if clock, fraction, ok = parseClock(local); !ok {
			return nil, false
		}
		clock -= offset
	}
	t := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	if t.Day() != date { // 30 February has become a day of March
		return nil, false
	}
	return fraction.Add(fraction, new(big.Rat).SetInt64(t.Unix()+int64(clock))), true
}

func isEpoch(text string) bool {
	return isDecimal(strings.TrimPrefix(text, "-")) && (len(text) != 4 || !only(text, isDigit))
}

// parseDay reads YYYY, YYYY-MM or YYYY-MM-DD. Whether the month has that day is
// left to the caller.
func parseDay(s string) (year, month, day int, ok bool) {
	month, day = 1, 1
	if len(s) >= 4 {
		year, ok = digits(s[:4], 0, 9999)
	}
	if ok && len(s) > 4 {
		month, ok = part(s[4:], '-', 1, 12)
	}
	if ok && len(s) > 7 {
		day, ok = part(s[7:], '-', 1, 31)
	}
	return year, month, day, ok && (len(s) == 4 || len(s) == 7 || len(s) == 10)
}

// cutZone splits the zone from a time, in seconds east of UTC.
func cutZone(s string, wide bool) (local string, offset int, ok bool) {
	if local, ok := strings.CutSuffix(s, "Z"); ok {
		return local, 0, true
	}
	i := strings.LastIndexAny(s, "+-")
	if i < 0 {
		return s, 0, wide
	}
	zone := s[i+1:]
	if len(zone) != len("01:00") {
		return "", 0, false
	}
	hours, ok1 := digits(zone[:2], 0, 23)
	minutes, ok2 := part(zone[2:], ':', 0, 59)
	offset = hours*3600 + minutes*60
	if s[i] == '-' {
		offset = -offset
	}
	return s[:i], offset, ok1 && ok2
}

// parseClock reads hh:mm, hh:mm:ss or hh:mm:ss.s… as seconds of a day.
func parseClock(s string) (seconds int, fraction *big.Rat, ok bool) {
	fraction = new(big.Rat)
	if len(s) < 5 {
		return 0, nil, false
	}
	hours, ok1 := digits(s[:2], 0, 23)
	minutes, ok2 := part(s[2:], ':', 0, 59)
	seconds, ok = hours*3600+minutes*60, ok1 && ok2
	if !ok || len(s) == 5 {
		return seconds, fraction, ok
	}
	second, ok := part(s[5:], ':', 0, 59)
	seconds += second
	if !ok || len(s) == 8 {
		return seconds, fraction, ok
	}
	if s[8] != '.' || len(s) == 9 || !only(s[9:], isDigit) || len(s) > maxNumberLength {
		return 0, nil, false
	}
	fraction, ok = fraction.SetString("0" + s[8:])
	return seconds, fraction, ok
}

// part reads two digits after a separator; what follows is not looked at.
func part(s string, separator byte, low, high int) (int, bool) {
	if len(s) < 3 || s[0] != separator {
		return 0, false
	}
	return digits(s[1:3], low, high)
}

func digits(s string, low, high int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && only(s, isDigit) && low <= n && n <= high
}
