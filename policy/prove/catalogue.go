package prove

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

//go:embed services.json
var servicesJSON []byte

// facts is what is known of one service principal: a row of services.json.
type facts struct {
	Principal string   `json:"principal"`
	Aliases   []string `json:"aliases"`
	Stranger  string   `json:"stranger"`
	Shape     string   `json:"source_arn_shape"`
	InARN     bool     `json:"account_in_arn"`

	space string // third segment of the ARNs of its sources, from Shape; "" is any
}

// table is services.json.
type table struct {
	rows     []facts
	row      map[string]int // by principal and alias: the first that has it
	regional []int          // rows with a name that stands for one in each Region
}

// catalogue returns the table. It is read once and never changes; the file is
// checked by a test, so a fault in it cannot reach a user.
var catalogue = sync.OnceValue(func() *table {
	var file struct {
		Services []facts `json:"services"`
	}
	if err := json.Unmarshal(servicesJSON, &file); err != nil {
		return &table{}
	}
	t := &table{rows: file.Services, row: map[string]int{}}
	for i, row := range t.rows {
		if parts := strings.SplitN(row.Shape, ":", 4); len(parts) == 4 {
			t.rows[i].space = parts[2]
		}
		names := append([]string{row.Principal}, row.Aliases...)
		for _, name := range names {
			if _, taken := t.row[name]; !taken {
				t.row[name] = i
			}
		}
		if slices.ContainsFunc(names, regional) {
			t.regional = append(t.regional, i)
		}
	}
	return t
})

// find returns the first row of a name; nil when there is none.
func (t *table) find(name string) *facts {
	first, found := t.row[name]
	for _, i := range t.regional {
		if t.rows[i].is(name) && (!found || i < first) {
			first, found = i, true
		}
	}
	if !found {
		return nil
	}
	return &t.rows[first]
}

func (s *facts) is(name string) bool {
	if sameButRegion(s.Principal, name) {
		return true
	}
	for _, alias := range s.Aliases {
		if sameButRegion(alias, name) {
			return true
		}
	}
	return false
}

// regional reports whether a name of the table stands for one in each Region.
func regional(pattern string) bool { return strings.Contains(pattern, ".R.") }

// sameButRegion compares names label by label; the label R is any Region.
func sameButRegion(pattern, name string) bool {
	if pattern == name || !regional(pattern) {
		return pattern == name
	}
	p, n := strings.Split(pattern, "."), strings.Split(name, ".")
	if len(p) != len(n) {
		return false
	}
	for i := range p {
		if p[i] != n[i] && (p[i] != "R" || !isRegion(n[i])) {
			return false
		}
	}
	return true
}
