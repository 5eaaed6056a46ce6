package prove

import (
	"slices"
	"strings"
)

// service is a service by the name that a policy has for it.
type service struct {
	*facts
	named string
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
