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

// service is a service by the name that a policy has for it.
type service struct {
	*facts
	named string
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

// unlisted stands for every service that no row and no document names.
const unlisted = "unlisted.amazonaws.com"

// lookup returns what is known of a service as a policy writes it. A service
// without a row is one whose source may be anybody's.
func lookup(name string) service {
	plain := strings.TrimSuffix(name, ".cn")
	row := catalogue().find(plain)
	if row == nil {
		row = catalogue().find(withoutRegion(plain))
	}
	if row == nil {
		row = &facts{Principal: name, Stranger: "assume", InARN: true}
	}
	return service{facts: row, named: name}
}

// withoutRegion drops the labels of a name that are a Region: any service may
// have a principal for each.
func withoutRegion(name string) string {
	labels := strings.Split(name, ".")
	return strings.Join(slices.DeleteFunc(labels, isRegion), ".")
}

// isRegion reports whether a label is shaped like us-east-1 or us-gov-west-1.
func isRegion(label string) bool {
	last := label[max(0, len(label)-1):]
	return strings.Count(label, "-") >= 2 && last >= "0" && last <= "9"
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

// isService reports whether a text is the lower-case name of a service.
func isService(name string) bool {
	domain := slices.ContainsFunc([]string{".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"}, func(d string) bool { return strings.HasSuffix(name, d) })
	return domain && !strings.ContainsFunc(name, func(r rune) bool { return !lowerDigit(r) && r != '.' && r != '-' })
}

// inside reports whether AWS keeps the service within the owner's account.
func (s *facts) inside() bool { return s.Stranger == "no" }

// sourced reports whether an AWS account stands behind a call. None does behind
// a call of Alexa, whose principals end in amazon.com.
func (s service) sourced() bool { return !strings.HasSuffix(s.named, ".amazon.com") }

// OwnServices returns the services that AWS keeps within the account of a
// function's owner, as a policy of the region names them: whatever they call for,
// the owner is behind it, so they are trusted.
func OwnServices(region string) []string {
	var names []string
	for _, s := range everyService(region) {
		if s.inside() {
			names = append(names, s.named)
		}
	}
	return names
}

// everyService returns each row under a name that a policy of the region could
// write, and the unlisted one.
func everyService(region string) []service {
	rows := catalogue().rows
	all := make([]service, 0, len(rows)+1)
	for i := range rows {
		all = append(all, service{facts: &rows[i], named: strings.ReplaceAll(rows[i].Principal, ".R.", "."+region+".")})
	}
	return append(all, lookup(unlisted))
}
