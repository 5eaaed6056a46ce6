package rules

import (
	"cmp"
	"hash/maphash"
	"slices"

	"surety/internal/resource"
	"surety/services/lambda"
)

// find makes an empty group for every role that two functions have: most roles
// have one, and cost no more than a line in a map.
func (a *roles) find(functions []resource.Resource) {
	seed := maphash.MakeSeed()
	held := make([]holding, 0, len(functions))
	for at, res := range functions {
		fn := res.(*lambda.Function)
		a.missing(fn)
		for i := range fn.Versions {
			arn := fn.Versions[i].Role
			if arn == "" || i > 0 && arn == fn.Versions[i-1].Role {
				continue
			}
			held = append(held, holding{maphash.String(seed, fold(arn)), int32(at), int32(i)})
		}
	}
	slices.SortFunc(held, func(x, y holding) int { return cmp.Compare(x.role, y.role) })
	for len(held) > 0 {
		same := 1
		for same < len(held) && held[same].role == held[0].role {
			same++
		}
		if same > 1 {
			a.findAmong(functions, held[:same])
		}
		held = held[same:]
	}
}

// holding is a role, by its hash, of a version of a function, by their numbers:
// of a million it takes a quarter of what a map would, and holds no pointer.
type holding struct {
	role              uint64
	function, version int32
}

// findAmong makes the groups of holdings whose roles have one hash, and so are
// the same, but for a rare accident.
func (a *roles) findAmong(functions []resource.Resource, held []holding) {
	owner := map[string]string{}
	for _, h := range held {
		fn := functions[h.function].(*lambda.Function)
		key, id := fold(fn.Versions[h.version].Role), identity(fn)
		if first, found := owner[key]; !found {
			owner[key] = id
		} else if first != id && a.groups[key] == nil {
			a.groups[key] = &group{}
		}
	}
}
