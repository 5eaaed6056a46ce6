package actions

import (
	"encoding/json"
	"slices"

	"surety/internal/plan"
	"surety/services/lambda"
)

// After returns a function as the steps leave it, as far as roles go: which
// versions it has, and with which role. The function itself is not changed.
func After(fn *lambda.Function, steps []plan.Step) *lambda.Function {
	out := *fn
	out.Versions = slices.Clone(fn.Versions)
	for _, s := range steps {
		if s.Resource != fn.Ref().ID {
			continue
		}
		var to *roleOf
		_ = json.Unmarshal(s.After, &to) // contents of roles and versions name the role alike; others are passed over
		switch {
		case s.Action == RoleAction && to != nil:
			for i := range out.Versions {
				if out.Versions[i].Qualifier == lambda.Latest {
					out.Versions[i].Role = to.Role
				}
			}
		case s.Action == VersionAction && to != nil:
			out.Versions = append(out.Versions, lambda.Version{Qualifier: "to be published", Role: to.Role})
		case s.Action == VersionAction:
			out.Versions = slices.DeleteFunc(out.Versions, func(v lambda.Version) bool { return v.Qualifier == s.Qualifier })
		}
	}
	return &out
}
