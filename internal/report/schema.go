package report

import (
	"embed"
	"fmt"
	"slices"

	"surety/internal/profile"
)

//go:embed schema/*.json
var schemas embed.FS

// Schemas returns the names that [Schema] knows.
func Schemas() []string { return []string{"config", "events", "plan", "snapshot"} }

// Schema returns the JSON Schema of a shape that other programs read or write:
// one line of the events or of a snapshot, the configuration, a plan.
func Schema(name string) ([]byte, error) {
	if !slices.Contains(Schemas(), name) {
		return nil, fmt.Errorf("no schema %q: there are config, events, plan and snapshot", name)
	}
	if name == "config" {
		return profile.Schema(), nil
	}
	data, err := schemas.ReadFile("schema/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("reading schema %s: %w", name, err)
	}
	return data, nil
}
