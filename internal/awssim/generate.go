package awssim

import (
	"cmp"
	"fmt"
)

// Size says how big a generated world is.
type Size struct {
	Account   string   // empty: 111122223333
	Regions   []string // empty: us-east-1
	Functions int      // in each region
}

// Generate makes a world of one account, the same for the same size. Of the
// functions of a region, numbered from 0:
//
//   - 1 in 5 (0, 5, 10 …) has an alias "live";
//   - 1 in 10 (0, 10 …) has three published versions, and its alias points to
//     the last; the other aliases point to $LATEST;
//   - 1 in 50 (7, 57 …) grants account 999988887777, 1 in 100 (11, 111 …) any
//     account's bucket of one name, 1 in 10 (3, 13 …) has no policy; all others
//     let in an API of their own account. Aliases and versions have no policy;
//   - 1 in 20 (0, 20 …) runs on one of ten shared roles, taken in turn, the same
//     ten in every region; all others have a role of their own.
func Generate(size Size) *World {
	account := cmp.Or(size.Account, "111122223333")
	a := &Account{ID: account}
	regions := size.Regions
	if len(regions) == 0 {
		regions = []string{"us-east-1"}
	}
	a.Policies = []*ManagedPolicy{{Name: "AWSLambdaBasicExecutionRole", AWS: true, Path: "/service-role/", Document: logsOnly}}
	for i := range 10 {
		a.Roles = append(a.Roles, &Role{Name: fmt.Sprintf("shared-%d", i), Attached: []string{"aws:AWSLambdaBasicExecutionRole"}})
	}
	for _, name := range regions {
		r := &Region{Name: name, Functions: make([]*Function, 0, size.Functions)}
		for i := range size.Functions {
			f := generated(a, name, i)
			r.Functions = append(r.Functions, f)
			if i%20 != 0 {
				a.Roles = append(a.Roles, &Role{Name: f.Role, Attached: []string{"aws:AWSLambdaBasicExecutionRole"}})
			}
		}
		a.Regions = append(a.Regions, r)
	}
	return &World{Accounts: []*Account{a}}
}

const logsOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`

func generated(a *Account, region string, i int) *Function {
	f := &Function{Name: fmt.Sprintf("function-%06d", i), Tags: map[string]string{"team": fmt.Sprintf("team-%d", i%7)}}
	f.Role = fmt.Sprintf("%s-%s", f.Name, region)
	if i%20 == 0 {
		f.Role = fmt.Sprintf("shared-%d", i/20%10)
	}
	// Written out in full, so that New need not search the account's roles.
	f.Role = a.roleARN(&Role{Name: f.Role})
	if i%10 == 0 {
		f.Versions = []*Configuration{{Version: "1"}, {Version: "2"}, {Version: "3"}}
	}
	if i%5 == 0 {
		f.Aliases = []*Alias{{Name: "live", Version: Latest}}
		if i%10 == 0 {
			f.Aliases[0].Version = "3"
		}
	}
	switch {
	case i%50 == 7:
		f.Grants = []Grant{{StatementID: "forgotten", Principal: "999988887777"}}
	case i%100 == 11:
		f.Grants = []Grant{{StatementID: "bucket", Principal: "s3.amazonaws.com", SourceArn: "arn:aws:s3:::uploads"}}
	case i%10 != 3:
		f.Grants = []Grant{{StatementID: "api", Principal: "apigateway.amazonaws.com", SourceArn: "arn:aws:execute-api:" + region + ":" + a.ID + ":a1b2c3d4e5/*"}}
	}
	return f
}
