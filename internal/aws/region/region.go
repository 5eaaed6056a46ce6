// Package region finds the regions that are enabled for an account.
package region

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"surety/internal/collect"
	"surety/internal/resource"
)

// Enabled returns the regions that are enabled for the account of cfg, sorted.
// It asks account:ListRegions, and ec2:DescribeRegions where that is refused or
// not served; the error says why both could not tell.
func Enabled(ctx context.Context, cfg aws.Config) ([]resource.Region, error) {
	cfg = collect.Configure(cfg)
	regions, first := fromAccount(ctx, cfg)
	if first == nil {
		return regions, nil
	}
	regions, second := fromEC2(ctx, cfg)
	if second == nil {
		return regions, nil
	}
	return nil, fmt.Errorf("finding the enabled regions: account:ListRegions: %w; ec2:DescribeRegions: %w",
		collect.Clarify(first), collect.Clarify(second))
}

// nameCharacters may stand in the name of a region, which is part of host names.
const nameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-"

// maxPages ends lists that never do; AWS has about 40 regions, 50 to a page.
const maxPages = 20

func fromAccount(ctx context.Context, cfg aws.Config) ([]resource.Region, error) {
	client := account.NewFromConfig(cfg)
	in := &account.ListRegionsInput{RegionOptStatusContains: []types.RegionOptStatus{
		types.RegionOptStatusEnabled, types.RegionOptStatusEnabledByDefault,
	}}
	var found []resource.Region
	for range maxPages {
		out, err := client.ListRegions(ctx, in)
		if err == nil && out.Regions == nil {
			err = collect.Malformed("its answer holds no list of regions")
		}
		if err != nil {
			return nil, err
		}
		for _, r := range out.Regions {
			if r.RegionOptStatus == "" {
				return nil, collect.Malformed("its answer does not say whether a region is enabled")
			}
			// The request names these two; other servers list everything.
			if enabled(r.RegionOptStatus) {
				found = append(found, resource.Region(aws.ToString(r.RegionName)))
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return sorted(found)
		}
		in.NextToken = out.NextToken
	}
	return nil, collect.Malformed("its list has no end")
}

func enabled(s types.RegionOptStatus) bool {
	return s == types.RegionOptStatusEnabled || s == types.RegionOptStatusEnabledByDefault
}

func fromEC2(ctx context.Context, cfg aws.Config) ([]resource.Region, error) {
	out, err := ec2.NewFromConfig(cfg).DescribeRegions(ctx, &ec2.DescribeRegionsInput{})
	if err != nil {
		return nil, err
	}
	var found []resource.Region
	for _, r := range out.Regions {
		// Left out of the request, AllRegions is false; the status is read all
		// the same, for servers that list everything.
		if aws.ToString(r.OptInStatus) != "not-opted-in" {
			found = append(found, resource.Region(aws.ToString(r.RegionName)))
		}
	}
	return sorted(found)
}

// sorted refuses a list with a region that has no name, or none that a host could
// have: left out, it would be a region that nobody knows was not read.
func sorted(found []resource.Region) ([]resource.Region, error) {
	if len(found) == 0 {
		return nil, collect.Malformed("its answer names no region")
	}
	if slices.ContainsFunc(found, func(r resource.Region) bool { return r == "" || strings.Trim(string(r), nameCharacters) != "" }) {
		return nil, collect.Malformed("its answer holds a region without a name, or with one that cannot be")
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}
