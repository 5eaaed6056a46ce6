package awssim

import (
	"bytes"
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

// LoadWorld reads a world from YAML or JSON, member by member as the fields of
// World are tagged. A member that is not known is an error with line and column.
func LoadWorld(data []byte) (*World, error) {
	w := &World{}
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(w); err != nil {
		return nil, fmt.Errorf("reading a simulated world: %w", err)
	}
	return w, nil
}

//go:embed demo.yaml
var demoYAML []byte

// DemoAccount is the account that Demo tells of.
const DemoAccount = "123412341234"

// Demo is the example account: a shop with about 30 functions in three regions,
// some open to strangers, some sharing a role, most of them fine. The story
// stands beside each function in demo.yaml.
func Demo() (*World, error) { return LoadWorld(demoYAML) }
