package actions

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"
)

// ofItsOwn are the members in which two versions of one publication may differ:
// Lambda sets them for each version, or a list leaves them out. Role and
// Description are what a plan changes.
var ofItsOwn = []string{
	"ConfigSha256", "Description", "FunctionArn", "LastModified", "LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode", "MasterArn",
	"RevisionId", "Role", "RuntimeVersionConfig", "State", "StateReason", "StateReasonCode", "Version",
}

// Every member that the SDK knows is a difference, but for those few: one that is
// added to Lambda is not overlooked.
func TestUnlikeNamesEveryMember(t *testing.T) {
	kind := reflect.TypeFor[types.FunctionConfiguration]()
	for i := range kind.NumField() {
		field := kind.Field(i)
		if !field.IsExported() {
			continue
		}
		var changed types.FunctionConfiguration
		fill(reflect.ValueOf(&changed).Elem().Field(i))
		want := []string{field.Name}
		if slices.Contains(ofItsOwn, field.Name) {
			want = nil
		}
		got := unlike(changed, types.FunctionConfiguration{})
		if d := cmp.Diff(want, slices.DeleteFunc(got, func(n string) bool { return strings.HasPrefix(n, "Environment,") })); d != "" {
			t.Errorf("%s: %s", field.Name, d)
		}
	}
}

// fill puts something into a value and all that is below it.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(7)
	}
}

func TestUnlike(t *testing.T) {
	variables := func(pairs ...string) *types.EnvironmentResponse {
		e := &types.EnvironmentResponse{Variables: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			e.Variables[pairs[i]] = pairs[i+1]
		}
		return e
	}
	for name, c := range map[string]struct {
		a, b types.FunctionConfiguration
		want []string
	}{
		"a value that must not be told":         {types.FunctionConfiguration{Environment: variables("KEY", "one")}, types.FunctionConfiguration{Environment: variables("KEY", "two")}, []string{"Environment"}},
		"the same in another order":             {types.FunctionConfiguration{Environment: variables("A", "1", "B", "2")}, types.FunctionConfiguration{Environment: variables("B", "2", "A", "1")}, nil},
		"variables that could not be read":      {types.FunctionConfiguration{Environment: &types.EnvironmentResponse{Error: &types.EnvironmentError{ErrorCode: aws.String("AccessDenied")}}}, types.FunctionConfiguration{Environment: &types.EnvironmentResponse{Error: &types.EnvironmentError{ErrorCode: aws.String("AccessDenied")}}}, []string{"Environment, which could not be read"}},
		"subnets are a set":                     {types.FunctionConfiguration{VpcConfig: &types.VpcConfigResponse{SubnetIds: []string{"a", "b"}}}, types.FunctionConfiguration{VpcConfig: &types.VpcConfigResponse{SubnetIds: []string{"b", "a"}}}, nil},
		"layers are a list":                     {types.FunctionConfiguration{Layers: []types.Layer{{Arn: aws.String("a")}, {Arn: aws.String("b")}}}, types.FunctionConfiguration{Layers: []types.Layer{{Arn: aws.String("b")}, {Arn: aws.String("a")}}}, []string{"Layers"}},
		"snapshots are of published ones only":  {types.FunctionConfiguration{SnapStart: &types.SnapStartResponse{ApplyOn: "PublishedVersions", OptimizationStatus: "On"}}, types.FunctionConfiguration{SnapStart: &types.SnapStartResponse{ApplyOn: "PublishedVersions", OptimizationStatus: "Off"}}, nil},
		"snapshots asked for and not asked for": {types.FunctionConfiguration{SnapStart: &types.SnapStartResponse{ApplyOn: "PublishedVersions"}}, types.FunctionConfiguration{SnapStart: &types.SnapStartResponse{ApplyOn: "None"}}, []string{"SnapStart"}},
	} {
		if d := cmp.Diff(c.want, unlike(c.a, c.b)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestMarked(t *testing.T) {
	for description, want := range map[string]string{
		"":                                    mark,
		"build 7":                             "build 7 " + mark,
		"build 7 " + mark:                     "build 7 " + mark,
		strings.Repeat("é", 300):              strings.Repeat("é", 256-len(mark)-1) + " " + mark,
		"two\nlines \x1b[31m and \"quotes\"$": "two\nlines \x1b[31m and \"quotes\"$ " + mark,
	} {
		if got := marked(description); got != want {
			t.Errorf("%q: %q, want %q", description, got, want)
		}
	}
}
