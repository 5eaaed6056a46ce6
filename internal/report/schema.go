package report

import "fmt"

// Schema returns the JSON Schema of what name says: events, config, snapshot or
// plan.
func Schema(name string) ([]byte, error) {
	return nil, fmt.Errorf("no schema %q: there are events, config, snapshot and plan", name)
}
