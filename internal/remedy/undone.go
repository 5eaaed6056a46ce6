package remedy

import "slices"

// weigh tells every plan by which other it was undone. A plan that was itself
// undone undoes nothing any more.
func weigh(all []*History) {
	w := weighing{all: all, known: map[*History]bool{}}
	for _, h := range all {
		w.weigh(h)
	}
}

type weighing struct {
	all   []*History
	known map[*History]bool
}

func (w weighing) weigh(h *History) {
	if w.known[h] {
		return // also where plans claim to undo each other, which no plan of ours does
	}
	w.known[h] = true
	backs := slices.DeleteFunc(slices.Clone(w.all), func(b *History) bool { return b.Plan.Undoes != h.Plan.ID })
	slices.SortFunc(backs, func(a, b *History) int { return a.Plan.Created.Compare(b.Plan.Created) })
	for _, back := range backs {
		w.weigh(back)
		switch {
		case back.Undone || !back.wrote():
		case back.UndoneBy == "" && len(back.Plan.Refused) == 0 && back.Count(Done) == len(back.Plan.Steps):
			h.UndoneBy, h.Undone = back.Plan.ID, true
		case !h.Undone:
			h.UndoneBy = back.Plan.ID
		}
	}
}

// wrote reports whether any step was, or may have been, carried out.
func (h *History) wrote() bool {
	return slices.ContainsFunc(h.outcomes(), outcome.written)
}
