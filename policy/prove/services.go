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

// service is what is known of one service principal: a row of services.json.
type service struct {
	Principal string   `json:"principal"`
	Aliases   []string `json:"aliases"`
	Stranger  string   `json:"stranger"`
	Shape     string   `json:"source_arn_shape"`
	InARN     bool     `json:"account_in_arn"`

	named string // the principal as a policy writes it
}

// catalogue returns the rows of services.json. They are read once and never
// change; the file is checked by a test, so a fault in it cannot reach a user.
var catalogue = sync.OnceValue(func() []service {
	var file struct {
		Services []service `json:"services"`
	}
	if err := json.Unmarshal(servicesJSON, &file); err != nil {
		return nil
	}
	return file.Services
})

// unlisted stands for every service that no row and no document names.
const unlisted = "unlisted.amazonaws.com"

// lookup returns what is known of a service as a policy writes it. A service
// without a row is one whose source may be anybody's.
func lookup(name string) service {
	plain := strings.TrimSuffix(name, ".cn")
	for _, spelling := range []string{plain, withoutRegion(plain)} {
		rows := catalogue()
		for i := range rows {
			if rows[i].is(spelling) {
				row := rows[i]
				row.named = name
				return row
			}
		}
	}
	return service{Principal: name, Stranger: "assume", InARN: true, named: name}
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

func (s *service) is(name string) bool {
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

// sameButRegion compares names label by label; the label R is any Region.
func sameButRegion(pattern, name string) bool {
	if pattern == name || !strings.Contains(pattern, ".R.") {
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

// inside reports whether AWS keeps the service within the owner's account.
func (s service) inside() bool { return s.Stranger == "no" }

// sourced reports whether an AWS account stands behind a call. None does behind
// a call of Alexa, whose principals end in amazon.com.
func (s service) sourced() bool { return !strings.HasSuffix(s.named, ".amazon.com") }

// namespace returns the third segment of the service's source ARNs; "" is any.
func (s service) namespace() string {
	if parts := strings.SplitN(s.Shape, ":", 4); len(parts) == 4 {
		return parts[2]
	}
	return ""
}

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
	rows := catalogue()
	all := make([]service, 0, len(rows)+1)
	for _, row := range rows {
		row.named = strings.ReplaceAll(row.Principal, ".R.", "."+region+".")
		all = append(all, row)
	}
	return append(all, lookup(unlisted))
}
