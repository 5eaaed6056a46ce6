package organization

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"surety/internal/collect"
)

// UnitNames returns the names of the organisational units that the accounts are
// in, by id. Names are for people only: where they may not be read, or one of
// them fails, the map holds what was learnt until then.
func UnitNames(ctx context.Context, cfg aws.Config, org collect.Organization) map[string]string {
	client := organizations.NewFromConfig(collect.Configure(cfg))
	names := map[string]string{}
	for _, id := range unitIDs(org) {
		out, err := client.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: aws.String(id)})
		if err != nil || out.OrganizationalUnit == nil {
			break
		}
		names[id] = aws.ToString(out.OrganizationalUnit.Name)
	}
	return names
}

// unitIDs returns the ids of all units on the accounts' paths, sorted.
func unitIDs(org collect.Organization) []string {
	var ids []string
	for _, a := range org.Accounts {
		for _, path := range a.Paths {
			for _, id := range strings.Split(path, "/") {
				if strings.HasPrefix(id, "ou-") {
					ids = append(ids, id)
				}
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
