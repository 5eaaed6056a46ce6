package collect

import (
	"slices"
	"strings"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/iam"
)

// walk reads the roles of the account. A role is handed out at the end, because
// the texts of its managed policies may be on any page.
type walk struct {
	client client
	ask    collect.Ask
	out    collect.Output

	roles []*iam.Role
	texts map[string]string // of managed policies, by ARN
	pages map[string]bool   // markers that were followed
}

// mostPages ends a list that never does.
const mostPages = 20000

// Begin implements [collect.Walk].
func (*walk) Begin() []collect.Call {
	return []collect.Call{{Facet: iam.FacetDetails, Bucket: iam.BucketIAM}}
}

// Take implements [collect.Walk].
func (w *walk) Take(c collect.Call, got any) ([]collect.Call, error) {
	a := got.(*answer)
	for _, r := range a.Roles {
		if !strings.Contains(r.ARN, ":role/") {
			w.out.Gap(resource.Gap{Facet: iam.FacetDetails, Code: resource.CodeMalformed, Reason: "the list holds a role without an ARN"})
			continue
		}
		r.Account = w.ask.Account
		w.roles = append(w.roles, &r)
	}
	for _, p := range a.Policies {
		w.texts[p.ARN] = p.Text
	}
	for _, g := range a.Garbled {
		w.out.Gap(resource.Gap{Resource: resource.ID(g.ARN), Facet: iam.FacetDetails, Code: resource.CodeMalformed, Reason: g.Why})
	}
	if a.Next == "" {
		return nil, nil
	}
	if a.Next == c.Page || w.pages[a.Next] {
		return nil, collect.Malformed("the list repeats its marker and would never end; what came before it is kept")
	}
	if len(w.pages) >= mostPages {
		return nil, collect.Malformed("the list has no end; what was read of it is kept")
	}
	w.pages[a.Next] = true
	c.Page = a.Next
	return []collect.Call{c}, nil
}

// Lost implements [collect.Walk].
func (*walk) Lost(collect.Call, collect.Fault) []collect.Call { return nil }

// Later implements [collect.Walk].
func (*walk) Later() map[resource.Bucket]int { return nil }

// Seen implements [collect.Walk].
func (w *walk) Seen() int { return len(w.roles) }

// Finish implements [collect.Walk].
func (w *walk) Finish() {
	seen := map[string]bool{}
	for _, r := range w.roles {
		if seen[r.ARN] { // pages shift when roles come and go
			continue
		}
		seen[r.ARN] = true
		for i := range r.Attached {
			r.Attached[i].Text = w.texts[r.Attached[i].ARN]
		}
		slices.SortFunc(r.Inline, func(a, b iam.Policy) int { return strings.Compare(a.Name, b.Name) })
		slices.SortFunc(r.Attached, func(a, b iam.Policy) int { return strings.Compare(a.ARN, b.ARN) })
		w.out.Found(r)
	}
	w.roles, w.texts = nil, nil
}
