package actions

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// unlike names the members in which two versions of a function differ, sorted;
// none when they run the same code in the same way. Role and description do not
// count, nor does what Lambda gives every version of its own. Whatever else a
// list of versions tells counts, so a setting that is new to Lambda is a
// difference and not overlooked. Values, which may be secret, are not told.
func unlike(a, b types.FunctionConfiguration) []string {
	one, two := essence(a), essence(b)
	names := map[string]bool{}
	for _, side := range []map[string]json.RawMessage{one, two} {
		for name := range side {
			if !bytes.Equal(one[name], two[name]) {
				names[name] = true
			}
		}
	}
	for _, c := range []types.FunctionConfiguration{a, b} {
		if c.Environment != nil && c.Environment.Error != nil {
			names["Environment, which could not be read"] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// essence is what a version runs and how, by member.
func essence(c types.FunctionConfiguration) map[string]json.RawMessage {
	c.Role, c.Description = nil, nil
	c.FunctionArn, c.Version, c.RevisionId, c.LastModified, c.ConfigSha256, c.MasterArn = nil, nil, nil, nil, nil, nil
	c.State, c.StateReason, c.StateReasonCode = "", nil, ""
	c.LastUpdateStatus, c.LastUpdateStatusReason, c.LastUpdateStatusReasonCode = "", nil, ""
	c.RuntimeVersionConfig = nil // lists leave it out
	if c.SnapStart != nil {      // it is optimised for published versions only
		c.SnapStart = &types.SnapStartResponse{ApplyOn: c.SnapStart.ApplyOn}
	}
	if c.VpcConfig != nil { // sets, in no order that AWS promises
		v := *c.VpcConfig
		v.SubnetIds, v.SecurityGroupIds = slices.Sorted(slices.Values(v.SubnetIds)), slices.Sorted(slices.Values(v.SecurityGroupIds))
		c.VpcConfig = &v
	}
	raw, _ := json.Marshal(c) // plain data is always written
	members := map[string]json.RawMessage{}
	_ = json.Unmarshal(raw, &members) // it was written just now
	return members
}

// numbered finds a version in a list by its number or $LATEST; nil when there is
// none.
func numbered(all []types.FunctionConfiguration, number string) *types.FunctionConfiguration {
	for i := range all {
		if aws.ToString(all[i].Version) == number {
			return &all[i]
		}
	}
	return nil
}

// published reports whether a version has a number.
func published(c types.FunctionConfiguration) bool { return isNumber(aws.ToString(c.Version)) }
