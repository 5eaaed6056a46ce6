package assure

import (
	"context"
	"errors"
	"sync"

	"surety/internal/resource"
)

// MemberDiagnosis is what a visit of one account would meet.
type MemberDiagnosis struct {
	Member
	Diagnosis
	Barred *resource.Gap // why it cannot be entered; nil when it can
}

// Diagnose tries to enter every account in scope and to read each kind of thing
// once in every region, and hands over each as it is known, one at a time. Those
// that are left out come too, with nothing known.
func (f Fleet) Diagnose(ctx context.Context, each func(MemberDiagnosis)) error {
	f.Walk.State = ""
	t, err := f.begin(ctx, nil)
	if err != nil {
		return err
	}
	defer t.cancel(nil)
	turn := make(chan struct{}, f.atOnce())
	var all sync.WaitGroup
	for _, m := range f.Members {
		turn <- struct{}{}
		all.Go(func() {
			defer func() { <-turn }()
			d := t.diagnose(m)
			t.mu.Lock()
			defer t.mu.Unlock()
			each(d)
		})
	}
	all.Wait()
	return nil
}

func (t *tour) diagnose(m Member) MemberDiagnosis {
	d := MemberDiagnosis{Member: m}
	if m.Left != nil {
		return d
	}
	w, err := t.walk(t.ctx, m)
	if err == nil {
		d.Diagnosis, err = w.Diagnose(t.ctx)
	}
	if err != nil {
		wall := &barrier{facet: facetIdentity, err: err}
		errors.As(err, &wall)
		gap := wall.gap(t.ctx, m.Account)
		d.Barred = &gap
	}
	return d
}
