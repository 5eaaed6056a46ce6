package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/lambda"
)

// nameCharacters may stand in names of functions and aliases, as the Lambda API
// reference says.
const nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// pageSize is the most that a page of any of Lambda's lists holds.
const pageSize = 50

// readFunctions reads one page of all functions with all published versions.
func (w *walk) readFunctions(ctx context.Context, c collect.Call) (*answer, error) {
	out, err := w.client.ListFunctions(ctx, &sdk.ListFunctionsInput{
		FunctionVersion: types.FunctionVersionAll, MaxItems: aws.Int32(pageSize), Marker: marker(c),
	})
	if err != nil {
		return nil, err
	}
	if out.Functions == nil {
		return nil, collect.Malformed("the answer holds no list of functions")
	}
	a := &answer{Next: aws.ToString(out.NextMarker)}
	for _, f := range out.Functions {
		a.Entries = append(a.Entries, w.entry(f))
	}
	return a, nil
}

func marker(c collect.Call) *string {
	if c.Page == "" {
		return nil
	}
	return aws.String(c.Page)
}

func (w *walk) entry(f types.FunctionConfiguration) entry {
	e := entry{
		ARN: aws.ToString(f.FunctionArn), Name: aws.ToString(f.FunctionName), MasterARN: aws.ToString(f.MasterArn),
		Version: lambda.Version{
			Qualifier: aws.ToString(f.Version), Role: aws.ToString(f.Role), Runtime: string(f.Runtime),
			PackageType: string(f.PackageType), LastModified: aws.ToString(f.LastModified), RevisionID: aws.ToString(f.RevisionId),
		},
	}
	if f.Environment != nil {
		e.Version.Variables = reduce(w.key, f.Environment.Variables)
		if f.Environment.Error != nil {
			e.Version.VariablesError = aws.ToString(f.Environment.Error.ErrorCode)
		}
	}
	return e
}

// takeFunctions sorts a page's entries into functions.
func (w *walk) takeFunctions(c collect.Call, a *answer) ([]collect.Call, error) {
	var calls []collect.Call
	for _, e := range a.Entries {
		id, why := w.place(e)
		if why != "" {
			w.out.Gap(resource.Gap{Facet: lambda.FacetList, Code: resource.CodeMalformed, Reason: why})
			continue
		}
		calls = append(calls, w.takeVersion(id, e)...)
	}
	more, err := w.nextPage(c, a.Next)
	if len(more) == 0 {
		w.listed, w.whole = true, err == nil
		w.sweep()
	}
	return slices.Concat(calls, more, w.askRecorder()), err
}

// place finds the function of an entry; otherwise it says why there is none.
func (w *walk) place(e entry) (resource.ID, string) {
	arn := lambda.Unqualified(e.ARN)
	parts := strings.Split(arn, ":")
	switch {
	case len(parts) != 7 || parts[2] != "lambda" || parts[5] != "function" || !isFunctionName(parts[6]):
		return "", fmt.Sprintf("an entry of the list has the ARN %q, which is no function's", e.ARN)
	case parts[3] != string(w.ask.Region) || parts[4] != string(w.ask.Account):
		return "", fmt.Sprintf("the list names %s, which is of another account or region", arn)
	case e.Version.Qualifier == "":
		return "", fmt.Sprintf("the list does not say which version of %s it means", arn)
	}
	return resource.ID(arn), ""
}

// isFunctionName holds for what Lambda can call a function: letters, digits, -
// and _, and the dot that replicas of Lambda@Edge have after their region.
func isFunctionName(name string) bool {
	return name != "" && strings.Trim(name, nameCharacters+".") == ""
}

// takeVersion adds a version to its function, and begins the function's own
// reads when it is the first.
func (w *walk) takeVersion(id resource.ID, e entry) []collect.Call {
	var calls []collect.Call
	p := w.functions[id]
	if p == nil {
		p = w.meet(id, e)
		calls = w.begin(p)
	}
	v := e.Version
	for _, known := range p.fn.Versions {
		if known.Qualifier == v.Qualifier { // the list shifts when functions come and go
			return calls
		}
	}
	if v.Role == "" {
		w.out.Gap(resource.Gap{Resource: id, Facet: lambda.FacetList, Qualifier: qualifierOf(v), Code: resource.CodeMalformed,
			Reason: "the list does not name its execution role"})
	}
	v.Role, v.Runtime, v.PackageType = w.intern(v.Role), w.intern(v.Runtime), w.intern(v.PackageType)
	p.fn.Versions = append(p.fn.Versions, v)
	if v.Qualifier == lambda.Latest || !w.readsVersions(p) {
		return calls
	}
	if p.aliased {
		return append(calls, w.versionPolicy(p, v))
	}
	w.later++
	return calls
}

func qualifierOf(v lambda.Version) string {
	if v.Qualifier == lambda.Latest {
		return ""
	}
	return v.Qualifier
}
