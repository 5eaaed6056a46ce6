package inventory

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"surety/internal/resource"
)

// line is one line of a snapshot file; exactly one field is set. The header is
// first, then resources, then gaps, and the footer is last.
type line struct {
	Snapshot *Header       `json:"snapshot,omitempty"`
	Resource *resourceLine `json:"resource,omitempty"`
	Gap      *resource.Gap `json:"gap,omitempty"`
	End      *Footer       `json:"end,omitempty"`
}

type resourceLine struct {
	Type resource.Type   `json:"type"`
	Data json.RawMessage `json:"data"`
}

// Encode writes a sealed snapshot as JSON lines.
func Encode(w io.Writer, s *Snapshot) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	if err := out.Encode(line{Snapshot: &s.Header}); err != nil {
		return fmt.Errorf("writing the header: %w", err)
	}
	for _, t := range slices.Sorted(maps.Keys(s.byType)) {
		for _, r := range s.byType[t] {
			data, err := json.Marshal(r)
			if err == nil {
				err = out.Encode(line{Resource: &resourceLine{t, data}})
			}
			if err != nil {
				return fmt.Errorf("writing %s: %w", r.Ref().ID, err)
			}
		}
	}
	for _, g := range s.gaps {
		if err := out.Encode(line{Gap: &g}); err != nil {
			return fmt.Errorf("writing a gap: %w", err)
		}
	}
	if err := out.Encode(line{End: &s.Footer}); err != nil {
		return fmt.Errorf("writing the end: %w", err)
	}
	return buffered.Flush()
}
