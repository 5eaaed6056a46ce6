package collect_test

import "surety/internal/awssim"

const (
	urlPolicy = `{"Version":"2012-10-17","Statement":[{"Sid":"url","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl",` +
		`"Resource":"arn:aws:lambda:us-east-1:111122223333:function:shop:prod","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}]}`
	plainPolicy = `{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},` +
		`"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:shop:1"}]}`
)

// twoRegions is an account that makes a reader call every API, with and without
// qualifiers.
func twoRegions() *awssim.World {
	shop := &awssim.Function{
		Name: "shop",
		Configuration: awssim.Configuration{Role: "shop", Environment: map[string]string{
			"TABLE": "orders", "TOKEN": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2VjcmV0", "KEY": "AKIAIOSFODNN7EXAMPLE",
		}},
		Tags:     map[string]string{"team": "web"},
		Versions: []*awssim.Configuration{{Version: "1", Role: "old"}, {Version: "2"}},
		Aliases:  []*awssim.Alias{{Name: "prod", Version: "2"}, {Name: "test", Version: "$LATEST"}},
		URLs:     []*awssim.URL{{Qualifier: "prod", AuthType: "NONE"}},
		Policies: map[string]string{"prod": urlPolicy, "1": plainPolicy},
	}
	mail := &awssim.Function{Name: "mail", Configuration: awssim.Configuration{Role: "shop", PackageType: "Image"}}
	other := &awssim.Function{Name: "shop", Configuration: awssim.Configuration{Role: "shop"}}
	return &awssim.World{Accounts: []*awssim.Account{{
		ID: account,
		Regions: []*awssim.Region{
			{Name: "us-east-1", Functions: []*awssim.Function{mail, shop}},
			{Name: "eu-west-1", Functions: []*awssim.Function{other}},
		},
	}}}
}
