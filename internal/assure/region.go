package assure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"surety/internal/aws/identity"
	"surety/internal/aws/region"
	"surety/internal/resource"
)

// regions returns the regions in scope, whether somebody chose them, and those
// that are out of scope as far as they are known. A chosen region must be
// enabled, where that can be told.
func (w Walk) regions(ctx context.Context, who identity.Identity) (scope []resource.Region, chosen bool, skipped map[resource.Region]Left, err error) {
	wanted := w.Regions
	if len(wanted) == 0 {
		wanted = w.Config.Regions
	}
	enabled, err := region.Enabled(ctx, w.AWS)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, false, nil, errors.New("interrupted before the regions of the account were known: nothing was read")
	case err != nil && len(wanted) == 0:
		return nil, false, nil, fmt.Errorf("%w: allow one of them, or name the regions with --region or regions: in surety.yaml", err)
	case len(wanted) == 0:
		return enabled, false, nil, nil
	}
	wanted = slices.Clone(wanted)
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	if err != nil {
		return wanted, true, nil, nil
	}
	skipped = map[resource.Region]Left{}
	for _, r := range enabled {
		if !slices.Contains(wanted, r) {
			skipped[r] = Left{LeftByChoice, "left out by --region or regions: in surety.yaml"}
		}
	}
	for _, r := range wanted {
		switch {
		case slices.Contains(enabled, r):
			scope = append(scope, r)
		case w.Lenient:
			skipped[r] = Left{NotEnabled, "the region is not enabled for the account"}
		default:
			return nil, false, nil, fmt.Errorf("region %q is not enabled for account %s: use %s", r, who.Account, some(enabled))
		}
	}
	return scope, true, skipped, nil
}

// some lists regions for a message.
func some(regions []resource.Region) string {
	const most = 6
	var names []string
	for i, r := range regions {
		if i == most {
			return strings.Join(names, ", ") + fmt.Sprintf(" or one of %d more", len(regions)-most)
		}
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}
