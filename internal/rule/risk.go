package rule

import "fmt"

// RiskLevel says how bad a failing check is.
type RiskLevel uint8

// The levels, in rising order. The zero RiskLevel is none of them.
const (
	Low RiskLevel = iota + 1
	Medium
	High
	VeryHigh
	Extreme
)

var riskNames = [...]string{Low: "low", Medium: "medium", High: "high", VeryHigh: "very-high", Extreme: "extreme"}

// String returns the level's name; "" for the zero level.
func (r RiskLevel) String() string {
	if int(r) < len(riskNames) {
		return riskNames[r]
	}
	return ""
}

// ParseRisk reads a level's name.
func ParseRisk(s string) (RiskLevel, error) {
	for i, name := range riskNames {
		if s == name && name != "" {
			return RiskLevel(i), nil
		}
	}
	return 0, fmt.Errorf("no risk level %q: use low, medium, high, very-high or extreme", s)
}

// MarshalText writes the level's name.
func (r RiskLevel) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a level's name.
func (r *RiskLevel) UnmarshalText(b []byte) error {
	level, err := ParseRisk(string(b))
	*r = level
	return err
}
