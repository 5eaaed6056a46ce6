package profile

import (
	"encoding/json"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"surety/internal/resource"
	"surety/internal/rule"
)

// Version is the version of surety.yaml.
const Version = 1

// Parse reads surety.yaml. Rules are all there are, with the settings that they
// declare. The error names line and column, the member, and what to do.
func Parse(data []byte, rules []*rule.Rule) (*Config, error) {
	c := &Config{Rules: map[string]RuleConfig{}}
	root, err := parseYAML(data)
	if err != nil || root.absent() {
		return c, err
	}
	err = root.sections(map[string]func(place) error{
		"version":  version,
		"regions":  c.regions,
		"accounts": func(p place) error { return c.accounts(p) },
		"trust":    c.Trust.parse,
		"rules":    func(p place) error { return c.parseRules(p, rules) },
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func version(p place) error {
	switch n := p.node.(type) {
	case *ast.IntegerNode:
		if n.GetToken().Value == "1" {
			return nil
		}
	case *ast.FloatNode:
		if n.Value == Version {
			return nil
		}
	default:
		return p.fault("%s where the number %d belongs", p.what(), Version)
	}
	return p.fault("%s: this program reads version %d", p.node.GetToken().Value, Version)
}

// regionForm is the shape of every region's code that AWS has given so far.
var regionForm = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)

func (c *Config) regions(p place) error {
	err := p.list(func(item place) error {
		var s string
		if err := item.text(&s); err != nil {
			return err
		}
		if !regionForm.MatchString(s) {
			return item.fault("%q is no region: write its code, such as us-east-1", s)
		}
		c.Regions = append(c.Regions, resource.Region(s))
		return nil
	})
	if err == nil && len(c.Regions) == 0 {
		return p.fault("an empty list would scan nothing: leave regions out to scan every enabled one")
	}
	slices.Sort(c.Regions)
	c.Regions = slices.Compact(c.Regions)
	return err
}

func (c *Config) parseRules(p place, rules []*rule.Rule) error {
	known := map[string]func(place) error{}
	for _, r := range rules {
		read := func(below place) error {
			if _, twice := c.Rules[r.ID]; twice {
				return below.fault("rule %s stands here twice, by id and by name", r.ID)
			}
			config, err := parseRule(below, r)
			c.Rules[r.ID] = config
			return err
		}
		known[r.ID], known[r.Name] = read, read
	}
	return p.sections(known)
}

func parseRule(p place, r *rule.Rule) (RuleConfig, error) {
	var config RuleConfig
	err := p.members(map[string]func(place) error{
		"enabled": func(p place) error {
			config.Enabled = new(bool)
			return p.bool(config.Enabled)
		},
		"risk": func(p place) error {
			var s string
			if err := p.text(&s); err != nil {
				return err
			}
			level, err := rule.ParseRisk(s)
			if err != nil {
				return p.fault("%w", err)
			}
			config.Risk = &level
			return nil
		},
		"settings": func(p place) (err error) {
			config.Settings, err = parseSettings(p, r)
			return err
		},
	})
	return config, err
}

// parseSettings checks each setting with the rule that declares it.
func parseSettings(p place, r *rule.Rule) (json.RawMessage, error) {
	known := map[string]func(place) error{}
	for _, s := range r.Settings {
		known[s.Name] = func(below place) error {
			if s.List {
				return below.list(func(item place) error { return checkSetting(item, s) })
			}
			return checkSetting(below, s)
		}
	}
	if err := p.members(known); err != nil {
		return nil, err
	}
	return p.json()
}

func checkSetting(p place, s rule.Setting) error {
	raw, err := p.json()
	if err != nil || s.Check == nil {
		return err
	}
	if err := s.Check(raw); err != nil {
		return p.fault("%w", err)
	}
	return nil
}

// rawMembers splits settings that were checked before.
func rawMembers(settings json.RawMessage) map[string]json.RawMessage {
	members := map[string]json.RawMessage{}
	if len(settings) > 0 && json.Unmarshal(settings, &members) != nil {
		return nil
	}
	return members
}
